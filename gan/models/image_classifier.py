"""Small classifiers of 32×32 colour pictures, whose features are used to evaluate generators of shapes and of CIFAR-10.

A residual network (He et al. 2016, "Deep Residual Learning for Image Recognition") of 280,000 parameters, shipped in
half precision. Retrain one with

    python -m gan.models.image_classifier --data shapes --epochs 4 --out weights/shapes-classifier
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common.files import digest, read_json, read_tensors, write_json, write_tensors
from gan.data.image_tensors import Images, to_float
from gan.data.load import load_images
from gan.models import registry
from gan.models.half_precision import in_half, in_single
from gan.models.lenet import accuracy

# Distances between features are comparable only for exactly these weights.
WEIGHTS_SHA256 = {
    "cifar10": "f8f4c4e506398857d80297bbdb7c773e4a5671a5fdefcae35338389ea33ab971",
    "shapes": "024e646f016457948e2908db78c01478f7526b66acdb84b79a0e6da6e7023386",
}
SIZE = 32
FEATURES = 128
BATCH = 256
SHIFT = 3  # pixels by which pictures are moved at most while training


class Residual(nn.Module):
    """x + ReLU(BatchNorm(Conv3×3(x)))."""

    def __init__(self, channels: int):
        super().__init__()
        self.block = convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x)


def convolution(inside: int, outside: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()
    )


class ImageClassifier(nn.Module):
    """Pictures (N, 3, S, S) in [-1, 1] -> logits (N, classes); `body` gives the last hidden layer, (N, 128).

    Pictures of a side S other than 32 are resized.
    """

    def __init__(self, classes: int):
        super().__init__()
        self.body = nn.Sequential(
            Resized(), convolution(3, 32, 4, 2), convolution(32, 64), Residual(64), nn.MaxPool2d(2),
            convolution(64, FEATURES), Residual(FEATURES), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )  # fmt: skip
        self.head = nn.Linear(FEATURES, classes)

        self.body.num_features = FEATURES  # torchmetrics reads this from a feature extractor

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.body(images))


class Resized(nn.Module):
    """Pictures (N, 3, S, S) -> (N, 3, 32, 32)."""

    def forward(self, images: Tensor) -> Tensor:
        if images.shape[-1] == SIZE:
            return images
        return F.interpolate(images, SIZE, mode="bilinear", antialias=True)


def load_image_classifier(data: str, folder: Path | None = None) -> ImageClassifier:
    """The shipped classifier of "shapes" or "cifar10", frozen; ValueError if its weights are missing or others."""
    folder = folder or registry.WEIGHTS_FOLDER / f"{data}-classifier"
    path = folder / registry.WEIGHTS_FILE
    if not path.is_file() or digest(path) != WEIGHTS_SHA256[data]:
        raise ValueError(f"{path} is missing or changed: distances would not be comparable.")
    classifier = ImageClassifier(len(read_json(folder / "config.json")["classes"]))
    tensors, _ = read_tensors(path)
    classifier.load_state_dict(in_single(tensors))
    return classifier.eval().requires_grad_(False)


def shifted(images: Tensor, mirror: bool, rng: torch.Generator) -> Tensor:
    """Data augmentation: the batch moved by up to SHIFT pixels and, with `mirror`, half of it mirrored."""
    down, right = torch.randint(0, 2 * SHIFT + 1, (2,), generator=rng).tolist()
    padded = F.pad(images, (SHIFT,) * 4, mode="reflect")
    images = padded[:, :, down : down + SIZE, right : right + SIZE]
    if not mirror:
        return images
    turned = torch.rand(len(images), 1, 1, 1, generator=rng) < 0.5
    return torch.where(turned, images.flip(3), images)


def fit_classifier(
    images: Images, mirror: bool, epochs: int, seed: int = 0, start: dict | None = None, log=print
) -> ImageClassifier:
    """Train a classifier on labelled pictures, from the weights `start` where given.

    Determined by `seed`, on one machine.
    """
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    classifier = ImageClassifier(len(images.classes)).to(memory_format=torch.channels_last)
    if start:
        classifier.load_state_dict(start)
    batches = len(images) // BATCH
    decayed = [each for each in classifier.parameters() if each.ndim > 1]
    others = [each for each in classifier.parameters() if each.ndim == 1]
    optimiser = torch.optim.SGD(
        [{"params": decayed, "weight_decay": 5e-4}, {"params": others}],
        lr=0.1,
        momentum=0.9,
        nesterov=True,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 0.25, total_steps=epochs * batches, pct_start=0.2, cycle_momentum=False
    )
    for epoch in range(epochs):
        order = torch.randperm(len(images), generator=rng)
        for batch in order[: batches * BATCH].split(BATCH):
            pictures = shifted(to_float(images.pixels[batch]), mirror, rng)
            pictures = pictures.contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(classifier(pictures), images.labels[batch], label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        log(f"epoch {epoch + 1}/{epochs}: loss {loss.item():.4f}", flush=True)
    return classifier.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small classifier of 32×32 colour pictures.")
    parser.add_argument("--data", choices=("cifar10", "shapes"), default="cifar10")
    parser.add_argument("--source", help="where the pictures lie, if not under their name")
    parser.add_argument("--out", required=True, help="folder for the weights")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--start", help="a model.safetensors to begin with, for another cycle of the learning rate"
    )
    options = parser.parse_args()
    source = options.source or options.data
    train = load_images(source, SIZE, 3, limit=20_000 if options.data == "shapes" else None)
    start = in_single(read_tensors(options.start)[0]) if options.start else None
    classifier = fit_classifier(train, options.data == "cifar10", options.epochs, options.seed, start)
    # As shipped: half precision.
    classifier.half().float()
    test = load_images(source, SIZE, 3, split="test")
    path = Path(options.out) / registry.WEIGHTS_FILE
    write_tensors(path, in_half(classifier.state_dict()))
    score = accuracy(classifier, test)
    write_json(
        path.parent / "config.json",
        {"network": "ImageClassifier", "classes": list(train.classes), "test_accuracy": score},
    )
    print(f"test accuracy {score:.4f}; SHA-256 {digest(path)}")


if __name__ == "__main__":
    main()
