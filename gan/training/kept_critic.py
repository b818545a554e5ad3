"""The discriminator that was kept with a generator, as something that judges single pictures."""

from pathlib import Path

import torch
from torch import Tensor

from gan.common.files import load_tensors
from gan.inside.critic import Critic
from gan.models.build import build_networks
from gan.models.discriminator import Discriminator
from gan.models.layers import MinibatchStddev
from gan.models.registry import training_config_of
from gan.training.discriminator_file import EMBEDDING, read_discriminator

NO_CRITIC = "This model came without its discriminator: a run of this page has one, and so has faces."


def kept_discriminator(folder: str | Path) -> Discriminator:
    """The discriminator in a generator's folder, in evaluation mode; ValueError where there is none, or another."""
    kept, config = read_discriminator(folder), training_config_of(str(folder))
    if kept is None or config is None:
        raise ValueError(NO_CRITIC)
    known = next((len(value) for name, value in kept.tensors.items() if name.startswith(EMBEDDING)), 0)
    d = build_networks(config, classes=known, g_classes=0)[1]
    load_tensors(d, kept.tensors, "The discriminator beside this model")
    return d.eval().requires_grad_(False)


def critic_of(d: Discriminator, label: int = 0) -> Critic:
    """What d says of pictures, as of class `label` where it is conditional.

    One that compares the pictures of a batch sees each alone.
    """
    compares = d.compare is not None or any(isinstance(each, MinibatchStddev) for each in d.modules())

    def judge(pictures: Tensor) -> Tensor:
        labels = torch.full((len(pictures),), label) if d.embedding is not None else None
        if not compares:
            return d(pictures, labels=labels)
        parts = [slice(place, place + 1) for place in range(len(pictures))]
        return torch.cat(
            [d(pictures[at], labels=labels if labels is None else labels[at]) for at in parts]
        )

    return judge


@torch.no_grad()
def likeliest_class(d: Discriminator, picture: Tensor) -> int:
    """The class of which d's logit for a picture (1, C, S, S) in [-1, 1] is the largest; 0 without classes."""
    if d.embedding is None:
        return 0
    return max(range(d.embedding.num_embeddings), key=lambda label: float(critic_of(d, label)(picture)))
