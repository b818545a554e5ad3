"""`Method`: every choice that makes one way to train a GAN, as plain data that can be checked.

The training loop reads these choices and knows no method by name (those are in gan/settings/catalogue/).
"""

import dataclasses
from dataclasses import dataclass, field

from gan.common import checks
from gan.settings.declare import (
    FLAG,
    IMAGES,
    POINTS,
    integer,
    number,
    one_of,
    setting,
    settings_of,
    text,
)

FAMILIES = ("dcgan", "tutorial", "resnet", "progressive", "wavelet", "haar", "palette", "mlp")
IMAGE_FAMILIES = FAMILIES[:-1]
HAAR_FAMILIES = ("haar", "palette")  # plain layers that write and read Haar bands
GROWING = ("progressive", "wavelet", *HAAR_FAMILIES)  # whose later stages begin while they learn
ACTIVATIONS = ("leaky_relu", "relu", "tanh")
NOISES = ("gaussian", "uniform")
LABELS = ("ignored", "used", "required")
D_NORMS = ("batch", "none")
G_NORMS = ("batch", "modulated", "virtual", "none")
LOSSES = ("minimax", "nonsaturating", "lsgan", "hinge", "wasserstein", "relativistic")
SLOPES_AT = ("interpolates", "around_real")
OPTIMISERS = ("adam", "rmsprop")
PRECISIONS = ("float32", "bfloat16", "fastest")
AUGMENTATIONS = ("color", "translation", "cutout")
MAX_UNROLLED = 20
MAX_FROZEN = 5
MIN_WIDTH, MAX_WIDTH = 4, 128  # of G and D, in channels beside the picture


def _augmentations(name: str, value: object) -> str:
    if value in ("", "none"):
        return ""
    parts = [part.strip() for part in checks.text(name, value).split(",")]
    return ",".join(checks.choice(name, part, AUGMENTATIONS) for part in dict.fromkeys(parts))


def _unrolled(name: str, value: object) -> int:
    steps = checks.integer(name, value, 0, 10**6)
    if steps > MAX_UNROLLED:
        raise ValueError(
            f"unroll = {steps:,} would look {steps:,} updates of D ahead in every update of G, at "
            f"about {3 * steps:,} times the cost of a plain one: choose 0 to {MAX_UNROLLED}."
        )
    return steps


@dataclass(frozen=True)
class Method:
    """One way to train a GAN, with its defaults for 32×32 images.

    `points` holds what differs where the data are 2-D points; None: it makes no sense there. `colour`, where it is
    not empty, holds what differs where the pictures are in colour: a network family, and what suits that.
    """

    # What people read; `equation` is LaTeX: what the method changes in the loop.
    name: str
    title: str
    group: str
    summary: str  # one line: what it is
    paper: str
    link: str
    cures: str
    risks: str
    equation: str

    # fmt: off
    # The networks.
    model: str = setting("dcgan", one_of(FAMILIES), "network family", "mlp is for points", option=True,
        shapes_networks=True)
    # At 64×64 half of it and at 128×128 a quarter, so that the 4×4 base is as wide.
    width: int = setting(32, integer(MIN_WIDTH, MAX_WIDTH), "width of G",
        "channels beside the picture; wider is abler and slower", option=True, shapes_networks=True)
    d_width: int | None = setting(None, integer(MIN_WIDTH, MAX_WIDTH), "width of D",
        "channels beside the picture; as wide as G if not given", option=True, shapes_networks=True)
    z_dim: int = setting(64, integer(1, 1024), "length of z", "how many numbers make a picture",
        option=True, shapes_networks=True)
    depth: int = setting(3, integer(1, 8), "hidden layers of G", only_for=POINTS, shapes_networks=True,
        reason="that of networks for pictures follows from their size.")
    d_depth: int | None = setting(None, integer(1, 8), "hidden layers of D",
        "as many as G's if not given", only_for=POINTS, shapes_networks=True,
        reason="that of networks for pictures follows from their size.")
    activation: str = setting("leaky_relu", one_of(ACTIVATIONS), "activation",
        "function between the layers of both networks", only_for=POINTS,
        reason="networks for pictures have those of their family.")
    noise: str = setting("gaussian", one_of(NOISES), "distribution of G's noise",
        "uniform noise is made of z, which stays normal", only_for=POINTS,
        reason="what makes pictures is always normal: leave it gaussian.")
    d_norm: str = setting("batch", one_of(D_NORMS), "normalisation in D", shapes_networks=True)
    g_norm: str = setting("batch", one_of(G_NORMS), "normalisation in G",
        "modulated takes scales and shifts from z at each layer", shapes_networks=True)
    spectral_norm: bool = setting(False, FLAG, "spectral normalisation of D",
        "divide each of its weight matrices by its largest singular value", shapes_networks=True)
    minibatch_discrimination: int = setting(0, integer(0, 200), "minibatch discrimination",
        "kernels that compare the pictures of a batch; 0: none", none_at_zero=True,
        shapes_networks=True)
    minibatch_stddev: bool = setting(False, FLAG, "minibatch standard deviation",
        "show D how much a batch varies", shapes_networks=True)
    labels: str = setting("ignored", one_of(LABELS), "labels",
        "whether G and D are conditional on classes; used: where the data have them",
        shapes_networks=True)

    # Losses, and how often each network is updated.
    loss: str = setting("nonsaturating", one_of(LOSSES), "loss")
    real_label: float = setting(1.0, number(0.5, 1.2), "D's target for real pictures")
    fake_label: float = setting(0.0, number(-0.2, 0.5), "D's target for fakes")
    adversarial: float = setting(1.0, number(0, 10), "weight of the adversarial loss",
        "in what G minimises", none_at_zero=True)
    auxiliary: float = setting(0.0, number(0, 10), "auxiliary classifier",
        "where there are classes: weight of naming them, in what D and G minimise",
        only_for=IMAGES, none_at_zero=True)
    feature_matching: float = setting(0.0, number(0, 100), "feature matching",
        "its weight in what G minimises", none_at_zero=True)
    confidence: float = setting(0.0, number(0, 10), "confidence penalty",
        "weight of the penalty on a D that is sure", none_at_zero=True)
    vat: float = setting(0.0, number(0, 10), "virtual adversarial training",
        "its weight in what D minimises", none_at_zero=True)
    vat_radius: float = setting(2.0, number(1e-3, 100), "radius ε of virtual adversarial training",
        belongs_to=("vat",))
    n_critic: int = setting(1, integer(1, 20), "D updates a step",
        "how often D learns before G does once", option=True)
    g_steps: int = setting(1, integer(1, 20), "G updates a step")
    unroll: int = setting(0, integer(0, MAX_UNROLLED, _unrolled), "D updates that G looks ahead",
        none_at_zero=True)

    # Penalties and constraints.
    r1: float = setting(0.0, number(0, 1000), "R1 penalty γ", "on D's slope at real pictures; 0: none",
        none_at_zero=True)
    r2: float = setting(0.0, number(0, 1000), "R2 penalty γ", "on D's slope at fakes; 0: none",
        none_at_zero=True)
    penalty_every: int = setting(1, integer(1, 64), "steps from one penalty to the next",
        "each as much stronger", belongs_to=("r1", "r2", "slope"))
    slope: float = setting(0.0, number(0, 1000), "gradient penalty λ",
        "on slopes of D other than 1; 0: none", none_at_zero=True)
    slope_at: str = setting("interpolates", one_of(SLOPES_AT), "gradient penalty taken",
        "at interpolates as by WGAN-GP, or around_real as by DRAGAN", belongs_to=("slope",))
    weight_clip: float = setting(0.0, number(0, 10), "weights of D clipped at",
        "each stays within ± this; 0: no limit", none_at_zero=True)
    orthogonal: float = setting(0.0, number(0, 1), "orthogonal regularisation",
        "weight of the penalty on G's filters that are not at right angles", none_at_zero=True)
    historical: float = setting(0.0, number(0, 100), "historical averaging",
        "weight of the distance to the mean of all past weights", none_at_zero=True)

    # What D sees.
    instance_noise: float = setting(0.0, number(0, 2), "instance noise σ",
        "at the start, in pixels from -1 to 1", none_at_zero=True)
    noise_until: float = setting(0.5, number(0.01, 1), "noise gone after this share of the budget",
        belongs_to=("instance_noise",))
    augment: str = setting("", text(_augmentations), "augmentation of what D sees",
        f"any of {', '.join(AUGMENTATIONS)}, with commas between", only_for=IMAGES)

    # Optimisers.
    optimiser: str = setting("adam", one_of(OPTIMISERS), "optimiser")
    g_lr: float = setting(2e-4, number(1e-7, 1), "learning rate of G",
        "too large and it jumps about, too small and nothing moves", option=True)
    d_lr: float = setting(2e-4, number(1e-7, 1), "learning rate of D",
        "larger makes it a stronger critic", option=True)
    beta1: float = setting(0.5, number(0, 0.999), "β₁", "momentum of Adam")
    beta2: float = setting(0.999, number(0, 0.99999), "β₂", "of Adam; of RMSprop its only one")
    lr_end: float = setting(1.0, number(0, 1), "share of the learning rates left at the end",
        "they fall to it linearly")
    lr_half: int = setting(0, integer(0, 10_000_000), "images after which the learning rates are half",
        "they fall as 1 / (1 + n / lr_half), n images seen; 0: never", none_at_zero=True)
    freeze_d: int = setting(0, integer(0, MAX_FROZEN), "frozen stages of D",
        "its first keep their weights, in a run that starts from a model; 0: none", only_for=IMAGES,
        none_at_zero=True, option=True)
    batch: int = setting(64, integer(2, 1024), "batch", "pictures in one update", option=True)
    precision: str = setting("float32", one_of(PRECISIONS), "precision",
        "of the arithmetic inside the networks, whose weights are float32; fastest is bfloat16 where "
        "the machine has it in hardware", option=True)
    ema_images: int = setting(0, integer(0, 10_000_000), "half-life of G's average",
        "of the generator that is shown; 0: G itself", unit="images", none_at_zero=True, option=True)
    # fmt: on

    points: dict | None = field(default_factory=dict)
    colour: dict = field(default_factory=dict)

    @property
    def depth_of_d(self) -> int:
        """Hidden layers of D: its own number, or G's."""
        return self.d_depth or self.depth


CHOICES = settings_of(Method)


# What every method has otherwise where the data are points. Small steps at the end, and an average, are
# what brings dots into modes as narrow as the ring's; narrow and deep networks learn the most in a
# second (docs/benchmarks.md, "Points").
ON_POINTS = {
    "model": "mlp", "width": 48, "d_width": 48, "depth": 5, "z_dim": 2,
    "g_norm": "none", "d_norm": "none", "labels": "ignored",
    "batch": 256, "g_lr": 3e-3, "d_lr": 3e-3, "penalty_every": 1, "lr_end": 0.0, "lr_half": 0,
    "precision": "float32", "ema_images": 20_000,
}  # fmt: skip


# Steps over which what falls with time falls, in a training session on points without a budget in steps.
HORIZON = 10_000


def for_points(method: Method) -> Method:
    """`method` with the defaults that suit 2-D points; ValueError where it makes no sense there."""
    if method.points is None:
        raise ValueError(f"The method {method.name} is for pictures: it makes no sense for points.")
    return dataclasses.replace(method, **{**ON_POINTS, **method.points})


def for_family(method: Method, family: str | None) -> Method:
    """`method` as it is for networks of `family`: with what suits those of colour pictures if they are."""
    if method.colour and family in HAAR_FAMILIES:
        return dataclasses.replace(method, **method.colour)
    return method


def changed(method: Method, changes: dict) -> Method:
    """`method` with some choices made otherwise; ValueError for unknown names and bad values."""
    return dataclasses.replace(method, **{name: check(name, value) for name, value in changes.items()})


def check(name: object, value: object) -> object:
    """`value` in its proper type if the choice called `name` may have it; ValueError otherwise."""
    if not isinstance(name, str) or name not in CHOICES:
        raise ValueError(f"There is no setting called {name!r}: choose from {', '.join(CHOICES)}.")
    return CHOICES[name].check(value)
