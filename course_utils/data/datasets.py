"""Small images with labels, and shuffled minibatches of any tensors."""

import gzip
import hashlib
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

import torch
import torch.nn.functional as F
from torch import Tensor

_TORCHVISION = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}  # our name: torchvision's class and folder
_NAMES = ("digits", *_TORCHVISION)
_SPLITS = ("train", "test")
_ANSWER_SECONDS = 5.0  # how long a mirror may take to answer


def images(name: str = "digits", split: str = "train", *, limit: int | None = None) -> tuple[Tensor, Tensor]:
    """Grey-level images and their class labels, the same ones in the same order at every call.

    - "digits": scikit-learn's 8×8 digits (Alpaydin & Kaynak 1998), 1,437 train and 360 test, stratified. No network.
    - "mnist" (LeCun et al. 1998), "fashion_mnist" (Xiao et al. 2017): 28×28, the published 60,000 train, 10,000 test.
      Read from the folder that the environment variable COURSE_DATA names (~/.cache/generative-models-course if it is
      not set), in torchvision's layout: IDX files, gzipped or unpacked, in MNIST/raw or FashionMNIST/raw. What is
      missing for the split asked for is downloaded.

    Args:
        limit: keep at most this many, spread over the classes as evenly as possible (counts differ by at most one
            until a class is used up). A smaller subset is contained in a larger one.

    Returns:
        x: float32 in [0, 1], (N, 1, H, W); y: int64, (N,).

    Raises:
        ValueError: unknown name or split, limit below 1, or a damaged file (the message names it).
        FileNotFoundError: files are missing and cannot be downloaded; the message lists them and says what to do.
    """
    if name not in _NAMES:
        raise ValueError(f"unknown images {name!r}: choose one of {', '.join(map(repr, _NAMES))}")
    if split not in _SPLITS:
        raise ValueError(f"unknown split {split!r}: choose one of {', '.join(map(repr, _SPLITS))}")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be None (all images) or a whole number from 1 on, got {limit!r}")
    pixels, y, white = _digits(split) if name == "digits" else _idx(_TORCHVISION[name], split)
    if limit is not None:
        kept = _balanced(y, limit)
        pixels, y = pixels[kept], y[kept]
    return pixels.unsqueeze(1).float().div_(white), y


def as_blocks(x: Tensor) -> Tensor:
    """Images as the digits were made: at 32×32, black or white, of each 4×4 block the share that is white.

    Images `(N, 1, 8, 8)` stay as they are. Source: Alpaydin & Kaynak 1998.
    """
    if x.shape[-1] == 8:
        return x
    return F.avg_pool2d((F.interpolate(x, size=(32, 32), mode="bilinear") >= 0.5).float(), 4)


def batches(*tensors: Tensor, batch_size: int, rng: torch.Generator | None = None) -> Iterator[tuple[Tensor, ...]]:
    """One epoch of minibatches: every example once, in random order, the last batch being smaller if need be.

    Each item is a tuple with one (B, ...) tensor for each of the (N, ...) tensors given, also when only one is given:
    `for (x,) in batches(data, batch_size=64)`. The order is drawn at the call, with `rng` (None: torch's global
    one).

    Raises:
        ValueError: no tensors, no examples, tensors of different lengths, or batch_size below 1.
    """
    lengths = [len(tensor) for tensor in tensors]
    if len(set(lengths)) != 1 or lengths[0] == 0:
        raise ValueError(f"batches needs tensors that hold the same number of examples, at least one; got {lengths}")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = torch.randperm(lengths[0], generator=rng)
    return (tuple(tensor[index] for tensor in tensors) for index in order.split(batch_size))


def _balanced(y: Tensor, limit: int) -> Tensor:
    """Indices, ascending, of at most `limit` examples spread evenly over the classes of y (N,)."""
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    one_hot = F.one_hot(y[order])
    turn = (one_hot.cumsum(0) * one_hot).sum(1)  # the n-th example of its class: all firsts, then all seconds, ...
    return order[turn.argsort(stable=True)[:limit]].sort().values


def _digits(split: str) -> tuple[Tensor, Tensor, float]:
    from sklearn.datasets import load_digits  # here, since importing scikit-learn takes about a second
    from sklearn.model_selection import train_test_split

    x, y = (torch.from_numpy(array) for array in load_digits(return_X_y=True))
    train, test = train_test_split(range(len(y)), test_size=360, stratify=y, random_state=0)
    index = train if split == "train" else test
    return x[index].view(-1, 8, 8), y[index].long(), 16.0


def _idx(kind: str, split: str) -> tuple[Tensor, Tensor, float]:
    """Pixels, labels, and the value of white, of torchvision's MNIST or FashionMNIST.

    The names, mirrors, checksums and the reader are torchvision's. Its dataset class is not used, since it wants all
    four files unpacked, and its download has no time limit, prints a bar for each file and leaves broken files behind.
    """
    from course_utils.data import vision

    dataset, reader = getattr(vision.datasets, kind), vision.datasets.mnist
    root = Path(os.environ.get("COURSE_DATA") or "~/.cache/generative-models-course").expanduser().resolve()
    folder = root / kind / "raw"
    prefix = "train-" if split == "train" else "t10k-"
    checksums = {file: md5 for file, md5 in dataset.resources if file.startswith(prefix)}
    _complete(folder, checksums, dataset.mirrors)
    pixels, y = (
        _read(_found(folder, file), reader.read_image_file if "idx3" in file else reader.read_label_file)
        for file in checksums
    )
    if len(pixels) != len(y):
        raise ValueError(f"{folder} has {len(pixels)} {split} images but {len(y)} labels: replace these files")
    return pixels, y, 255.0


def _complete(folder: Path, checksums: dict[str, str], mirrors: list[str]) -> None:
    """Downloads what the folder lacks of the files named in `checksums`."""
    missing = [file for file in checksums if not _found(folder, file)]
    try:
        while missing:
            _store(folder / missing[0], _fetch(mirrors, missing[0], checksums[missing[0]]))
            missing.pop(0)
    except OSError as error:
        raise FileNotFoundError(
            f"image files are not on this machine and could not be downloaded: {error}\n"
            f"Missing in {folder}: {', '.join(missing)}\n"
            f"Two ways out:\n"
            f"  1. Put these files, gzipped or unpacked, into that folder, which is {folder.parent.name}/raw in\n"
            f"     what the environment variable COURSE_DATA names, or else in ~/.cache/generative-models-course.\n"
            f'  2. Use the images that need no download: images("digits").'
        ) from None


def _found(folder: Path, file: str) -> Path | None:
    return next((path for path in (folder / file.removesuffix(".gz"), folder / file) if path.is_file()), None)


def _read(path: Path, reader: Callable[[str], Tensor]) -> Tensor:
    try:
        if path.suffix != ".gz":
            return reader(str(path))
        with TemporaryDirectory() as scratch:  # the reader takes unpacked files only; the data folder may be read-only
            unpacked = Path(scratch, path.stem)
            unpacked.write_bytes(gzip.decompress(path.read_bytes()))
            return reader(str(unpacked))
    except (gzip.BadGzipFile, EOFError, zlib.error, AssertionError, KeyError, RuntimeError, TypeError, ValueError):
        raise ValueError(f"{path} is damaged, or no IDX file: delete it, or replace it with a whole copy") from None


def _fetch(mirrors: list[str], file: str, md5: str) -> bytes:
    """The content of a file from the first mirror that has it whole. Raises OSError with what each mirror answered."""
    failures = []
    for mirror in mirrors:
        try:
            with _open(mirror + file) as answer:
                content = answer.read()
            if hashlib.md5(content, usedforsecurity=False).hexdigest() == md5:
                return content
            failures.append(f"{mirror}: wrong checksum")
        except (OSError, HTTPException) as error:
            failures.append(f"{mirror}: {error!r}")
    raise OSError("; ".join(failures))


def _open(url: str) -> HTTPResponse:
    """`urlopen` with one limit on the whole wait: its own counts for each address anew, and leaves out name look-up."""
    answer: Future[HTTPResponse] = Future()

    def work() -> None:
        try:
            request = Request(url, headers={"User-Agent": "generative-models-course"})
            answer.set_result(urlopen(request, timeout=_ANSWER_SECONDS))
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return answer.result(_ANSWER_SECONDS)  # TimeoutError is an OSError


def _store(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")  # several notebooks may download at once
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
