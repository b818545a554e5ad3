"""Limits on what one request may ask for."""

MAX_PICTURES = 256
MAX_WALK = 240
