"""Which device trains: CUDA, MPS or the CPU."""

import os

import torch


def choose_device() -> torch.device:
    """A CUDA GPU, Apple's MPS or the CPU, whichever is there first; GANSCOPE_DEVICE overrides."""
    if name := os.environ.get("GANSCOPE_DEVICE"):
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
