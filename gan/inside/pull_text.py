"""Pulls and holds (`gan.inside.drag`) as text, beside other edits (`gan.inside.edit_text`), parted by commas:

    pull.34.40.46.40x23                 what is at (34, 40) is pulled to (46, 40), in at most 23 steps
    pull.34.40.46.40+60.40.66.40x23     two points at once
    hold.20.90                          what is around (20, 90) is to stay

Places are in pixels from the top left, whole or with one decimal after a dash: 34-5.
"""

import re

from gan.inside.drag import Place, Pull, check_pulls
from gan.inside.limits import MAX_LETTERS, MAX_STEPS

EXAMPLE = "pull.34.40.46.40x23 or hold.20.90"
NUMBER = r"\d{1,3}(?:-\d)?"
PAIR = rf"{NUMBER}(?:\.{NUMBER}){{3}}"
PULL = re.compile(rf"pull\.({PAIR}(?:\+{PAIR})*)x(\d{{1,2}})", re.ASCII)
HOLD = re.compile(rf"hold\.({NUMBER}\.{NUMBER})", re.ASCII)


def split_pulls(text: str, size: int) -> tuple[str, list[Pull], list[Place]]:
    """The other edits in a text, its pulls in their order, and its holds, for pictures of this size.

    ValueError for pulls and holds that are malformed, too many or outside of the picture.
    """
    others, pulls, holds = [], [], []
    for part in map(str.strip, text[: MAX_LETTERS + 1].split(",")):
        if found := PULL.fullmatch(part):
            pulls.append(Pull(tuple(map(_pair, found[1].split("+"))), int(found[2])))
        elif found := HOLD.fullmatch(part):
            holds.append(tuple(map(_number, found[1].split("."))))
        elif part.startswith(("pull.", "hold.")):
            raise ValueError(
                f"{part[:40]!r} is no pull of a point: such as {EXAMPLE} (at most {MAX_STEPS} steps)."
            )
        else:
            others.append(part)
    check_pulls(pulls, holds, size)
    return ",".join(others), pulls, holds


def pull_text(pull: Pull) -> str:
    """The text of a pull, its places rounded to tenths of a pixel."""
    pairs = "+".join(
        ".".join(_text(number) for place in pair for number in place) for pair in pull.pairs
    )
    return f"pull.{pairs}x{pull.steps}"


def _pair(text: str) -> tuple[Place, Place]:
    x, y, to_x, to_y = map(_number, text.split("."))
    return (x, y), (to_x, to_y)


def _number(text: str) -> float:
    return float(text.replace("-", "."))


def _text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0").replace(".", "-")
