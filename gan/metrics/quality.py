"""`Quality`: the distance of generated images to real ones, with its floor."""

from dataclasses import dataclass

# Metrics (gan.metrics.distances, gan.metrics.classifiers) and their titles.
TITLES = {
    "frechet": "Fréchet distance (LeNet)",
    "frechet_faces": "Fréchet distance (face features)",
    "frechet_shapes": "Fréchet distance (shape features)",
    "frechet_cifar10": "Fréchet distance (CIFAR-10 features)",
    "sliced_wasserstein": "Sliced Wasserstein",
}


@dataclass(frozen=True)
class Quality:
    """A distance to real images, 0 at best; `floor` is that of other real images."""

    metric: str  # a key of TITLES
    distance: float
    floor: float
