"""The shipped classifiers whose features tell what pictures show, and the data that each of them knows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn


@dataclass(frozen=True)
class KnownData:
    """Data with a classifier of their own, of images (N, channels, S, S) in [-1, 1].

    `features()` gives a module that returns features (N, num_features), `classes()` one that returns logits
    of the data's classes.
    """

    source: str
    channels: int
    size: int | None  # the only S that is known; None: images are resized
    name: str
    features: Callable[[], nn.Module]
    classes: Callable[[], nn.Module]


def _lenet() -> nn.Module:
    from gan.models.lenet import load_lenet

    return load_lenet()


def _faces() -> nn.Module:
    from gan.models.face_attributes import load_classifier

    return load_classifier()


def _pictures(name: str) -> nn.Module:
    from gan.models.image_classifier import load_image_classifier

    return load_image_classifier(name)


# By metric, a key of gan.metrics.quality.TITLES.
CLASSIFIERS = {
    "frechet": KnownData("mnist", 1, 32, "a LeNet", lambda: _lenet().body, _lenet),
    "frechet_faces": KnownData(
        "faces",
        3,
        None,
        "a classifier of drawn faces",
        lambda: FaceFeatures(_faces()),
        lambda: HairStyle(_faces()),
    ),
    "frechet_shapes": KnownData(
        "shapes",
        3,
        None,
        "a classifier of shapes",
        lambda: _pictures("shapes").body,
        lambda: _pictures("shapes"),
    ),
    "frechet_cifar10": KnownData(
        "cifar10",
        3,
        None,
        "a classifier of CIFAR-10",
        lambda: _pictures("cifar10").body,
        lambda: _pictures("cifar10"),
    ),
}


class FaceFeatures(nn.Module):
    """Faces (N, 3, S, S) in [-1, 1] -> the means of the attribute classifier's last maps, (N, 96)."""

    num_features = 96

    def __init__(self, classifier: nn.Module):
        super().__init__()
        self.classifier = classifier

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier.maps(images).mean((2, 3))


class HairStyle(nn.Module):
    """Faces (N, 3, S, S) in [-1, 1] -> logits of their hair, the class of drawn faces."""

    def __init__(self, classifier: nn.Module):
        super().__init__()
        self.classifier = classifier

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(images)["hair"]


def metric_for(source: str, channels: int, size: int) -> str:
    """The metric for a source: the Fréchet distance in the features of the classifier that knows it, or else
    "sliced_wasserstein"."""
    name = Path(source).name.lower()
    for metric, known in CLASSIFIERS.items():
        if (name, channels) == (known.source, known.channels) and known.size in (None, size):
            return metric
    return "sliced_wasserstein"
