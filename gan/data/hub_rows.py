"""Rows of a dataset in the Hub's form, here or on the Hub itself: pictures as bytes, with labels."""

from collections.abc import Iterator
from pathlib import Path

from gan.drawn.registry import DRAWN

LABELS = ("label", "labels", "fine_label", "class")


def rows(place: str, split: str) -> Iterator[tuple[str, bytes, object]]:
    """(name, file content, label) of every picture of a folder of parquet files or of a Hub id.

    The split called `split` if there is one, else the first; the first column of images. Rows of the
    Hub are fetched as they are asked for. ValueError if there are none, or the Hub is not reached.
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
            # Asked once: without a network, `load_dataset` itself would try for half a minute.
            HfApi().dataset_info(place, timeout=10)
        splits = load_dataset(place, streaming=True)
        chosen = splits[split] if split in splits else splits[next(iter(splits))]
        features = chosen.features or chosen._resolve_features().features
    except Exception as error:  # datasets raises many kinds, its own and the network's
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
