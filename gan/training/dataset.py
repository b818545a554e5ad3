"""The data of a training run: pictures or points as the config says, and a held-out part of them."""

import dataclasses

import numpy as np
import torch

from gan.data.image_tensors import Images
from gan.data.load import load_images
from gan.data.point_clouds import CLOUDS, draw_points, is_points
from gan.data.point_csv import check_points, fit_points, read_point_file
from gan.data.sources import find_points
from gan.settings.config import TrainConfig, method_of
from gan.settings.rules import check_together

POINTS = 50_000
MAX_HELD_OUT = 128
MIN_HELD_OUT = 8  # fewer do not show how varied the data are


def load_data(config: TrainConfig) -> Images:
    """The data of a resolved config, with labels only if G and D are to be class-conditional.

    Pictures uint8 (N, C, size, size), points float32 (N, 2). ValueError for data that cannot be read
    or lack the labels that the method requires.
    """
    if is_points(config.data):
        return Images(config.data, torch.from_numpy(_points(config)))
    images = load_pictures(config)
    labels = method_of(config).labels
    if labels == "required":
        _check_labels(config, images)
    elif labels == "ignored" or not _labels_fit(config, images):
        images = images.without_labels()
    return images


def load_pictures(config: TrainConfig, limit: int | None = None) -> Images:
    """The pictures that a resolved config names, with their labels; at most `limit` of them."""
    most = limit or config.limit
    how = {"fit": config.fit, "background": config.background}
    return load_images(config.data, config.size, config.channels, most, **how)


def skipped_notes(images: Images) -> tuple[str, ...]:
    """Messages about skipped pictures: how many, and why the first was."""
    notes = []
    if images.duplicates:
        notes.append(f"Equal to another picture and left out: {images.duplicates:,}.")
    if images.left_out:
        first = f", the first {images.skipped[0]}" if images.skipped else ""
        notes.append(f"Files left out: {images.left_out:,}{first}.")
    return (*notes, *images.notes)


def _points(config: TrainConfig) -> np.ndarray:
    if config.data in CLOUDS:
        return draw_points(config.data, config.limit or POINTS)
    points = read_point_file(find_points(config.data))
    return fit_points(check_points(points[: config.limit]))


def _labels_fit(config: TrainConfig, images: Images) -> bool:
    """Whether method and networks accept the labels, and there are at least two classes."""
    try:
        check_together(dataclasses.replace(method_of(config), labels="required"))
        _check_labels(config, images)
    except ValueError:
        return False
    return int(images.labels.max()) > 0


def _check_labels(config: TrainConfig, images: Images) -> None:
    if images.labels is None:
        raise ValueError(
            f"The method {config.method} is class-conditional, and {config.data} has no labels: choose "
            "glyphs, shapes, mnist or cifar10, or a method that needs none."
        )
    classes = int(images.labels.max()) + 1
    if int(images.labels.min()) < 0 or classes > config.z_dim:
        raise ValueError(
            f"{config.data} has labels from {int(images.labels.min())} to {classes - 1}: there can be at "
            f"most z_dim = {config.z_dim} classes, counted from 0."
        )


def hold_out(images: Images) -> tuple[Images, Images]:
    """Split into (training data, held-out data): a random tenth, at most 128, always the same.

    It is stratified by label: a class of fewer than six items keeps all of them in training. Where a tenth is
    fewer than eight, nothing is held out and both are all of the data.
    """
    count = min(MAX_HELD_OUT, len(images) // 10)
    if count < MIN_HELD_OUT:
        return images, images
    order = images.order(seed=1)
    return images.subset(order[count:].sort().values), images.subset(order[:count])
