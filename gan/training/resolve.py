"""Defaults of a TrainConfig that depend on its data, its method or the machine."""

import dataclasses

import torch

from gan.data.point_clouds import is_points
from gan.data.sources import natural_shape
from gan.settings.catalogue import find_method
from gan.settings.config import METHOD_OVERRIDES, TrainConfig, method_of
from gan.settings.hyperparameters import MIN_WIDTH
from gan.training.device import choose_device
from gan.training.start_from import as_saved, with_start


def resolve(config: TrainConfig, saved: TrainConfig | None = None) -> TrainConfig:
    """`config` with defaults in place of `None`, ready for training; resolving twice changes nothing.

    Where it starts from a model, that decides what shapes the networks; in a run that is resumed its `saved` config
    does, and the model is not read. Otherwise as `filled`. ValueError for a model that cannot be read, and for
    settings that do not fit it.
    """
    if config.start_from:
        config = as_saved(config, saved) if saved else with_start(config)
    return filled(config)


def filled(config: TrainConfig) -> TrainConfig:
    """`config` with the defaults of data, method and machine in place of `None`.

    `size` and `channels` are those of the data (none for points), METHOD_OVERRIDES those of the method, with its
    network family for colour pictures if it has one. G's width is the method's at 32×32, half of it at 64×64, a
    quarter at 128×128; D's is the method's up to 64×64, half of it at 128×128, or G's where the method has none.
    Precision "fastest" becomes what `choose_device`'s device computes fastest. `changes` stay as they are. ValueError
    for data or settings that do not exist or contradict each other.
    """
    points = is_points(config.data)
    size, channels = (None, None) if points else natural_shape(config.data)
    config = _filled(config, {"size": size, "channels": channels})
    if config.channels == 3 and (family := find_method(config.method).colour.get("model")):
        config = _filled(config, {"model": family})
    method = method_of(config)
    suggested = {name: getattr(method, name) for name in METHOD_OVERRIDES}
    if not points and config.width is None:
        suggested["width"] = max(MIN_WIDTH, method.width * 32 // config.size)
    d_width = method.d_width
    if d_width and not points:
        d_width = max(MIN_WIDTH, d_width * 64 // max(64, config.size))
    suggested["d_width"] = d_width or config.width or suggested["width"]
    config = _filled(config, suggested)
    if config.precision == "fastest":
        config = dataclasses.replace(config, precision=fastest_precision(choose_device()))
    return config


def _filled(config: TrainConfig, suggested: dict) -> TrainConfig:
    missing = {key: value for key, value in suggested.items() if getattr(config, key) is None}
    return dataclasses.replace(config, **missing)


def fastest_precision(device: torch.device) -> str:
    """bfloat16 if `device` computes it in hardware, else float32, which is then faster."""
    if device.type == "cuda":
        hardware = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        # Processors with AMX have AVX-512 BF16 as well. PyTorch has no public function for it yet.
        supported = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
        hardware = device.type == "cpu" and supported()
    return "bfloat16" if hardware else "float32"
