"""Parsing of seeds, latents and moves on the command line: 0-63, 1,5,9-12, z:TEXT, or "dark skin=1.5"."""

from gan.common import checks
from gan.latent.limits import SET_KEYS


def latents_of(keys: list[str], z_dim: int):
    """Latents float32 (len(keys), z_dim) of keys, each a seed or a packed latent (gan.latent.text).

    ValueError for a key that is neither, or a latent of another length.
    """
    import torch

    from gan.latent.text import PREFIX, unpack
    from gan.latent.vectors import seed_latents

    rows = []
    for key in keys:
        if not key.startswith(PREFIX) and not checks.is_digits(key):
            raise ValueError(
                f"A key is a seed such as 7, or a latent as the page writes it: {key[:40]!r}."
            )
        row = unpack(key) if key.startswith(PREFIX) else seed_latents([int(key)], z_dim)[0]
        if len(row) != z_dim:
            raise ValueError(f"This model's latents have {z_dim} numbers, not {len(row)}.")
        rows.append(torch.as_tensor(row))
    return torch.stack(rows)


def parse_seeds(text: str) -> list[int]:
    """ "0-63" or "1,5,9-12" -> the seeds, at most 4,096; ValueError for anything else."""
    from gan.settings.config import MAX_SEED

    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if not (checks.is_digits(first) and checks.is_digits(last)):
            raise ValueError(f"seeds must look like 7 or 0-63 or 1,5,9-12, not {text[:40]!r}.")
        start, stop = (checks.integer("seed", int(seed), 0, MAX_SEED) for seed in (first, last))
        if stop < start:
            raise ValueError(f"seeds must run upwards: write {stop}-{start}, not {start}-{stop}.")
        if len(seeds) + stop - start >= 4096:
            raise ValueError("At most 4,096 seeds go into one grid.")
        seeds.extend(range(start, stop + 1))
    return seeds


def parse_moves(texts: list[str]) -> dict[str, dict[str, float]]:
    """["dark skin=1.5", "sefa:3=-2"] -> {"named": {"dark skin": 1.5}, "sefa": {"3": -2.0}}.

    ValueError for anything else; `gan.latent.moves.move` checks sets, names and amounts.
    """
    moves: dict[str, dict[str, float]] = {}
    for text in texts:
        name, _, amount = text.rpartition("=")
        key, _, direction = name.rpartition(":")
        value = _number(amount)
        if not direction or value is None or (key and key not in SET_KEYS):
            raise ValueError(
                f"--move takes a direction and an amount, such as 'dark skin=1.5' or sefa:3=-2, not {text[:40]!r}."
            )
        moves.setdefault(key or "named", {})[direction] = value
    return moves


def parse_numbers(texts: list[str]) -> dict[int, float]:
    """["12=0.5"] -> {12: 0.5}: numbers of z by their index; ValueError for anything else."""
    numbers = {}
    for text in texts:
        index, _, value = (part.strip() for part in text.partition("="))
        if not checks.is_digits(index, 4) or (number := _number(value)) is None:
            raise ValueError(
                f"--number takes an index of z and a value, such as 12=0.5, not {text[:40]!r}."
            )
        numbers[int(index)] = number
    return numbers


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
