"""LeNet-5 trained on MNIST at 32×32, whose features are used to evaluate generators of digits.

Source: LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
1998, with ReLU and max pooling. Retrain it with

    python -m gan.models.lenet --data mnist --out weights/lenet
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common.files import digest, load_into, write_json, write_tensors
from gan.data.image_tensors import Images, to_float
from gan.data.load import load_images
from gan.models import registry

WEIGHTS = registry.WEIGHTS_FOLDER / "lenet" / registry.WEIGHTS_FILE
# Distances between features are comparable only for exactly these weights.
WEIGHTS_SHA256 = "9b900a56fe5df244528deb6626cf947b13b8ec724d190db5e69670db2f297a52"


class LeNet(nn.Module):
    """Images (N, 1, 32, 32) in [-1, 1] -> logits (N, 10); `features` returns the last hidden layer, (N, 84)."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        )  # fmt: skip
        self.body.num_features = 84  # torchmetrics reads this from a feature extractor
        self.head = nn.Linear(84, 10)

    def features(self, images: Tensor) -> Tensor:
        return self.body(images)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.features(images))


def load_lenet(path: Path = WEIGHTS) -> LeNet:
    """The shipped classifier, frozen; ValueError if the weights are not those of WEIGHTS_SHA256."""
    if not path.is_file() or digest(path) != WEIGHTS_SHA256:
        raise ValueError(f"{path} is missing or changed: distances would not be comparable.")
    lenet = LeNet()
    load_into(lenet, path)
    return lenet.eval().requires_grad_(False)


def _shifted(images: Tensor, rng: torch.Generator) -> Tensor:
    """Data augmentation: the batch shifted by up to two pixels."""
    down, right = torch.randint(-2, 3, (2,), generator=rng).tolist()
    return torch.roll(images, (down, right), dims=(2, 3))


def fit_lenet(images: Images, epochs: int = 12, seed: int = 0, log=print) -> LeNet:
    """Train a LeNet on labelled digits; determined by `seed`."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    lenet, pixels, labels = LeNet(), to_float(images.pixels), images.labels
    optimiser = torch.optim.Adam(lenet.parameters(), lr=2e-3)
    batches = len(pixels) // 128
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=epochs * batches)
    for epoch in range(epochs):
        order = torch.randperm(len(pixels), generator=rng)
        for batch in order[: batches * 128].split(128):
            loss = F.cross_entropy(lenet(_shifted(pixels[batch], rng)), labels[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        log(f"epoch {epoch + 1}/{epochs}: loss {loss.item():.4f}")
    return lenet.eval()


@torch.no_grad()
def accuracy(classifier: nn.Module, images: Images) -> float:
    """The share of labelled images that a classifier names rightly."""
    batches = zip(images.pixels.split(1000), images.labels.split(1000), strict=True)
    correct = sum((classifier(to_float(x)).argmax(1) == y).sum().item() for x, y in batches)
    return correct / len(images)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train LeNet-5 on digits.")
    parser.add_argument("--data", default="mnist", help="labelled digits (default: mnist)")
    parser.add_argument("--out", default=str(WEIGHTS.parent), help="folder for the weights")
    options = parser.parse_args()
    lenet = fit_lenet(load_images(options.data, 32, 1))
    score = accuracy(lenet, load_images(options.data, 32, 1, split="test"))
    path = Path(options.out) / registry.WEIGHTS_FILE
    write_tensors(path, lenet.state_dict())
    write_json(path.parent / "config.json", {"network": "LeNet-5", "test_accuracy": score})
    print(f"test accuracy {score:.4f}; put this into WEIGHTS_SHA256: {digest(path)}")


if __name__ == "__main__":
    main()
