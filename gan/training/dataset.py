"""What a run trains on: pictures or points as its config asks, and a few that D never sees."""

import dataclasses

import numpy as np
import torch

from gan.data.image_tensors import Images
from gan.data.load import load_images
from gan.data.point_clouds import CLOUDS, draw_points, is_points
from gan.data.point_csv import check_points, fit_points, read_point_file
from gan.data.sources import find_points
from gan.drawn.registry import DRAWN
from gan.settings.config import TrainConfig, method_of
from gan.settings.rules import check_together

POINTS = 50_000
HELD = 128
FEWEST_HELD = 8  # fewer would say nothing of how varied the data are


def load_data(config: TrainConfig) -> Images:
    """What a resolved config trains on, with labels only where G and D are to be told them.

    ValueError where it lacks what the method needs.
    """
    if is_points(config.data):
        return Images(config.data, torch.from_numpy(_points(config)))
    images = pictures_of(config)
    wish = method_of(config).labels
    if wish == "required":
        _check_labels(config, images)
    elif wish == "ignored" or not (_worth_telling(config.data) and _can_be_told(config, images)):
        images = dataclasses.replace(images, labels=None)
    return images


def pictures_of(config: TrainConfig, limit: int | None = None) -> Images:
    """The pictures that a resolved config names, labels and all; the first `limit` if told."""
    most = limit or config.limit
    how = {"fit": config.fit, "background": config.background}
    return load_images(config.data, config.size, config.channels, most, **how)


def told_of(images: Images) -> tuple[str, ...]:
    """What is to be said of pictures that were left out: how many, and why the first was."""
    notes = []
    if images.duplicates:
        notes.append(f"Equal to another picture and left out: {images.duplicates:,}.")
    if images.skipped:
        notes.append(f"Files left out: {len(images.skipped):,}, the first {images.skipped[0]}.")
    return tuple(notes)


def _points(config: TrainConfig) -> np.ndarray:
    if config.data in CLOUDS:
        return draw_points(config.data, config.limit or POINTS)
    points = read_point_file(find_points(config.data))
    return fit_points(check_points(points[: config.limit]))


def _worth_telling(source: str) -> bool:
    # Told only a face's hair, quick learnt no faster, and every walk would jump from one to another.
    return source not in DRAWN or DRAWN[source].kinds


def _can_be_told(config: TrainConfig, images: Images) -> bool:
    """Whether labels would be accepted here if they were required, and tell pictures apart."""
    try:
        check_together(dataclasses.replace(method_of(config), labels="required"))
        _check_labels(config, images)
    except ValueError:
        return False
    return int(images.labels.max()) > 0


def _check_labels(config: TrainConfig, images: Images) -> None:
    if images.labels is None:
        raise ValueError(
            f"The method {config.method} is told classes, and {config.data} has no labels: choose "
            "glyphs, shapes, mnist or cifar10, or a method that needs none."
        )
    classes = int(images.labels.max()) + 1
    if int(images.labels.min()) < 0 or classes > config.z_dim:
        raise ValueError(
            f"{config.data} has labels from {int(images.labels.min())} to {classes - 1}: at most "
            f"z_dim = {config.z_dim} classes, counted from 0, can be told."
        )


def hold_out(images: Images) -> tuple[Images, Images]:
    """(what to train on, up to 128 pictures that D never sees).

    A tenth at most is held out, from all over the data. Where that is fewer than eight none can be
    spared, and both are the same.
    """
    count = min(HELD, len(images) // 10)
    if count < FEWEST_HELD:
        return images, images
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(1))
    return images.subset(order[count:].sort().values), images.subset(order[:count])
