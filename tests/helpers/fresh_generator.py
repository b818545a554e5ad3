"""Small networks as a run begins with them."""

import torch

from gan.models.generator import Generator
from gan.models.init import initialise


def fresh_generator(family: str, **changes) -> Generator:
    """A generator of 64×64 colour pictures, or as `changes` say, whose weights are those of seed 0."""
    made = Generator(
        **{"family": family, "size": 64, "channels": 3, "width": 4, "z_dim": 16, **changes}
    )
    initialise(made, torch.Generator().manual_seed(0))
    return made.eval().requires_grad_(False)
