"""The device that training runs on."""

import os

import torch


def choose_device() -> torch.device:
    """CUDA if there is such a GPU, else MPS (Apple silicon), else the CPU.

    The environment variable GANSCOPE_DEVICE overrides this with any device name of PyTorch, such as
    "cpu" or "cuda:1"; ValueError for one that PyTorch does not know or the machine does not have.
    """
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
