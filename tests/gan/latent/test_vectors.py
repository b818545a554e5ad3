"""The laws of latent space: one seed one z, and paths that keep their ends."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.latent.vectors import lerp, seed_latents, slerp, truncate, walk

seeds = st.integers(0, 2**32 - 1)
BAD_SEEDS = [-1, 2**32, 10**400, float("nan"), float("inf"), True, "7", None, 1.5, [1]]


@given(st.lists(seeds, min_size=1, max_size=5), st.sampled_from([1, 8, 64, 100]))
def test_one_seed_one_latent_whatever_the_batch(many, z_dim):
    together = seed_latents(many, z_dim)
    torch.manual_seed(0)  # nor does what else is random matter
    alone = torch.cat([seed_latents([seed], z_dim) for seed in many])
    assert together.shape == (len(many), z_dim)
    assert together.dtype == torch.float32
    assert torch.equal(together, alone)


def test_seeds_are_spread_as_a_standard_normal():
    z = seed_latents(range(2000), 32)
    assert z.mean().item() == pytest.approx(0, abs=0.02)
    assert z.std().item() == pytest.approx(1, abs=0.02)
    assert len(z.unique(dim=0)) == 2000
    # Neighbouring seeds are no more alike than any others.
    assert (z[:-1] * z[1:]).mean().item() == pytest.approx(0, abs=0.02)


def test_the_stream_of_a_seed_stays_as_it_is():
    # Shared links and shipped cards rely on it.
    assert seed_latents([0], 3)[0].tolist() == pytest.approx([1.5409961, -0.2934289, -2.1787894])
    assert seed_latents([42], 64)[0, :2].tolist() == pytest.approx([1.9269153, 1.4872841])


@pytest.mark.parametrize("seed", BAD_SEEDS, ids=lambda seed: str(seed)[:8])
def test_bad_seeds_are_refused(seed):
    with pytest.raises(ValueError, match="seed must be"):
        seed_latents([1, seed], 8)


def test_no_seeds_no_latents():
    assert seed_latents([], 8).shape == (0, 8)


@given(seeds, st.floats(0, 2))
def test_truncation_scales_towards_the_mean(seed, psi):
    z = seed_latents([seed], 16)
    assert torch.equal(truncate(z, psi), (z.double() * psi).float())
    assert truncate(z, psi).norm().item() == pytest.approx(psi * z.norm().item(), rel=1e-5)


@pytest.mark.parametrize("psi", [-1, -1e-9, 2.0001, 1e300, float("nan"), True, "1", None])
def test_bad_truncation_is_refused(psi):
    with pytest.raises(ValueError, match="truncation must be"):
        truncate(torch.zeros(1, 4), psi)


def pair(first: int, second: int, scale: float) -> tuple[torch.Tensor, torch.Tensor]:
    start, end = seed_latents([first, second], 16)
    return start, end * scale


@given(seeds, seeds, st.floats(0.2, 5))
def test_slerp_keeps_its_ends_and_stays_on_the_great_circle(first, second, scale):
    start, end = pair(first, second, scale)
    t = torch.linspace(0, 1, 11)
    path = slerp(start, end, t)
    assert torch.equal(path[0], start)
    assert torch.equal(path[-1], end)
    # Norms go evenly from the one to the other; angles too, in the plane of both ends.
    norms = start.norm() + t * (end.norm() - start.norm())
    assert torch.allclose(path.norm(dim=1), norms, rtol=1e-4)
    if first == second:
        return
    plane, _ = torch.linalg.qr(torch.stack([start, end], dim=1).double())
    outside = path.double() - path.double() @ plane @ plane.T
    assert outside.norm(dim=1).max() < 1e-4 * norms.max()
    units = torch.nn.functional.normalize(path.double(), dim=1)
    angles = (units[1:] * units[:-1]).sum(1).clamp(-1, 1).arccos()
    whole = (units[0] @ units[-1]).clamp(-1, 1).arccos()
    assert torch.allclose(angles, whole / 10, atol=2e-3)


def test_slerp_by_hand():
    start, end = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 4.0])
    middle = slerp(start, end, torch.tensor([0.5, 1 / 3]))
    half, third = math.pi / 4, math.pi / 6
    assert middle[0].tolist() == pytest.approx([3 * math.cos(half), 3 * math.sin(half)], rel=1e-5)
    expected = [8 / 3 * math.cos(third), 8 / 3 * math.sin(third)]
    assert middle[1].tolist() == pytest.approx(expected, rel=1e-5)


@given(seeds, st.sampled_from([1, 2, 16]), st.sampled_from([-1.0, -3.0, 1.0, 2.0]))
def test_opposite_and_equal_directions_stay_finite_with_even_norms(seed, z_dim, factor):
    start = seed_latents([seed], z_dim)[0]
    path = slerp(start, factor * start, torch.linspace(0, 1, 9))
    assert path.isfinite().all()
    assert torch.equal(path[-1], factor * start)
    if z_dim > 1:
        norms = torch.lerp(start.norm(), start.norm() * abs(factor), torch.linspace(0, 1, 9))
        assert torch.allclose(path.norm(dim=1), norms, rtol=1e-3, atol=1e-6)


@given(seeds, st.floats(1e-8, 1e-3))
def test_nearly_equal_and_nearly_opposite_ends_are_finite(seed, gap):
    start, aside = seed_latents([seed, seed ^ 1], 16)
    for end in (start + gap * aside, -start + gap * aside):
        path = slerp(start, end, torch.linspace(0, 1, 9))
        assert path.isfinite().all()
        norms = torch.lerp(start.norm(), end.norm(), torch.linspace(0, 1, 9))
        assert torch.allclose(path.norm(dim=1), norms, rtol=1e-3)


def test_an_end_at_the_origin_is_a_straight_line():
    end = seed_latents([1], 8)[0]
    t = torch.tensor([0.0, 0.25, 1.0])
    assert torch.allclose(slerp(torch.zeros(8), end, t), t[:, None] * end)
    assert torch.equal(slerp(torch.zeros(8), torch.zeros(8), t), torch.zeros(3, 8))


@given(seeds, seeds, st.floats(0, 1))
def test_lerp_is_the_straight_line(first, second, t):
    start, end = seed_latents([first, second], 8)
    expected = (1 - t) * start.double() + t * end.double()
    assert torch.allclose(lerp(start, end, torch.tensor([t]))[0].double(), expected, atol=1e-5)


@given(
    st.lists(seeds, min_size=2, max_size=6, unique=True), st.integers(1, 9),
    st.sampled_from(["slerp", "lerp"]),
)  # fmt: skip
def test_a_walk_passes_through_its_keys_at_even_times(chosen, each, mode):
    keys = seed_latents(chosen, 8)
    legs = len(keys) - 1
    path = walk(keys, legs * each + 1, mode)
    assert path.shape == (legs * each + 1, 8)
    assert torch.equal(path[::each], keys)
    loop = walk(keys, len(keys) * each + (each == 0), mode, closed=True)
    assert torch.equal(loop[::each], keys)
    # The step that the loop leaves out leads back to the first key, as long as the one before it.
    if each > 1 and mode == "lerp":
        last, before = (keys[0] - loop[-1]).norm(), (loop[-1] - loop[-2]).norm()
        assert last.item() == pytest.approx(before.item(), rel=1e-3)


def test_a_walk_with_any_number_of_frames_starts_and_ends_right():
    keys = seed_latents([1, 2, 3], 8)
    for frames in (3, 4, 10, 600):
        path = walk(keys, frames)
        assert len(path) == frames
        assert torch.equal(path[0], keys[0])
        assert torch.equal(path[-1], keys[-1])
        assert len(walk(keys, frames, closed=True)) == frames


@pytest.mark.parametrize(
    ("count", "options", "words"),
    [
        (2, {"frames": 0}, "frames must be from 2 to 600"),
        (2, {"frames": 10**9}, "frames must be from 2 to 600"),
        (3, {"frames": 2}, "frames must be from 3"),
        (2, {"frames": float("nan")}, "frames must be a whole number"),
        (2, {"frames": True}, "frames must be a whole number"),
        (2, {"frames": "30"}, "frames must be a whole number"),
        (1, {"frames": 9}, "number of key pictures must be from 2"),
        (65, {"frames": 99}, "number of key pictures must be from 2"),
        (2, {"frames": 9, "mode": "spline"}, "Unknown mode 'spline'"),
        (2, {"frames": 9, "closed": 1}, "closed must be true or false"),
    ],
)
def test_bad_walks_are_refused(count, options, words):
    with pytest.raises(ValueError, match=words):
        walk(torch.randn(count, 4), **options)


def test_truncation_is_rounded_once_as_in_the_page():
    z = seed_latents(range(50), 64)
    product = z.numpy().astype(np.float64) * 0.83
    assert np.array_equal(truncate(z, 0.83).numpy(), product.astype(np.float32))
    assert truncate(z.double(), 0.83).dtype == torch.float64
