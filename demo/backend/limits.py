"""Limits of one request."""

MAX_PICTURES = 256
MAX_WALK = 240
