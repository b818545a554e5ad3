"""Rows of an image dataset on the Hugging Face Hub, or of a local folder of parquet files."""

from collections.abc import Iterator
from pathlib import Path

from gan.drawn.registry import DRAWN

LABELS = ("label", "labels", "fine_label", "class")


def iterate_rows(place: str, split: str) -> Iterator[tuple[str, bytes, object]]:
    """(name, encoded image, label or None) of every row of a folder of parquet files or a Hub id.

    Reads the first image column of the split called `split` or, if there is none, of the first split. Rows
    on the Hub are streamed. ValueError without readable images, or if the Hub cannot be reached.
    """
    from datasets import Image as ImageFeature
    from datasets import load_dataset
    from huggingface_hub import HfApi

    local = Path(place).is_dir()
    offline_help = (
        f"{place} could not be reached on the Hugging Face Hub (no network, or no such dataset). "
        f"Use a drawn source instead: {', '.join(DRAWN)}."
    )
    try:
        if not local:
            # Fails fast: without a network, `load_dataset` would retry for half a minute.
            HfApi().dataset_info(place, timeout=10)
        splits = load_dataset(place, streaming=True)
        chosen = splits[split] if split in splits else splits[next(iter(splits))]
        features = chosen.features or chosen._resolve_features().features
    except Exception as error:  # its own kinds of exceptions and the network's
        empty = f"{place} holds no pictures that can be read: at least 2 are needed."
        raise ValueError(empty if local else offline_help) from error
    column = next((name for name, kind in features.items() if isinstance(kind, ImageFeature)), None)
    if column is None:
        raise ValueError(f"{place} has no column of images: it has {', '.join(features)}.")
    label = next((name for name in LABELS if name in features), None)
    chosen = chosen.cast_column(column, ImageFeature(decode=False))
    try:
        for index, row in enumerate(chosen):
            name = Path(row[column].get("path") or f"row {index}").name
            content = row[column].get("bytes")
            if content is None:
                content = Path(row[column]["path"]).read_bytes()
            yield name, content, row.get(label)
    except (OSError, RuntimeError) as error:
        raise ValueError(
            f"{place} broke off while reading: {error}" if local else offline_help
        ) from error
