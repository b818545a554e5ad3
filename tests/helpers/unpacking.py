"""A game's blob as a browser reads it (demo/web/points/api.js)."""

import json

import numpy as np


def unpacked(blob: bytes) -> dict:
    """The header, and in place of each array's form the array."""
    length = int.from_bytes(blob[:4], "little")
    header, at = json.loads(blob[4 : 4 + length]), 4 + length
    for part in (header, *header["frames"]):
        for name, (kind, shape) in part["arrays"].items():
            kind = np.dtype(kind).newbyteorder("<")
            count = int(np.prod(shape))
            part["arrays"][name] = np.frombuffer(blob, kind, count, at).reshape(shape)
            at += count * kind.itemsize
    assert at == len(blob)
    return header
