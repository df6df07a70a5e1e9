"""Feature extractors: a small classifier trained in seconds, and Inception v3, through one path, `embed`."""

import hashlib
import math
import os
import shutil
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import models, training


class Embedding(NamedTuple):
    """What a feature extractor says of N images."""

    features: Tensor  # (N, F) float32
    probabilities: Tensor  # (N, classes) float64


@torch.no_grad()
def embed(extractor: nn.Module, x: Tensor, batch_size: int = 256) -> Embedding:
    """The extractor's features and class probabilities of images x `(N, C, H, W)` in [0, 1], batch by batch.

    An extractor is a module whose forward maps images to (features, logits). It is used in evaluation mode.
    Raises ValueError for another shape, no images, or values outside [0, 1] (or NaN).
    """
    if x.dim() != 4 or not len(x):
        raise ValueError(f"Images must have the shape (N, C, H, W) with N > 0, got {tuple(x.shape)}.")
    if not (x.min() >= -1e-6 and x.max() <= 1 + 1e-6):
        raise ValueError(f"Images must lie in [0, 1]; these reach from {x.min():.4g} to {x.max():.4g}.")
    extractor.eval()
    features, logits = zip(*[extractor(batch.float()) for batch in x.split(batch_size)], strict=True)
    return Embedding(torch.cat(features), torch.cat(logits).double().softmax(1))


class Classifier(nn.Module):
    """A perceptron whose last hidden layer are the features: x `(B, *event)` to (features `(B, F)`, logits)."""

    def __init__(
        self, event: tuple[int, ...] = (1, 8, 8), classes: int = 10, hidden: int = 128, features: int = 32
    ) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), models.mlp(math.prod(event), hidden, features), nn.ReLU())
        self.head = nn.Linear(features, classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(x)
        return features, self.head(features)


def train_classifier(x: Tensor, y: Tensor, *, epochs: int = 60, noise: float = 0.05, seed: int = 0) -> Classifier:
    """A Classifier of images x `(N, *event)` with labels y `(N,)`, trained under `noise`, a standard deviation."""

    def loss(model: nn.Module, x: Tensor, y: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        noisy = x + noise * torch.randn(x.shape, generator=rng)
        return {"loss": F.cross_entropy(model(noisy)[1], y)}

    with models.first_weights(seed):
        classifier = Classifier(tuple(x.shape[1:]), classes=int(y.max()) + 1)
    training.fit(classifier, loss, x, y, epochs=epochs, seed=seed, progress=False)
    return classifier


class Inception(nn.Module):
    """Inception v3 as FID uses it: images in [0, 1] to (features `(B, 2048)` of the last pooling layer, 1,000 logits).

    Images are resized to 299×299 (bilinear, with antialiasing when they shrink), gray ones repeated in three channels,
    and scaled to [−1, 1]. The weights are torchvision's, not those of the 2015 network behind published values:
    compare only with numbers made by this same extractor. Source: Szegedy et al. 2016; Heusel et al. 2017; Parmar et
    al. 2022 on resizing.
    """

    def __init__(self) -> None:
        super().__init__()
        from course_utils.data.vision import models as architectures

        self.body = architectures.inception_v3(
            weights=None, aux_logits=False, transform_input=False, init_weights=False
        )
        self.head, self.body.fc = self.body.fc, nn.Identity()

    def prepare(self, x: Tensor) -> Tensor:
        """x `(B, 1 or 3, H, W)` in [0, 1] to `(B, 3, 299, 299)` in [−1, 1]."""
        if x.dim() != 4 or x.shape[1] not in (1, 3):
            raise ValueError(f"Inception needs images (B, 1 or 3, H, W), got the shape {tuple(x.shape)}.")
        size = F.interpolate(x, size=(299, 299), mode="bilinear", align_corners=False, antialias=True)
        return 2 * size.expand(-1, 3, -1, -1) - 1

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(self.prepare(x))
        return features, self.head(features)


def weights_url() -> str:
    """Where torchvision has its ImageNet weights of Inception v3."""
    from course_utils.data.vision import models as architectures

    return architectures.Inception_V3_Weights.IMAGENET1K_V1.url


def inception() -> Inception:
    """Inception v3 with torchvision's ImageNet weights, from the folder that COURSE_DATA names, else downloaded there.

    The folder is ~/.cache/generative-models-course if COURSE_DATA is not set. Raises FileNotFoundError, which says
    what to do, if the file is not there and cannot be downloaded, and ValueError if it is damaged.
    """
    url = weights_url()
    folder = Path(os.environ.get("COURSE_DATA") or "~/.cache/generative-models-course").expanduser()
    path = folder / Path(url).name
    if not path.is_file():
        _download(url, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if not digest.startswith(path.stem.rpartition("-")[2]):  # the file's name ends in the first digits of its hash
        raise ValueError(f"{path} is damaged: delete it, or replace it with a whole copy.")
    network = Inception()
    weights = torch.load(path, map_location="cpu", weights_only=True)
    weights = {name: value for name, value in weights.items() if not name.startswith("AuxLogits.")}
    network.head.load_state_dict({name: weights.pop(f"fc.{name}") for name in ("weight", "bias")})
    network.body.load_state_dict(weights)
    return network.eval()


def _download(url: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with urlopen(url, timeout=5) as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file)
        part.replace(path)
    except OSError as error:
        raise FileNotFoundError(
            f"The weights of Inception v3 are not on this machine and could not be downloaded: {error}\n"
            f"Two ways out:\n"
            f"  1. Put the file {path.name} (104 MB, from torchvision) into {path.parent}, or into another folder\n"
            f"     that the environment variable COURSE_DATA names.\n"
            f"  2. Use a classifier of the data at hand: metrics.train_classifier(x, y)."
        ) from None
    finally:
        part.unlink(missing_ok=True)
