"""Benchmark scripts: `python -m benchmarks.NAME`."""

import gan  # noqa: F401, sets GOMP_SPINCOUNT before PyTorch is imported
