"""`Method`: every choice that makes one way to train a GAN, as plain data that can be checked.

The loop reads these choices and knows no method by name. What does not go together is refused in
gan/settings/rules.py; the named methods themselves are in gan/methods/.
"""

import dataclasses
from dataclasses import dataclass, field

from gan.common import checks

FAMILIES = ("dcgan", "tutorial", "resnet", "progressive", "mlp")
IMAGE_FAMILIES = FAMILIES[:-1]
ACTIVATIONS = ("leaky_relu", "relu", "tanh")
NOISES = ("gaussian", "uniform")
POINTS_ONLY = ("depth", "d_depth", "activation", "noise")
LABELS = ("ignored", "used", "required")
D_NORMS = ("batch", "none")
G_NORMS = ("batch", "virtual", "none")
LOSSES = ("minimax", "nonsaturating", "lsgan", "hinge", "wasserstein", "relativistic")
SLOPES_AT = ("interpolates", "around_real")
OPTIMISERS = ("adam", "rmsprop")
PRECISIONS = ("float32", "bfloat16", "fastest")
AUGMENTATIONS = ("color", "translation", "cutout")
MOST_UNROLLED = 20


@dataclass(frozen=True)
class Method:
    """One way to train a GAN, with its defaults for 32×32 images.

    `points` holds what differs where the data are 2-D points; None: it makes no sense there.
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

    # The networks.
    model: str = "dcgan"
    width: int = 32  # of G at 32×32; at 64×64 half of it, so that the 4×4 base is as wide
    d_width: int | None = None  # of D at any size; None: G's
    z_dim: int = 64
    depth: int = 3  # hidden layers of G; this and the next three are for points only
    d_depth: int | None = None  # of D; None: G's
    activation: str = "leaky_relu"  # between the layers of both
    noise: str = "gaussian"  # what G makes points of; z is normal, and uniform noise made of it
    d_norm: str = "batch"  # normalisation in D
    g_norm: str = "batch"
    spectral_norm: bool = False  # divide each weight matrix of D by its largest singular value
    minibatch_discrimination: int = 0  # kernels that compare the pictures of a batch; 0: none
    minibatch_stddev: bool = False  # show D how much a batch varies
    # Whether G and D are told the classes: never, where the data has labels, or on those data only.
    labels: str = "ignored"

    # The game.
    loss: str = "nonsaturating"  # gan.training.losses.LOSSES
    real_label: float = 1.0  # what D is asked to say of real pictures,
    fake_label: float = 0.0  # and of fakes
    adversarial: float = 1.0  # weight of the loss in what G minimises
    feature_matching: float = 0.0  # weight
    confidence: float = 0.0  # weight of the penalty on a D that is sure
    vat: float = 0.0  # weight of virtual adversarial training of D
    vat_radius: float = 2.0  # ε
    n_critic: int = 1  # D updates a step
    g_steps: int = 1  # G updates a step
    unroll: int = 0  # D updates that G looks ahead

    # Penalties and constraints.
    r1: float = 0.0  # γ of the penalty on D's slope at real pictures; 0: none
    r2: float = 0.0  # γ at fakes
    penalty_every: int = 1  # steps from one slope penalty to the next, each as much stronger
    slope: float = 0.0  # λ of the penalty on slopes other than 1; 0: none
    slope_at: str = "interpolates"
    weight_clip: float = 0.0  # every weight of D stays within ± this; 0: no limit
    orthogonal: float = 0.0  # weight of the penalty on G's filters that are not at right angles
    historical: float = 0.0  # weight of the distance to the mean of all past weights

    # What D sees.
    instance_noise: float = 0.0  # σ at the start, in pixels from -1 to 1
    noise_until: float = 0.5  # share of the budget at which it has fallen to 0
    augment: str = ""  # comma-separated AUGMENTATIONS

    # How they learn.
    optimiser: str = "adam"
    g_lr: float = 2e-4
    d_lr: float = 2e-4
    beta1: float = 0.5  # of Adam
    beta2: float = 0.999  # of Adam; of RMSprop its only one
    lr_end: float = 1.0  # learning rates fall linearly to this share at the end of the budget
    lr_half: int = 0  # images after which they are half, and so on as 1 / (1 + n / lr_half); 0: never
    batch: int = 64
    # Of the arithmetic inside the networks (weights are float32). "fastest": bfloat16 where the
    # machine has it in hardware, else float32.
    precision: str = "float32"
    ema_images: int = 0  # half-life, in images, of the generator that is shown; 0: G itself

    points: dict | None = field(default_factory=dict)

    @property
    def depth_of_d(self) -> int:
        """Hidden layers of D: its own number, or G's."""
        return self.d_depth or self.depth


# What every method has otherwise where the data are points. Small steps at the end, and an average, are
# what brings dots into modes as narrow as the ring's; narrow and deep networks learn the most in a
# second (docs/benchmarks.md, "Points").
ON_POINTS = {
    "model": "mlp",
    "width": 48,
    "d_width": 48,
    "depth": 5,
    "z_dim": 2,
    "g_norm": "none",
    "d_norm": "none",
    "labels": "ignored",
    "batch": 256,
    "g_lr": 3e-3,
    "d_lr": 3e-3,
    "penalty_every": 1,
    "lr_end": 0.0,
    "lr_half": 0,
    "precision": "float32",
    "ema_images": 20_000,
}


# Steps over which what falls with time falls, in a game on points that was given no budget in steps.
HORIZON = 10_000


def for_points(method: Method) -> Method:
    """`method` with the defaults that suit 2-D points; ValueError where it makes no sense there."""
    if method.points is None:
        raise ValueError(f"The method {method.name} is for pictures: it makes no sense for points.")
    return dataclasses.replace(method, **{**ON_POINTS, **method.points})


def _one_of(choices: tuple):
    return lambda name, value: checks.choice(name, value, choices)


def _integer(low: int, high: int):
    return lambda name, value: checks.integer(name, value, low, high)


def _number(low: float, high: float):
    return lambda name, value: checks.number(name, value, low, high)


def _augmentations(name: str, value: object) -> str:
    if value in ("", "none"):
        return ""
    parts = [part.strip() for part in checks.text(name, value).split(",")]
    return ",".join(checks.choice(name, part, AUGMENTATIONS) for part in dict.fromkeys(parts))


def _unrolled(name: str, value: object) -> int:
    steps = checks.integer(name, value, 0, 10**6)
    if steps > MOST_UNROLLED:
        raise ValueError(
            f"unroll = {steps:,} would look {steps:,} updates of D ahead in every update of G, at "
            f"about {3 * steps:,} times the cost of a plain one: choose 0 to {MOST_UNROLLED}."
        )
    return steps


# What may be chosen, and how each choice is checked.
CHECKS = {
    "model": _one_of(FAMILIES),
    "width": _integer(4, 128),
    "d_width": _integer(4, 128),
    "z_dim": _integer(1, 1024),
    "depth": _integer(1, 8),
    "d_depth": _integer(1, 8),
    "activation": _one_of(ACTIVATIONS),
    "noise": _one_of(NOISES),
    "d_norm": _one_of(D_NORMS),
    "g_norm": _one_of(G_NORMS),
    "spectral_norm": checks.flag,
    "minibatch_discrimination": _integer(0, 200),
    "minibatch_stddev": checks.flag,
    "labels": _one_of(LABELS),
    "loss": _one_of(LOSSES),
    "real_label": _number(0.5, 1.2),
    "fake_label": _number(-0.2, 0.5),
    "adversarial": _number(0, 10),
    "feature_matching": _number(0, 100),
    "confidence": _number(0, 10),
    "vat": _number(0, 10),
    "vat_radius": _number(1e-3, 100),
    "n_critic": _integer(1, 20),
    "g_steps": _integer(1, 20),
    "unroll": _unrolled,
    "r1": _number(0, 1000),
    "r2": _number(0, 1000),
    "penalty_every": _integer(1, 64),
    "slope": _number(0, 1000),
    "slope_at": _one_of(SLOPES_AT),
    "weight_clip": _number(0, 10),
    "orthogonal": _number(0, 1),
    "historical": _number(0, 100),
    "instance_noise": _number(0, 2),
    "noise_until": _number(0.01, 1),
    "augment": _augmentations,
    "optimiser": _one_of(OPTIMISERS),
    "g_lr": _number(1e-7, 1),
    "d_lr": _number(1e-7, 1),
    "beta1": _number(0, 0.999),
    "beta2": _number(0, 0.99999),
    "lr_end": _number(0, 1),
    "lr_half": _integer(0, 10_000_000),
    "batch": _integer(2, 1024),
    "precision": _one_of(PRECISIONS),
    "ema_images": _integer(0, 10_000_000),
}


def changed(method: Method, changes: dict) -> Method:
    """`method` with some choices made otherwise; ValueError for unknown names and bad values."""
    return dataclasses.replace(method, **{name: check(name, value) for name, value in changes.items()})


def check(name: object, value: object) -> object:
    """`value` in its proper type if the choice called `name` may have it; ValueError otherwise."""
    if not isinstance(name, str) or name not in CHECKS:
        raise ValueError(f"There is no setting called {name!r}: choose from {', '.join(CHECKS)}.")
    return CHECKS[name](name, value)
