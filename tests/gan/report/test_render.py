"""Sheets of a report card's pictures, whatever their size."""

import pytest
import torch

from gan.report.card import Card
from gan.report.render import sheet


@pytest.mark.parametrize(("side", "small"), [(32, 32), (64, 64), (128, 64)])
def test_sheets_of_larger_pictures_have_room(side, small):
    card = Card("faces")
    card.pictures["samples"] = torch.zeros(48, 3, side, side, dtype=torch.uint8)
    assert sheet(card, "samples").shape == (4 * side, 12 * side, 3)
    # The PNG is 900 pixels wide, and 24 at each side are its margin.
    assert sheet(card, "samples", small=True).shape == (4 * small, 12 * small, 3)
    assert 12 * small <= 852
