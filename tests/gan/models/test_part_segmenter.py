"""The parts of drawn faces: as they are painted, and as the shipped segmenter sees them."""

import numpy as np
import pytest
import torch

from gan.drawn.faces import PARTS, paint, parts_of
from gan.drawn.factors import name_values
from gan.drawn.registry import DRAWN, factors
from gan.models.part_segmenter import faces_with_parts, iou, load_segmenter, part_ious

FACES = name_values(DRAWN["faces"].all_factors, factors("faces", 60, 5))


def share(face: dict, part: str) -> float:
    return float((np.asarray(parts_of(face, 64)) == PARTS.index(part)).mean())


def test_a_face_has_the_parts_that_its_factors_say():
    for face in FACES:
        assert (share(face, "glasses") > 0) == (face["glasses"] != "none")
        assert share(face, "eyes") > 0 or face["glasses"] == "dark"
        assert all(share(face, part) > 0 for part in ("background", "skin", "brows", "mouth", "shirt"))
    bald = [share(face, "hair") for face in FACES if face["hair"] == "bald"]
    long = [share(face, "hair") for face in FACES if face["hair"] == "long"]
    assert max(bald, default=0.0) < 0.05 < min(long)


def test_what_is_of_one_part_is_of_one_colour():
    face = FACES[0]
    pixels, parts = np.asarray(paint(face, 64)), np.asarray(parts_of(face, 64))
    ground = pixels[parts == PARTS.index("background")].astype(int)
    others = pixels[parts == PARTS.index("hair")].astype(int)
    assert np.abs(ground.mean(0) - others.mean(0)).max() > 20
    assert parts[0, 0] == PARTS.index("background") and parts[63, 32] == PARTS.index("shirt")


def test_the_shipped_segmenter_sees_the_parts_of_faces_that_it_never_saw():
    pixels, parts = faces_with_parts(60, seed=999)
    found = part_ious(load_segmenter(), pixels, parts)
    # Measured on 1,000: 0.70 for brows to 0.99.
    assert min(found.values()) > 0.6 and np.mean(list(found.values())) > 0.8


def test_the_overlap_of_masks_worked_out_by_hand():
    one, other = torch.zeros(2, 4, 4, dtype=torch.bool)
    assert iou(one, other) == 1.0
    one[:2], other[1:3] = True, True
    assert iou(one, other) == pytest.approx(4 / 12)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(ValueError):
        load_segmenter(tmp_path / "model.safetensors")
