"""A network that predicts the factors of a drawn face, used to evaluate generators of faces.

A discrete factor is classified, a continuous one regressed. Retrain it, in some minutes, with

    python -m gan.models.face_attributes --out weights/namer
"""

import argparse
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common.files import load_into, write_json, write_tensors
from gan.data.image_tensors import to_float
from gan.drawn.registry import DRAWN, draw, factors
from gan.models import registry

SIZE = 64
TRAINING_IMAGES = 12_000
EPOCHS = 6
CHOICES, SPANS = DRAWN["faces"].factors, DRAWN["faces"].ranges


class FaceAttributeClassifier(nn.Module):
    """Faces (N, 3, S, S) in [-1, 1] -> predictions by factor name; S other than 64 is resized to it.

    Those are logits (N, values) for a discrete factor, and (N,) for a continuous one, with its range mapped to
    [0, 1].
    """

    def __init__(self):
        super().__init__()
        channels, layers = [3, 24, 48, 96, 96], []
        for inside, outside in pairwise(channels):
            layers += [nn.Conv2d(inside, outside, 4, 2, 1), nn.BatchNorm2d(outside), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2))
        sizes = {name: len(values) for name, values in CHOICES.items()}
        self.heads = nn.ModuleDict({name: nn.Linear(96 * 16, n) for name, n in sizes.items()})
        self.spans = nn.Linear(96 * 16, len(SPANS))

    def maps(self, images: Tensor) -> Tensor:
        """The last convolution's maps, (N, 96, 4, 4)."""
        if images.shape[-1] != SIZE:
            images = F.interpolate(images, SIZE, mode="bilinear", antialias=True)
        return self.body[:-2](images)

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        features = self.body[-2:](self.maps(images))
        logits = {name: head(features) for name, head in self.heads.items()}
        return logits | dict(zip(SPANS, self.spans(features).unbind(1), strict=True))


def labelled_faces(count: int, seed: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Faces, uint8 (count, 3, 64, 64), and their factors: indices, or numbers with the range as [0, 1]."""
    pixels = torch.from_numpy(draw("faces", count, DRAWN["faces"].size, 3, seed))
    labels = {name: torch.from_numpy(each) for name, each in factors("faces", count, seed).items()}
    for name, (low, high) in SPANS.items():
        labels[name] = ((labels[name] - low) / (high - low)).float()
    return pixels.permute(0, 3, 1, 2).contiguous(), labels


def fit_classifier(
    epochs: int = EPOCHS, count: int = TRAINING_IMAGES, seed: int = 100
) -> FaceAttributeClassifier:
    """Train the classifier on `count` synthetic faces; determined by `seed`, on one machine."""
    pixels, labels = labelled_faces(count, seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        classifier = FaceAttributeClassifier()
        optimiser = torch.optim.Adam(classifier.parameters(), lr=1e-3)
        batches = len(pixels) // 64
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=epochs * batches)
        for _ in range(epochs):
            for batch in torch.randperm(len(pixels))[: batches * 64].split(64):
                predicted = classifier(to_float(pixels[batch]))
                loss = _loss(predicted, {name: each[batch] for name, each in labels.items()})
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    return classifier.eval().requires_grad_(False)


def _loss(predicted: dict[str, Tensor], labels: dict[str, Tensor]) -> Tensor:
    choices = sum(F.cross_entropy(predicted[name], labels[name]) for name in CHOICES)
    # Divided by the variance of a uniform factor, 1 / 12, so that all factors weigh about the same.
    return choices + sum(F.mse_loss(predicted[name], labels[name]) * 12 for name in SPANS)


@torch.no_grad()
def predict(classifier: FaceAttributeClassifier, images: Tensor) -> dict[str, Tensor]:
    """Predictions for faces (N, 3, S, S) as by the classifier, computed in batches."""
    batches = [classifier(batch) for batch in images.split(250)]
    return {name: torch.cat([batch[name] for batch in batches]) for name in batches[0]}


@dataclass(frozen=True)
class Trait:
    """A scalar attribute of faces, computed from the prediction of one factor.

    For a discrete factor it is the log-odds of the values `more` against the values `less` (others are
    ignored); for a continuous one the predicted number itself. `hint` describes its increase to users, and is true
    of any of `more` and `less`.
    """

    name: str
    hint: str
    factor: str
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    def read(self, predicted: dict[str, Tensor]) -> Tensor:
        values = predicted[self.factor]
        if self.factor in SPANS:
            return values
        more, less = (
            values[:, [CHOICES[self.factor].index(value) for value in side]].logsumexp(1)
            for side in (self.more, self.less)
        )
        return more - less


# The most visible first: a page lists some of them, and the rest on request. Of a generator, those get a slider
# whose direction keeps the rule of gan/latent/direction_rule.py.
TRAITS = (
    Trait("long hair", "from short or tied up to long", "hair",
          ("bob", "long", "pigtails"), ("bald", "short", "spiky", "curly", "bun")),
    Trait("dark skin", "from pale to dark", "skin",
          ("caramel", "brown", "espresso"), ("porcelain", "peach", "sand")),
    Trait("pale hair", "from black and blue to silver and pink", "hair_colour",
          ("blond", "silver", "pink"), ("black", "brown", "auburn", "blue")),
    Trait("curly hair", "from none or straight to curly", "hair", ("curly",), ("bald", "short", "bob", "long")),
    Trait("smile", "curls the mouth upwards", "mouth",
          ("smile", "grin", "laugh"), ("neutral", "surprised", "smirk")),
    Trait("closed eyes", "from open to closed", "eyes",
          ("happy", "sleepy", "wink"), ("round", "wide", "lashes")),
    Trait("tilt", "turns the head clockwise", "tilt"),
    Trait("warm background", "from cool to warm", "background",
          ("rose", "butter", "apricot"), ("mint", "sky", "lagoon")),
    Trait("sunglasses", "puts dark glasses on", "glasses", ("dark",), ("none",)),
    Trait("glasses", "puts clear glasses on", "glasses", ("round", "square"), ("none",)),
    Trait("open mouth", "parts the lips", "mouth",
          ("laugh", "surprised", "grin"), ("smile", "neutral", "smirk")),
    Trait("hijab", "puts a hijab on", "hair",
          ("hijab",), ("bald", "short", "spiky", "bun", "curly", "pigtails")),
    Trait("dyed hair", "from dark to pink and blue", "hair_colour", ("pink", "blue"), ("black", "brown")),
    Trait("light eyes", "from brown to blue and violet", "eye_colour",
          ("blue", "violet"), ("brown", "amber")),
    Trait("worried brows", "from raised to worried", "brows", ("worried",), ("raised", "arched")),
    Trait("bold brows", "from fine brows to bold ones", "brows", ("bold",), ("arched", "straight")),
    Trait("wide head", "from narrow to wide", "head_width"),
    Trait("round jaw", "from narrow to round", "jaw"),
    Trait("wide-set eyes", "moves the eyes apart", "eye_spacing"),
    Trait("move right", "moves the face to the right", "shift_x"),
    Trait("move down", "moves the face down", "shift_y"),
    Trait("wide mouth", "from a small mouth to a wide one", "mouth_width"),
    Trait("blush", "from plain cheeks to rosy ones", "blush"),
    Trait("shirt hue", "round the colour wheel", "shirt"),
)  # fmt: skip

WEIGHTS = registry.WEIGHTS_FOLDER / "namer" / registry.WEIGHTS_FILE


def load_classifier(path: Path = WEIGHTS) -> FaceAttributeClassifier:
    """The shipped classifier, frozen; ValueError if its file is missing or damaged."""
    classifier = FaceAttributeClassifier()
    load_into(classifier, path)
    return classifier.eval().requires_grad_(False)


def read_traits(classifier: FaceAttributeClassifier, images: Tensor) -> Tensor:
    """All TRAITS of faces (N, 3, S, S): (N, len(TRAITS))."""
    predicted = predict(classifier, images)
    return torch.stack([trait.read(predicted) for trait in TRAITS], dim=1)


def accuracy(
    classifier: FaceAttributeClassifier, count: int = 4000, seed: int = 101
) -> dict[str, float]:
    """On unseen faces: the accuracy for each discrete factor, and R² for each continuous one."""
    images, labels = labelled_faces(count, seed)
    predicted = predict(classifier, to_float(images))
    scores = {name: (predicted[name].argmax(1) == labels[name]).float().mean() for name in CHOICES}
    for name in SPANS:
        error = (predicted[name] - labels[name]).square().mean()
        scores[name] = 1 - error / labels[name].var()
    return {name: round(value.item(), 3) for name, value in scores.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the attribute classifier of drawn faces.")
    parser.add_argument("--out", default=str(WEIGHTS.parent), help="folder for the weights")
    options = parser.parse_args()
    classifier = fit_classifier()
    write_tensors(Path(options.out) / registry.WEIGHTS_FILE, classifier.state_dict())
    write_json(Path(options.out) / "config.json", {"network": "Namer", "unseen": accuracy(classifier)})


if __name__ == "__main__":
    main()
