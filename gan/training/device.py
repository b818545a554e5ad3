"""The device that training runs on."""

import os

import torch

from gan.common import ranks


def choose_device() -> torch.device:
    """CUDA if there is such a GPU, else MPS (Apple silicon), else the CPU; of several GPUs each rank has its own.

    The environment variable GANSCOPE_DEVICE overrides this with any device name of PyTorch, such as
    "cpu" or "cuda:1"; ValueError for one that PyTorch does not know or the machine does not have, and for ranks
    without a GPU of their own.
    """
    device = _chosen()
    return device if ranks.size() == 1 or device.type == "cpu" else _own(device)


def _own(device: torch.device) -> torch.device:
    """The GPU of this rank."""
    place, count = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
    if device.type != "cuda" or place >= count:
        raise ValueError(
            f"Each process of a run needs a CUDA GPU of its own, and this machine has {count}: start as many, or set "
            "GANSCOPE_DEVICE=cpu."
        )
    device = torch.device("cuda", place)
    torch.cuda.set_device(device)
    return device


def _chosen() -> torch.device:
    if name := os.environ.get("GANSCOPE_DEVICE"):
        try:
            device = torch.device(name)
        except RuntimeError as error:
            raise ValueError(
                f"GANSCOPE_DEVICE must be a device of PyTorch, such as cpu or cuda:1, not {name!r}."
            ) from error
        try:
            torch.empty(1, device=device)
        except (RuntimeError, AssertionError, NotImplementedError) as error:
            raise ValueError(
                f"GANSCOPE_DEVICE is {name}, which this machine or this build of PyTorch does not have: use cpu."
            ) from error
        return device
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
