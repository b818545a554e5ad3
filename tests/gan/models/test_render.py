"""Pictures that are the same bit for bit, whatever they are drawn with."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from gan.data.image_tensors import to_uint8
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.render import ReproducibleRenderer, render
from gan.models.storage import load_generator

# Where the float32 sums of a batch depend on its size, and where labels or a reference join in.
KINDS = [
    ("dcgan", "batch", 0), ("dcgan", "batch", 3), ("dcgan", "virtual", 0), ("tutorial", "batch", 0),
    ("resnet", "batch", 0), ("progressive", "none", 0),
    ("wavelet", "batch", 0), ("wavelet", "batch", 3), ("haar", "batch", 0), ("haar", "batch", 3),
    ("haar", "virtual", 0), ("palette", "batch", 0), ("palette", "batch", 3), ("palette", "virtual", 0),
    ("palette", "batch", 0, 128), ("dcgan", "modulated", 0), ("dcgan", "modulated", 3), ("resnet", "modulated", 0),
    ("haar", "modulated", 3), ("palette", "modulated", 0),
]  # fmt: skip


@pytest.fixture(params=KINDS, ids=str)
def generator(request):
    family, norm, classes, *size = request.param
    generator = Generator(family, *(size or [32]), 3, 24, 64, norm, classes).eval()
    initialise(generator, torch.Generator().manual_seed(0))
    return generator


def shifted(values: torch.Tensor) -> torch.Tensor:
    """The same values, four bytes away from where PyTorch would put them."""
    room = torch.empty(values.numel() + 17, dtype=values.dtype)
    start = (-room.data_ptr() // room.element_size()) % 16 + 1
    moved = room[start : start + values.numel()].view(values.shape)
    return moved.copy_(values)


def test_a_picture_does_not_depend_on_its_batch(generator):
    z = seed_latents(range(9), 64)
    together = render(generator, z)
    assert together.shape == (9, generator.size, generator.size, 3) and together.dtype == np.uint8
    for size in (1, 2, 5):
        parts = [render(generator, part) for part in z.split(size)]
        assert np.array_equal(np.concatenate(parts), together)


def test_they_are_those_of_the_generator_but_for_rounding(generator):
    z = seed_latents(range(5), 64)
    with torch.inference_mode():
        plain = to_uint8(generator(z)).astype(int)
    assert np.abs(render(generator, z) - plain).max() <= 1


@pytest.mark.parametrize("family", ["dcgan", "palette", "haar"])
def test_a_draft_is_half_as_large_and_shows_the_same(family):
    generator = Generator(family, 128, 3, 8, 64).eval()
    initialise(generator, torch.Generator().manual_seed(0))
    z = seed_latents(range(3), 64)
    renderer = ReproducibleRenderer(generator, draft=True)
    drafts, full = renderer(z), render(generator, z).astype(int)
    assert drafts.shape == (3, 64, 64, 3) and renderer.side == 64
    averaged = full.reshape(3, 64, 2, 64, 2, 3).mean((2, 4))
    # A palette's logits are not interpolated there, so that its edges lie a little otherwise.
    allowed = 6 if family == "palette" else 1
    assert np.abs(drafts - averaged).mean() <= allowed
    assert np.array_equal(np.concatenate([renderer(part) for part in z.split(1)]), drafts)


def test_a_draft_of_what_is_small_is_the_picture_itself(generator):
    if generator.size <= 64:
        z = seed_latents(range(2), 64)
        draft = ReproducibleRenderer(generator, draft=True)(z)
        assert np.array_equal(draft, render(generator, z))


@pytest.mark.parametrize("model", ["digits", "faces", "photos"])
def test_floats_of_the_shipped_ones_do_not_depend_on_batch_nor_place_in_memory(model):
    """Before they are rounded to 256 levels, which would hide most differences."""
    net = ReproducibleRenderer(load_generator(model)).net
    z = seed_latents(range(8), 64)
    with torch.inference_mode():
        together = net(z)
        assert torch.equal(torch.cat([net(part) for part in z.split(1)]), together)
        assert torch.equal(net(shifted(z)), together)
        for parameter in net.parameters():
            if parameter is not net.dense.layer.weight:  # of which the layout matters as well
                parameter.data = shifted(parameter.data)
        assert torch.equal(net(z), together)


def test_it_draws_with_the_weights_of_its_time_and_leaves_all_as_it_was():
    generator = Generator("dcgan", 32, 1, 8, 8).train()
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    renderer, z = ReproducibleRenderer(generator), seed_latents([1], 8)
    first, threads = renderer(z), torch.get_num_threads()
    with torch.no_grad():
        generator.dense.weight.mul_(-1)
    assert np.array_equal(renderer(z), first)
    assert not np.array_equal(render(generator, z), first)
    generator.dense.weight.data.mul_(-1)
    assert all(torch.equal(value, before[name]) for name, value in generator.state_dict().items())
    assert generator.training and generator.dense.weight.dtype == torch.float32
    assert torch.get_num_threads() == threads


def test_several_processes_write_the_same_file_whatever_their_threads(tmp_path):
    root, digests = Path(__file__).parents[3], set()
    for number, threads in enumerate(("1", "2", "3")):
        out = tmp_path / f"{number}.png"
        command = [sys.executable, "-m", "gan", "sample", "--model", "photos", "--seeds", "0-6"]
        variables = {**os.environ, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        subprocess.run([*command, "--out", out], cwd=root, env=variables, check=True)
        digests.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(digests) == 1


WITHOUT_VECTORS = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
LATENTS = """
import sys, torch
from gan.latent.breeding import children
from gan.latent.vectors import seed_latents, walk
z = seed_latents(range(50), 100)
made = [z, walk(z[:5], 60, "slerp"), walk(z[:5], 60, "lerp"), children(z[:2], 0.5)]
sys.stdout.buffer.write(torch.cat(made).numpy().tobytes())
"""


def test_latents_are_the_same_on_a_processor_without_vector_units():
    root = Path(__file__).parents[3]
    here, there = (
        subprocess.run(
            [sys.executable, "-c", LATENTS], cwd=root, env={**os.environ, **more}, capture_output=True
        ).stdout
        for more in ({}, WITHOUT_VECTORS)
    )
    assert len(here) > 0 and here == there


def test_weights_that_overflow_draw_nothing_rather_than_black():
    generator = Generator("dcgan", 32, 1, 8, 8).eval()
    initialise(generator, torch.Generator().manual_seed(0))
    for weight in generator.parameters():
        weight.data.mul_(1e20)
    assert all(weight.isfinite().all() for weight in generator.parameters())
    with pytest.raises(ValueError, match="draws nothing: its weights are so large"):
        render(generator, seed_latents(range(2), 8))
