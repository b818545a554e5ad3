"""`resolve`: a config with everything filled in that data or method suggest."""

import dataclasses

import torch

from gan.data.point_clouds import is_points
from gan.data.sources import natural_shape
from gan.settings.config import METHOD_OVERRIDES, TrainConfig, method_of
from gan.training.device import choose_device


def resolve(config: TrainConfig) -> TrainConfig:
    """The same config with every `None` that data or method decide filled in."""
    points = is_points(config.data)
    size, channels = (None, None) if points else natural_shape(config.data)
    config = _filled(config, {"size": size, "channels": channels})
    method = method_of(config)
    suggested = {name: getattr(method, name) for name in METHOD_OVERRIDES}
    if not points and config.width is None:
        suggested["width"] = method.width * 32 // config.size
    suggested["d_width"] = method.d_width or config.width or suggested["width"]
    config = _filled(config, suggested)
    if config.precision == "fastest":
        config = dataclasses.replace(config, precision=fastest_precision(choose_device()))
    return config


def _filled(config: TrainConfig, suggested: dict) -> TrainConfig:
    missing = {key: value for key, value in suggested.items() if getattr(config, key) is None}
    return dataclasses.replace(config, **missing)


def fastest_precision(device: torch.device) -> str:
    """bfloat16 where the device computes it in hardware; elsewhere it would be slower than float32."""
    if device.type == "cuda":
        hardware = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        # AMX implies AVX-512's own bfloat16. What tells so has no public name in PyTorch yet.
        known = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
        hardware = device.type == "cpu" and known()
    return "bfloat16" if hardware else "float32"
