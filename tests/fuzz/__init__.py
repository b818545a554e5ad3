"""Malformed requests by the hundred: `pytest tests/fuzz --requests 20000 --fuzz-seed 7` for more of them."""
