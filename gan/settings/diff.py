"""What differs between two runs' settings, in words."""

from gan.settings.config import TrainConfig, method_of
from gan.settings.method import CHECKS

# What people call each choice; the rest are called by their own names.
WORDS = {
    "model": "networks",
    "width": "width of G",
    "d_width": "width of D",
    "z_dim": "length of z",
    "depth": "hidden layers of G",
    "d_depth": "hidden layers of D",
    "noise": "what G makes points of",
    "d_norm": "normalisation in D",
    "g_norm": "normalisation in G",
    "spectral_norm": "spectral normalisation of D",
    "minibatch_stddev": "minibatch standard deviation",
    "labels": "labels",
    "real_label": "D is asked to say of reals",
    "fake_label": "D is asked to say of fakes",
    "adversarial": "weight of the game in G's loss",
    "confidence": "confidence penalty",
    "vat": "virtual adversarial training",
    "vat_radius": "its radius ε",
    "n_critic": "D updates a step",
    "g_steps": "G updates a step",
    "unroll": "D updates that G looks ahead",
    "r1": "R1 penalty γ",
    "r2": "R2 penalty γ",
    "penalty_every": "steps from one penalty to the next",
    "slope": "gradient penalty λ",
    "slope_at": "gradient penalty taken",
    "weight_clip": "weights of D clipped at",
    "orthogonal": "orthogonal regularisation",
    "historical": "historical averaging",
    "instance_noise": "instance noise σ",
    "noise_until": "noise gone after this share of the budget",
    "augment": "augmentation of what D sees",
    "g_lr": "learning rate of G",
    "d_lr": "learning rate of D",
    "beta1": "β₁",
    "beta2": "β₂",
    "lr_end": "share of the learning rates left at the end",
    "lr_half": "images after which the learning rates are half",
    "ema_images": "half-life of G's average, in images",
    "limit": "pictures used",
    "fit": "pictures made square by",
    "background": "background of pictures",
}
# What a 0 means here is that there is none of it.
NONE_AT_ZERO = {
    "minibatch_discrimination", "feature_matching", "confidence", "vat", "unroll", "r1", "r2", "slope",
    "weight_clip", "orthogonal", "historical", "instance_noise", "adversarial", "ema_images",
    "lr_half",
}  # fmt: skip
# Of these nothing is said unless both sides use what they belong to: else its absence says enough.
BELONGS = {
    "vat_radius": ("vat",),
    "penalty_every": ("r1", "r2", "slope"),
    "slope_at": ("slope",),
    "noise_until": ("instance_noise",),
}
RUN = ("data", "steps", "seconds", "seed", "size", "channels", "limit", "fit", "background")


def differences(config: TrainConfig, other: TrainConfig) -> list[str]:
    """What `config` does otherwise than `other`, one "name: value, not value" each.

    Methods are compared by their choices, not by their names: two names for the same are alike.
    """
    mine, theirs = _chosen(config), _chosen(other)
    return [
        f"{WORDS.get(name, name.replace('_', ' '))}: {_said(name, mine[name])}, "
        f"not {_said(name, theirs[name])}"
        for name in mine
        if mine[name] != theirs[name] and _matters(name, mine, theirs)
    ]


def _chosen(config: TrainConfig) -> dict:
    """Every choice of a config, its method's included."""
    method = method_of(config)
    chosen = {name: getattr(config, name) for name in RUN}
    chosen |= {name: getattr(method, name) for name in CHECKS}
    return chosen | {"d_depth": method.depth_of_d}


def _matters(name: str, mine: dict, theirs: dict) -> bool:
    owners = BELONGS.get(name)
    return owners is None or all(any(side[owner] for owner in owners) for side in (mine, theirs))


def _said(name: str, value: object) -> str:
    if value is None:
        return "all" if name == "limit" else "as suggested"
    if isinstance(value, bool):
        return "on" if value else "off"
    if value == "" or (value == 0 and name in NONE_AT_ZERO):
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if name == "data" else str(value).replace("_", " ")
