"""How latents may be drawn and walked through; apart from `vectors`, which imports PyTorch."""

MODES = ("slerp", "lerp")
MAX_TRUNCATION = 2.0
MAX_FRAMES = 600
MAX_KEYS = 64
REACH = 3.0  # a slider of a direction goes from -REACH to REACH
# Sets of directions, in the order in which moves are added.
SET_KEYS = ("named", "classes", "sefa", "pca")
