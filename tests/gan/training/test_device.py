"""The choice of a device: what there is, or what the environment says."""

import pytest
import torch

from gan.training.device import choose_device


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_the_first_of_cuda_mps_and_cpu_is_chosen(monkeypatch, cuda, mps, expected):
    monkeypatch.delenv("GANSCOPE_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device() == torch.device(expected)


def test_the_environment_overrides_what_there_is(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("GANSCOPE_DEVICE", "cpu")
    assert choose_device() == torch.device("cpu")


def test_an_unknown_device_is_refused_in_one_line(monkeypatch):
    monkeypatch.setenv("GANSCOPE_DEVICE", "abacus")
    with pytest.raises(
        ValueError, match=r"GANSCOPE_DEVICE must be a device .* not 'abacus'\."
    ) as refused:
        choose_device()
    assert "\n" not in str(refused.value)
