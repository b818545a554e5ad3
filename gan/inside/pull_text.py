"""Pulls (`gan.inside.drag`) as text, beside other edits (`gan.inside.edit_text`), parted by commas:

    pull.34.40.46.40x23                 what is at (34, 40) is pulled to (46, 40), in at most 23 steps
    pull.34.40.46.40+60.40.66.40x23     two points at once
    pull.34.40.46.40x23h20.90h60.90     what is around (20, 90) and (60, 90) is held meanwhile

Places are in pixels from the top left, whole or with one decimal after a dash: 34-5.
"""

import re

from gan.inside.limits import MAX_LETTERS, MAX_STEPS
from gan.inside.pulls import Place, Pull, check_pulls

EXAMPLE = "pull.34.40.46.40x23"
NUMBER = r"\d{1,3}(?:-\d)?"
PAIR = rf"{NUMBER}(?:\.{NUMBER}){{3}}"
PULL = re.compile(rf"pull\.({PAIR}(?:\+{PAIR})*)x(\d{{1,2}})((?:h{NUMBER}\.{NUMBER})*)", re.ASCII)


def split_pulls(text: str, size: int) -> tuple[str, list[Pull]]:
    """The other edits in a text, and its pulls in their order, for pictures of this size.

    ValueError for a text that is too long, and pulls that are malformed, too many or outside of the picture.
    """
    if len(text) > MAX_LETTERS:
        raise ValueError(f"edits must be a text of at most {MAX_LETTERS:,} letters.")
    others, pulls = [], []
    for part in map(str.strip, text.split(",")):
        if found := PULL.fullmatch(part):
            pairs, steps, holds = found.groups()
            held = tuple(_places(hold)[0] for hold in holds.split("h")[1:])
            pulls.append(Pull(tuple(map(_places, pairs.split("+"))), int(steps), held))
        elif part.startswith("pull."):
            raise ValueError(
                f"{part[:40]!r} is no pull of a point: such as {EXAMPLE} (at most {MAX_STEPS} steps)."
            )
        else:
            others.append(part)
    check_pulls(pulls, size)
    return ",".join(others), pulls


def pull_text(pull: Pull) -> str:
    """The text of a pull, its places rounded to tenths of a pixel."""
    pairs = "+".join(".".join(map(_place_text, pair)) for pair in pull.pairs)
    holds = "".join(f"h{_place_text(place)}" for place in pull.holds)
    return f"pull.{pairs}x{pull.steps}{holds}"


def _places(text: str) -> tuple[Place, ...]:
    numbers = [float(number.replace("-", ".")) for number in text.split(".")]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _place_text(place: Place) -> str:
    return ".".join(f"{number:.1f}".removesuffix(".0").replace(".", "-") for number in place)
