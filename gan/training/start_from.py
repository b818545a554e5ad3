"""Training that starts from a model's networks instead of new ones (transfer learning, fine-tuning).

G and its average begin as the model's generator, D as its discriminator, where that was kept. With the first stages
of D left as they are this is FreezeD: Mo, Cho & Shin 2020, "Freeze the Discriminator: a Simple Baseline for
Fine-Tuning GANs", arXiv:2002.10964.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from gan.common.files import digest, load_tensors, read_json
from gan.data.image_tensors import Images
from gan.models.generator import Generator
from gan.models.registry import WEIGHTS_FILE, training_config_of
from gan.models.stages import stage_count
from gan.models.storage import find_generator, read_image_generator
from gan.settings.catalogue import find_method
from gan.settings.config import METHOD_OVERRIDES, TrainConfig, method_of
from gan.settings.hyperparameters import for_family
from gan.settings.starting import short_name, with_settings
from gan.training.discriminator_file import (
    D_SETTINGS,
    EMBEDDING,
    G_SETTINGS,
    KeptDiscriminator,
    read_discriminator,
)
from gan.training.trainer import Trainer

# Stages of D that keep their weights where the run does not say how many.
FROZEN = 1
# Learning rates at most, where the run does not say them: what has been learned is lost in the first steps of larger
# ones (docs/benchmarks.md, "Starting from a model").
RATES = {"g_lr": 2e-4, "d_lr": 1e-3}


@dataclass(frozen=True)
class StartingPoint:
    """The networks of a model that a run starts from. `weights`: the SHA-256 of its generator's file; `data`: what it
    was trained on, empty if unknown."""

    name: str
    data: str
    weights: str
    generator: Generator
    discriminator: KeptDiscriminator | None

    @property
    def settings(self) -> dict[str, object]:
        """The settings that these networks decide, by name."""
        values = {name: getattr(self.generator, each) for each, name in G_SETTINGS.items()}
        return values | (self.discriminator.settings if self.discriminator else {})

    def notes(self, config: TrainConfig) -> tuple[str, ...]:
        """What is to be said of the run's start."""
        usual, rates = for_family(find_method(config.method), config.model), ()
        if config.g_lr < usual.g_lr or config.d_lr < usual.d_lr:
            rates = (
                f"Learning rates {config.g_lr:g} (G) and {config.d_lr:g} (D): small steps keep what it knows.",
            )
        if not self.discriminator:
            return (
                f"Starts from {self.name}, which came without its discriminator: D starts anew.",
                *rates,
            )
        method = method_of(config)
        frozen, count = method.freeze_d, stage_count(method.model, config.size)
        kept = f"; frozen stages of D: {frozen} of {count}" if frozen else ""
        return (f"Starts from {self.name}: from its averaged G and its D{kept}.", *rates)


def open_start(config: TrainConfig) -> StartingPoint:
    """The networks that a config starts from; ValueError if they cannot be read, or are not those that it names."""
    folder = find_generator(config.start_from)
    weights = digest(folder / WEIGHTS_FILE)
    name = short_name(config.start_from)
    if config.start_weights not in (None, weights):
        raise ValueError(
            f"The weights of {name} are not those that the run was to start from: their SHA-256 is "
            f"{weights[:8]}…, not {config.start_weights[:8]}…. Leave start_weights out to start from these."
        )
    trained = training_config_of(str(folder))
    data = trained.data if trained else ""
    return StartingPoint(name, data, weights, read_image_generator(folder), read_discriminator(folder))


def with_start(config: TrainConfig) -> TrainConfig:
    """`config` with the settings that its starting point decides; ValueError where it has chosen others."""
    start = open_start(config)
    config = with_settings(config, start.settings, start.name)
    method = method_of(config)
    rates = {
        name: min(most, getattr(method, name))
        for name, most in RATES.items()
        if getattr(config, name) is None
    }
    frozen = _frozen(config, start)
    return dataclasses.replace(config, start_weights=start.weights, freeze_d=frozen, **rates)


def _frozen(config: TrainConfig, start: StartingPoint) -> int:
    """How many stages of D are frozen; ValueError for more than there are."""
    if config.freeze_d is None:
        return FROZEN if start.discriminator else 0
    if config.freeze_d and not start.discriminator:
        raise ValueError(
            f"freeze_d={config.freeze_d} keeps stages of D, and {start.name} came without its discriminator: leave "
            "freeze_d out, or start from the folder of a run."
        )
    count = stage_count(method_of(config).model, config.size)
    if config.freeze_d > count:
        raise ValueError(
            f"freeze_d must be at most {count} with pictures of {config.size}×{config.size}, not {config.freeze_d}: "
            "D has no more stages."
        )
    return config.freeze_d


def as_saved(config: TrainConfig, saved: TrainConfig) -> TrainConfig:
    """`config` with what the start of the run decided, from the run's saved config: the model may be gone."""
    names = ("size", "channels", "start_weights", *METHOD_OVERRIDES)
    fields = {name: getattr(saved, name) for name in names if getattr(config, name) is None}
    shaping = (*G_SETTINGS.values(), *D_SETTINGS)
    changes = {name: value for name, value in saved.changes.items() if name in shaping}
    return dataclasses.replace(config, **fields, changes=changes | config.changes)


def classes_in(folder: str | Path) -> int:
    """The number of classes of the generator in a run's folder."""
    return read_json(Path(folder) / "config.json").get("classes", 0)


def fit_classes(config: TrainConfig, images: Images, classes: int) -> tuple[Images, tuple[str, ...]]:
    """(the data for a run that starts from a G with so many classes, what is to be said of them).

    Labels stay where they name as many classes. Otherwise they are left out: G keeps its classes, as a part of z,
    and D does not see them. ValueError if the method requires labels.
    """
    name = short_name(config.start_from)
    if images.labels is None:
        kept = f"These pictures have no labels: each of the {classes} classes of {name} learns all of them."
        return images, (kept,) if classes else ()
    count = int(images.labels.max()) + 1
    if count == classes:
        return images, ()
    has = f"{name} draws {classes} classes" if classes else f"{name} knows no classes"
    if method_of(config).labels == "required":
        raise ValueError(
            f"{has}, and {config.data} has {count}: a class-conditional method needs as many. Choose labels=ignored, "
            "or start from another model or from nothing."
        )
    return images.without_labels(), (
        f"{has}, and these pictures have {count}: their labels are ignored.",
    )


def load_start(trainer: Trainer, start: StartingPoint) -> None:
    """Put the networks of `start` into a new trainer; ValueError if its D has another shape."""
    for net in (trainer.g, trainer.g_ema):
        net.load_state_dict(start.generator.state_dict())
    if start.discriminator:
        new = trainer.d.state_dict()
        # A D that is shown other classes than before, or none, keeps all but what it knew of them.
        tensors = {
            key: value
            for key, value in start.discriminator.tensors.items()
            if key in new or not key.startswith(EMBEDDING)
        }
        classes = {key: value for key, value in new.items() if key.startswith(EMBEDDING)}
        load_tensors(trainer.d, classes | tensors, f"The discriminator of {start.name}")
    trainer.remember_weights()
