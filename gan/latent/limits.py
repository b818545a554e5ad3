"""How latents may be drawn and walked through; apart from `vectors`, which imports PyTorch."""

MODES = ("slerp", "lerp")
MAX_TRUNCATION = 2.0
MAX_FRAMES = 600
MAX_KEYS = 64
