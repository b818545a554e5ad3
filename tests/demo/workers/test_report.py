"""What the job of the Report tab sends of pictures."""

import base64
import io

import pytest
import torch
from PIL import Image

from demo.workers.tasks.report import _sheet
from gan.report.card import Card


@pytest.mark.parametrize(("side", "small"), [(32, 32), (64, 64), (128, 64)])
def test_the_page_gets_previews_of_larger_pictures(side, small):
    card = Card("faces")
    card.pictures["samples"] = torch.zeros(48, 3, side, side, dtype=torch.uint8)
    shown = _sheet(card, "samples")
    assert (shown["size"], shown["columns"], shown["count"]) == (small, 12, 48)
    picture = Image.open(io.BytesIO(base64.b64decode(shown["sheet"])))
    assert picture.size == (12 * small, 4 * small)
