"""Scripts that measure: `python -m benchmarks.NAME`."""

import gan  # noqa: F401, before PyTorch, whose threads it keeps from spinning
