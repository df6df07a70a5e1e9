"""Lecture 11b's texture: Gram matrices of random filters, an image optimized until they match, and random phases."""

import torch
from torch import Tensor
from torch.nn import functional as F

SIDE = 48


def patch() -> Tensor:
    """48 × 48 gray pixels, `(1, 1, 48, 48)` in [0, 1], of the tree in front of scikit-learn's photograph china.jpg."""
    from sklearn.datasets import load_sample_image

    gray = torch.from_numpy(load_sample_image("china.jpg").copy()).float().mean(-1) / 255
    part = gray[None, None, 300:420, 390:510]
    return 1 - F.interpolate(part, size=(SIDE, SIDE), mode="area")  # ink on paper


def filters(seed: int, count: int = 32, size: int = 7) -> Tensor:
    """Random filters `(count, 1, size, size)` of mean 0 and length 1."""
    found = torch.randn(count, 1, size, size, generator=torch.Generator().manual_seed(seed))
    found = found - found.mean((2, 3), keepdim=True)
    return found / found.flatten(1).norm(dim=1)[:, None, None, None]


def gram(image: Tensor, bank: Tensor) -> Tensor:
    """The Gram matrices `(2, C, C)` of an image `(1, 1, H, W)` and of it at half the size: mean products of responses.

    Source: Gatys et al. 2015 (arXiv:1508.06576), eq. 3, over the number of places.
    """
    found = []
    for scaled in (image, F.avg_pool2d(image, 2)):
        response = F.relu(F.conv2d(scaled, bank))[0].flatten(1)  # (C, places)
        found.append(response @ response.T / response.shape[1])
    return torch.stack(found)


@torch.no_grad()
def gram_gap(image: Tensor, model: Tensor, bank: Tensor) -> float:
    """How far an image's Gram matrices are from a model's, over the size of the model's."""
    target = gram(model, bank)
    return ((gram(image, bank) - target).norm() / target.norm()).item()


def noise(model: Tensor, rng: torch.Generator) -> Tensor:
    """The pixels of the model, shuffled."""
    return model.flatten()[torch.randperm(model.numel(), generator=rng)].view_as(model)


def random_phase(model: Tensor, rng: torch.Generator) -> Tensor:
    """An image with the model's spectrum, and so its correlations of pixels, its phases drawn at random.

    Source: Galerne et al. 2011 (doi 10.1109/TIP.2010.2052822).
    """
    phase = torch.fft.fft2(torch.randn(model.shape, generator=rng)).angle()  # of a real image, so the result is real
    mean = model.mean()
    return torch.fft.ifft2(torch.polar(torch.fft.fft2(model - mean).abs(), phase)).real + mean


def optimized(model: Tensor, bank: Tensor, rng: torch.Generator, steps: int = 60) -> Tensor:
    """Noise, changed by L-BFGS until its Gram matrices are the model's."""
    image, target = noise(model, rng).requires_grad_(), gram(model, bank)
    search = torch.optim.LBFGS([image], max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        loss = (gram(image, bank) - target).square().sum() / target.square().sum()
        loss.backward()
        return loss

    search.step(closure)
    return image.detach()
