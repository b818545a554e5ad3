"""A network that names what a drawn face shows: the instrument that measures generators of faces.

The program draws the faces itself (gan/drawn/faces.py), so every factor of every training picture is known.
A discrete factor is named as one of its values, a continuous one as a number in its range. Train it
again, in some minutes, with

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

TRAINED_ON = 12_000
EPOCHS = 6
CHOICES, SPANS = DRAWN["faces"].factors, DRAWN["faces"].ranges


class FaceAttributeClassifier(nn.Module):
    """Faces (N, 3, 64, 64) in [-1, 1] -> what they show, by factor.

    A discrete factor has logits (N, values), a continuous one (N,) where 0 to 1 is its range.
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

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        shared = self.body(images)
        named = {name: head(shared) for name, head in self.heads.items()}
        return named | dict(zip(SPANS, self.spans(shared).unbind(1), strict=True))


def drawn(count: int, seed: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Faces, uint8 (count, 3, 64, 64), and what they show: an index, or a place in the range."""
    pixels = torch.from_numpy(draw("faces", count, DRAWN["faces"].size, 3, seed))
    shown = {name: torch.from_numpy(each) for name, each in factors("faces", count, seed).items()}
    for name, (low, high) in SPANS.items():
        shown[name] = ((shown[name] - low) / (high - low)).float()
    return pixels.permute(0, 3, 1, 2).contiguous(), shown


def fit_namer(
    epochs: int = EPOCHS, count: int = TRAINED_ON, seed: int = 100
) -> FaceAttributeClassifier:
    """A Namer trained on faces of its own; one seed gives one network on one machine."""
    pixels, shown = drawn(count, seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        namer = FaceAttributeClassifier()
        optimiser = torch.optim.Adam(namer.parameters(), lr=1e-3)
        batches = len(pixels) // 64
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=epochs * batches)
        for _ in range(epochs):
            for batch in torch.randperm(len(pixels))[: batches * 64].split(64):
                named = namer(to_float(pixels[batch]))
                loss = _loss(named, {name: each[batch] for name, each in shown.items()})
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    return namer.eval().requires_grad_(False)


def _loss(named: dict[str, Tensor], shown: dict[str, Tensor]) -> Tensor:
    choices = sum(F.cross_entropy(named[name], shown[name]) for name in CHOICES)
    # In units of a uniform factor's variance, so that a factor weighs as much as any other.
    return choices + sum(F.mse_loss(named[name], shown[name]) * 12 for name in SPANS)


@torch.no_grad()
def name_all(namer: FaceAttributeClassifier, images: Tensor) -> dict[str, Tensor]:
    """What each of many faces shows: logits or places, as `Namer` gives them."""
    batches = [namer(batch) for batch in images.split(250)]
    return {name: torch.cat([batch[name] for batch in batches]) for name in batches[0]}


@dataclass(frozen=True)
class Trait:
    """One thing that a face can have more or less of, read off one factor.

    For a discrete factor the log-odds of `more` against `less` (values that are in neither do not
    count); for a continuous one the number itself.
    """

    name: str
    hint: str
    factor: str
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    def read(self, named: dict[str, Tensor]) -> Tensor:
        """(N,) from what a Namer says."""
        values = named[self.factor]
        if self.factor in SPANS:
            return values
        more, less = (
            values[:, [CHOICES[self.factor].index(value) for value in side]].logsumexp(1)
            for side in (self.more, self.less)
        )
        return more - less


# The plainest first: a page shows some, and the rest when asked.
TRAITS = (
    Trait("glasses", "puts glasses on", "glasses", ("round", "square", "dark"), ("none",)),
    Trait("long hair", "from short to long", "hair",
          ("bob", "long", "pigtails"), ("bald", "short", "spiky")),
    Trait("dark skin", "from pale to dark", "skin",
          ("caramel", "brown", "espresso"), ("porcelain", "peach", "sand")),
    Trait("light hair", "from dark to blond and silver", "hair_colour",
          ("blond", "silver"), ("black", "brown")),
    Trait("smile", "curls the mouth upwards", "mouth",
          ("smile", "grin", "laugh"), ("neutral", "surprised", "smirk")),
    Trait("closed eyes", "from open to closed", "eyes",
          ("happy", "sleepy", "wink"), ("round", "wide", "lashes")),
    Trait("tilt", "turns the head clockwise", "tilt"),
    Trait("warm background", "from cool to warm", "background",
          ("rose", "butter", "apricot"), ("mint", "sky", "lagoon")),
    Trait("sunglasses", "puts dark glasses on", "glasses", ("dark",), ("none",)),
    Trait("open mouth", "parts the lips", "mouth",
          ("laugh", "surprised", "grin"), ("smile", "neutral", "smirk")),
    Trait("headwear", "from bare to beanie or hijab", "hair",
          ("beanie", "hijab"), ("short", "spiky", "bun", "curly")),
    Trait("dyed hair", "from dark to pink and blue", "hair_colour",
          ("pink", "blue"), ("black", "brown")),
    Trait("light eyes", "from brown to blue and violet", "eye_colour",
          ("blue", "violet"), ("brown", "amber")),
    Trait("worried brows", "from raised to worried", "brows",
          ("worried",), ("raised", "arched")),
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

WEIGHTS = registry.WEIGHTS / "namer" / "model.safetensors"


def load_namer(path: Path = WEIGHTS) -> FaceAttributeClassifier:
    """The shipped Namer; ValueError if its file is missing or damaged."""
    namer = FaceAttributeClassifier()
    load_into(namer, path)
    return namer.eval().requires_grad_(False)


def read_traits(namer: FaceAttributeClassifier, images: Tensor) -> Tensor:
    """All of TRAITS of faces (N, 3, 64, 64): (N, len(TRAITS))."""
    named = name_all(namer, images)
    return torch.stack([trait.read(named) for trait in TRAITS], dim=1)


def accuracy(namer: FaceAttributeClassifier, count: int = 4000, seed: int = 101) -> dict[str, float]:
    """How well unseen faces are named: shares that are right, and R² of the continuous factors."""
    images, shown = drawn(count, seed)
    named = name_all(namer, to_float(images))
    right = {name: (named[name].argmax(1) == shown[name]).float().mean() for name in CHOICES}
    told = {name: 1 - (named[name] - shown[name]).square().mean() / shown[name].var() for name in SPANS}
    return {name: round(value.item(), 3) for name, value in (right | told).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the network that names drawn faces.")
    parser.add_argument("--out", default=str(WEIGHTS.parent), help="folder for the weights")
    options = parser.parse_args()
    namer = fit_namer()
    write_tensors(Path(options.out) / "model.safetensors", namer.state_dict())
    write_json(Path(options.out) / "config.json", {"network": "Namer", "unseen": accuracy(namer)})


if __name__ == "__main__":
    main()
