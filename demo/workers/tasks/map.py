"""The job of Inside's map: read it beside the weights, or draw it."""

from collections.abc import Iterator
from pathlib import Path

from gan.maps.latent_map import REALS, draw_map
from gan.maps.map_file import SHEET, as_dict, read_map, sheet_of
from gan.models.storage import find_generator, load_generator


def draw(
    source: str, roots: list[Path] | None, data: str, with_reals: bool, how: dict[str, str]
) -> Iterator[dict]:
    """The map of the generator at `source`; yields {doing, part}, at last {map (`as_dict`), files}.

    `data`: what it was trained on, "" if unknown; `with_reals`: whether pictures of these lie on the map, cut as `how`
    says.
    """
    stored = read_map(find_generator(source, roots))
    if stored:
        content, sheet = stored
        yield {"map": content, "files": {SHEET: sheet}}
        return
    generator = load_generator(source, roots)
    for progress in draw_map(generator, data, reals=REALS if with_reals else 0, **how):
        yield {"doing": progress.doing, "part": progress.part}
    yield {"map": as_dict(progress.made), "files": {SHEET: sheet_of(progress.made)}}
