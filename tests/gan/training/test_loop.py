"""The loop: the same run twice, stopped or not; budgets; divergence; a disk that is full."""

import dataclasses
import errno
import os
import pickle
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from gan.common.files import digest, read_tensors
from gan.data.image_tensors import to_uint8
from gan.latent.vectors import seed_latents
from gan.metrics.quality import Quality
from gan.models.build import build_networks
from gan.models.registry import STEPS_FOLDER, WEIGHTS_FILE, kept_steps
from gan.models.storage import read_generator
from gan.training import loop, quality_meter, resolve, stopwatch
from gan.training.loop import train
from gan.training.losses import LOSSES, Loss
from gan.training.snapshot import Snapshot
from gan.training.trainer import Trainer


def state(folder) -> dict[str, torch.Tensor]:
    """All that decides how the run goes on."""
    return read_tensors(folder / "checkpoint.safetensors")[0]


def differing(one, other) -> list[str]:
    one, other = state(one), state(other)
    assert one.keys() == other.keys()
    return [name for name in one if not torch.equal(one[name], other[name])]


def run(config, out=None, **options) -> list[Snapshot]:
    return list(train(config, out, **options))


def test_one_seed_one_run_bit_for_bit(tiny, tmp_path):
    run(tiny(), tmp_path / "a")
    torch.manual_seed(123)
    np.random.seed(4)
    run(tiny(), tmp_path / "b")
    run(tiny(seed=1), tmp_path / "c")
    assert differing(tmp_path / "a", tmp_path / "b") == []
    changed = differing(tmp_path / "a", tmp_path / "c")
    assert {"g.dense.weight", "d.head.weight", "g_ema.dense.weight", "rng"} <= set(changed)


def test_previews_and_measurements_leave_no_trace(tiny, tmp_path, monkeypatch):
    run(tiny(), tmp_path / "few")
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    monkeypatch.setattr(quality_meter, "QUALITY_SHARE", 1e9)
    snapshots = run(tiny(), tmp_path / "many")
    assert [s.step for s in snapshots] == [0, 1, 2, 3, 4, 5, 6]
    # The first distance takes seconds: pictures that have learnt come before it.
    assert [s.quality is not None for s in snapshots] == [False, False, True, True, True, True, True]
    assert differing(tmp_path / "few", tmp_path / "many") == []


@pytest.mark.parametrize("method", ["quick", "patient", "tutorial"])
def test_a_run_that_was_stopped_twice_ends_as_one_that_was_not(tiny, tmp_path, monkeypatch, method):
    config = tiny(method=method, save_every=4)
    run(config, tmp_path / "whole")
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    for stop in (2, 5):
        iterator = train(config, tmp_path / "parts", resume=stop > 2)
        while next(iterator).step < stop:
            pass
        iterator.close()
        assert int(state(tmp_path / "parts")["steps"]) == stop
    *_, last = run(config, tmp_path / "parts", resume=True)
    assert (last.step, last.final) == (6, True)
    assert differing(tmp_path / "whole", tmp_path / "parts") == []
    whole, parts = (read_generator(tmp_path / name) for name in ("whole", "parts"))
    assert torch.equal(whole.dense.weight, parts.dense.weight)


def test_a_longer_budget_goes_on_and_a_used_up_one_only_shows(tiny, tmp_path):
    run(tiny(steps=3), tmp_path / "part")
    run(tiny(), tmp_path / "part", resume=True)
    run(tiny(), tmp_path / "whole")
    assert differing(tmp_path / "whole", tmp_path / "part") == []
    again = run(tiny(), tmp_path / "part", resume=True)
    assert {s.step for s in again} == {6}
    assert again[-1].final
    assert differing(tmp_path / "whole", tmp_path / "part") == []


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"width": 8}, {"method": "dcgan"}, {"g_lr": 0.01}], ids=str
)
def test_other_settings_do_not_resume(tiny, tmp_path, other):
    run(tiny(steps=2), tmp_path)
    before = state(tmp_path)
    with pytest.raises(ValueError, match="only its budget may change"):
        run(tiny(steps=2, **other), tmp_path, resume=True)
    assert all(torch.equal(value, before[name]) for name, value in state(tmp_path).items())


def test_resuming_nothing_is_refused(tiny, tmp_path):
    with pytest.raises(ValueError, match="name the folder"):
        run(tiny(), resume=True)
    with pytest.raises(ValueError, match=r"no checkpoint\.safetensors"):
        run(tiny(), tmp_path, resume=True)
    (tmp_path / "checkpoint.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        run(tiny(), tmp_path, resume=True)


def test_a_budget_in_steps_is_exact_and_told_in_order(tiny, monkeypatch):
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    snapshots = run(tiny(steps=5, n_critic=2))
    assert [s.step for s in snapshots] == [0, 1, 2, 3, 4, 5]
    assert [s.images for s in snapshots] == [0, 16, 32, 48, 64, 80]
    assert [s.progress for s in snapshots] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert [s.final for s in snapshots] == [False] * 5 + [True]
    seconds = [s.seconds for s in snapshots]
    assert seconds == sorted(seconds)
    assert all(s.images_per_second > 0 for s in snapshots[1:])
    first, last = snapshots[0], snapshots[-1]
    values = ("d_loss", "g_loss", "d_real", "d_fake", "d_gradient", "g_gradient")
    assert all(np.isnan(getattr(first, name)) for name in values)
    assert all(np.isfinite(getattr(last, name)) for name in values)
    assert 0 < last.quality.floor < last.quality.distance


def test_a_budget_in_seconds_ends_and_pauses_do_not_count(tiny, monkeypatch):
    # A clock that only steps and those who watch move on: 1/16 s a step, whatever the machine.
    now, step = [100.0], Trainer.step

    def timed_step(trainer, progress):
        step(trainer, progress)
        now[0] += 1 / 16

    for module in (loop, stopwatch):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    monkeypatch.setattr(Trainer, "step", timed_step)
    snapshots = []
    for snapshot in train(tiny(seconds=1)):
        snapshots.append(snapshot)
        now[0] += 5
    assert (snapshots[-1].step, snapshots[-1].seconds, snapshots[-1].progress) == (16, 1, 1)
    assert snapshots[-1].final
    # One before, one after the first step, then one each 0.35 s, of six steps.
    assert [snapshot.step for snapshot in snapshots] == [0, 1, 7, 13, 16]
    assert [snapshot.images_per_second for snapshot in snapshots[1:]] == [8 * 16] * 4


def test_snapshots_are_plain_data_that_crosses_a_process_border(tiny, tmp_path):
    *_, last = run(tiny(), tmp_path)
    back = pickle.loads(pickle.dumps(last))
    for field in dataclasses.fields(Snapshot):
        value = getattr(last, field.name)
        assert type(value) in (int, float, bool, tuple, np.ndarray, Quality), field.name
        assert np.array_equal(getattr(back, field.name), value)
    assert all(type(value) in (str, float) for value in dataclasses.astuple(last.quality))
    assert last.samples.shape == (64, 32, 32, 1)
    assert last.samples.dtype == np.uint8
    # The previews are the pictures of the seeds 0 to 63 by the generator that is saved.
    shown = read_generator(tmp_path)(seed_latents(range(64), 8))
    assert np.abs(to_uint8(shown).astype(int) - last.samples).max() <= 1


def test_bfloat16_runs(tiny):
    *_, last = run(tiny(precision="bfloat16", channels=3, data="glyphs"))
    assert last.findings == ()
    assert np.isfinite([last.d_loss, last.g_loss, last.quality.distance]).all()


def diverging(after: int) -> Loss:
    """Both losses turn to NaN after so many updates of D."""
    whole, calls = LOSSES["nonsaturating"], []

    def d(d_real, d_fake):
        calls.append(1)
        return whole.d(d_real, d_fake) * (float("nan") if len(calls) > after else 1)

    return Loss(d, whole.g)


@pytest.mark.parametrize("often", [True, False], ids=["seen at once", "seen at the end"])
@pytest.mark.parametrize("save_every", [None, 2])
def test_a_run_that_diverges_says_so_once_and_keeps_good_weights(
    tiny, tmp_path, monkeypatch, often, save_every
):
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0 if often else 1e9)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    monkeypatch.setattr(loop, "EARLY_STEPS", 0)  # a save finds out, too
    run(tiny(steps=3), tmp_path / "good")
    monkeypatch.setitem(LOSSES, "nonsaturating", diverging(after=3))
    snapshots = run(tiny(steps=30, save_every=save_every), tmp_path / "bad")
    last = snapshots[-1]
    assert last.final
    assert last.step == (4 if often or save_every else 30)
    assert len(last.findings) == 1
    assert last.findings[0].kind == "diverged"
    assert f"step {last.step}" in str(last.findings[0])
    assert np.isfinite(last.quality.distance)
    saved = read_generator(tmp_path / "bad").state_dict()
    assert all(torch.isfinite(value).all() for value in saved.values())
    if often:
        good = read_generator(tmp_path / "good").state_dict()
        assert all(torch.equal(value, good[name]) for name, value in saved.items())
    if (tmp_path / "bad" / "checkpoint.safetensors").exists():
        assert all(value.isfinite().all() for value in state(tmp_path / "bad").values())
        assert int(state(tmp_path / "bad")["steps"]) == 2
    else:
        assert save_every is None


def test_without_an_interval_a_run_saves_early_and_then_by_the_clock(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    monkeypatch.setattr(loop, "EARLY_STEPS", 3)
    saved = [
        int(state(tmp_path)["steps"])
        for snapshot in train(tiny(steps=6), tmp_path)
        if 0 < snapshot.step < 6
    ]
    assert saved == [1, 2, 2, 2, 2]
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0.0)
    saved = [
        int(state(tmp_path)["steps"])
        for snapshot in train(tiny(steps=6), tmp_path, overwrite=True)
        if 0 < snapshot.step < 6
    ]
    assert saved == [1, 2, 3, 4, 5]


def test_a_young_run_saves_whenever_its_steps_have_doubled(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    saved = {}
    for snapshot in train(tiny(steps=15, save_every=6), tmp_path):
        if 0 < snapshot.step < 15:
            saved[snapshot.step] = int(state(tmp_path)["steps"])
    assert saved == {step: max(at for at in (1, 2, 4, 6, 12) if at <= step) for step in range(1, 15)}


def test_what_the_generator_was_is_kept(tiny, tmp_path):
    def kept():
        return {step: (tmp_path / STEPS_FOLDER / str(step)) for step in kept_steps(tmp_path)}

    for _ in train(tiny(steps=3), tmp_path, keep_at=(1, 3, 5)):
        pass
    assert list(kept()) == [1, 3]
    weights = [digest(folder / WEIGHTS_FILE) for folder in (kept()[3], tmp_path, kept()[1])]
    assert weights[0] == weights[1] != weights[2]
    for _ in train(tiny(steps=5), tmp_path, resume=True, keep_at=(1, 3, 5)):
        pass
    assert list(kept()) == [1, 3, 5]
    for _ in train(tiny(steps=2), tmp_path, overwrite=True, keep_at=[2]):
        pass
    assert list(kept()) == [2]  # nothing of the run that was here before


@pytest.mark.parametrize(
    ("steps", "out", "words"),
    [
        ([0], "run", "keep_at must be"),
        (["3"], "run", "keep_at must be"),
        ([3], None, "name the folder"),
    ],
)
def test_impossible_steps_are_refused_before_the_work(tiny, tmp_path, steps, out, words):
    with pytest.raises(ValueError, match=words):
        next(train(tiny(), out and tmp_path / out, keep_at=steps))
    assert list(tmp_path.iterdir()) == []


def full_disk(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_costs_a_save_but_not_the_run(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    run(tiny(), tmp_path / "whole")
    snapshots = []
    for snapshot in train(tiny(save_every=2), tmp_path / "run"):
        snapshots.append(snapshot)
        if snapshot.step == 2:
            monkeypatch.setattr(os, "fsync", full_disk)
        if snapshot.step == 4:
            assert int(state(tmp_path / "run")["steps"]) == 2
            monkeypatch.undo()
    assert [len(s.findings) for s in snapshots if s.step < 4] == [0] * 4
    (finding,) = snapshots[-1].findings
    assert finding.kind == "unsaved"
    assert "No space left on device" in str(finding)
    assert "\n" not in str(finding)
    assert differing(tmp_path / "whole", tmp_path / "run") == []
    assert not list(tmp_path.rglob(".new-*"))


def test_a_disk_that_stays_full_is_told_and_the_old_run_kept(tiny, tmp_path, monkeypatch):
    run(tiny(steps=3), tmp_path)
    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(ValueError, match="No space left on device"):
        run(tiny(), tmp_path, resume=True)
    monkeypatch.undo()
    assert int(state(tmp_path)["steps"]) == 3
    assert not list(tmp_path.rglob(".new-*"))


def test_closing_stops_and_saves_even_at_the_very_first_picture(tiny, tmp_path):
    iterator = train(tiny(seconds=3600), tmp_path)
    assert next(iterator).step == 0
    iterator.close()
    with pytest.raises(StopIteration):
        next(iterator)
    assert int(state(tmp_path)["steps"]) == 0
    read_generator(tmp_path)


def test_bad_data_is_told_before_anything_is_written(tiny, tmp_path):
    with pytest.raises(ValueError, match="no data called 'cats'"):
        run(tiny(data="cats"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("hardware", "expected"), [(True, "bfloat16"), (False, "float32")])
def test_the_fastest_precision_is_what_the_machine_has(tiny, monkeypatch, hardware, expected):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: hardware, raising=False)
    monkeypatch.setenv("GANSCOPE_DEVICE", "cpu")
    assert resolve.resolve(tiny(precision="fastest")).precision == expected
    assert resolve.resolve(tiny(method="quick", precision=None)).precision == expected
    assert resolve.resolve(tiny(precision="float32")).precision == "float32"


def test_where_the_machine_cannot_be_asked_it_is_float32(tiny, monkeypatch):
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported", raising=False)
    monkeypatch.setenv("GANSCOPE_DEVICE", "cpu")
    assert resolve.resolve(tiny(precision="fastest")).precision == "float32"


@pytest.mark.parametrize(
    ("changed", "widths"),
    [
        ({"method": "quick"}, (32, 16)),
        ({"method": "quick", "size": 64}, (16, 16)),
        ({"method": "dcgan"}, (32, 32)),
        ({"method": "dcgan", "size": 64}, (16, 16)),
        ({"method": "quick", "width": 8, "d_width": 12}, (8, 12)),
    ],
)
def test_widths_are_those_of_the_method_and_the_size(tiny, changed, widths):
    g, d = build_networks(resolve.resolve(tiny(**{"width": None, **changed})))
    assert (g.width, d.layers[0].out_channels) == widths
