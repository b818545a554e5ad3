"""What does not go together, each with its reason; checked before a run starts."""

from gan.settings.declare import POINTS, Setting
from gan.settings.hyperparameters import CHOICES, MAX_UNROLLED, Method

# D's output is a probability there, so that labels and entropy mean something.
PROBABILITIES = ("minimax", "nonsaturating")
# Pairs times kernels: what minibatch discrimination keeps of each is 20 bytes, several times over.
MAX_COMPARED = 2**24


def _any_slope(method: Method) -> bool:
    return bool(method.r1 or method.r2 or method.slope)


def _for_points(declared: Setting) -> tuple:
    """The rule that a choice is for points only: for pictures it keeps its default."""

    def breaks(method: Method) -> bool:
        return method.model != "mlp" and getattr(method, declared.name) != declared.default

    return breaks, f"{declared.name} is for points: {declared.reason}"


# (whether a method breaks the rule, why it is one and what would be right)
RULES = (
    (lambda m: m.weight_clip and _any_slope(m),
     "weight_clip and a slope penalty (r1, r2, slope) both limit how steep D may be, and the "
     "clipped weights cannot follow the penalty: choose one of them."),
    (lambda m: m.weight_clip and m.loss != "wasserstein",
     "weight_clip makes D a critic of limited slope, which only the wasserstein loss asks for: a D "
     "that gives probabilities could never be sure. Set loss=wasserstein, or weight_clip=0."),
    (lambda m: m.loss == "wasserstein" and not (m.weight_clip or m.spectral_norm or _any_slope(m)),
     "The wasserstein loss needs a critic of limited slope, or it grows without bound: set "
     "weight_clip=0.01, slope=10 or spectral_norm=true."),
    (lambda m: m.slope and m.d_norm == "batch",
     "The slope penalty holds for each picture by itself, and batch normalisation in D ties each "
     "to the rest of its batch: set d_norm=none."),
    (lambda m: m.minibatch_discrimination and _any_slope(m),
     "minibatch_discrimination makes D's answer depend on the whole batch, and a slope penalty "
     "needs it to depend on one picture: choose one of them."),
    (lambda m: (m.real_label, m.fake_label) != (1.0, 0.0) and m.loss not in PROBABILITIES,
     "real_label and fake_label smooth what a probability is compared with: they go with the losses "
     "minimax and nonsaturating."),
    (lambda m: (m.confidence or m.vat) and m.loss not in PROBABILITIES,
     "confidence and vat speak of D's probabilities: they go with the losses minimax and "
     "nonsaturating."),
    (lambda m: m.vat and m.d_norm == "batch",
     "vat moves each picture by itself, and batch normalisation in D ties each to the rest of its "
     "batch: set d_norm=none."),
    (lambda m: not (m.adversarial or m.feature_matching),
     "Without adversarial and without feature_matching G has nothing to learn from: set one."),
    (lambda m: m.unroll and m.optimiser != "adam",
     "unroll differentiates through D's updates, which is written for Adam: set optimiser=adam."),
    (lambda m: m.unroll and (_any_slope(m) or m.vat),
     f"unroll differentiates through D's updates (at most {MAX_UNROLLED}), and slope penalties and "
     "vat would have to be differentiated three times: choose one of them."),
    (lambda m: m.unroll and m.loss == "relativistic",
     "unroll is written for losses that judge each picture by itself: not for relativistic."),
    (lambda m: m.batch < 4 and (m.minibatch_discrimination or m.minibatch_stddev),
     "minibatch_discrimination and minibatch_stddev compare the pictures of a batch: set batch to 4 "
     "or more."),
    (lambda m: m.batch**2 * m.minibatch_discrimination > MAX_COMPARED,
     "minibatch_discrimination compares each of a batch with all others, and with so many of both "
     "that takes gigabytes: make batch or minibatch_discrimination smaller."),
    (lambda m: m.unroll and m.auxiliary,
     "unroll looks ahead with D alone, and auxiliary judges by a classifier beside it: choose one of them."),
    (lambda m: m.unroll and m.freeze_d,
     "unroll looks ahead with all of D, and freeze_d keeps parts of it: choose one of them."),
    (lambda m: m.model == "mlp"
     and (m.augment or m.labels == "required" or m.g_norm in ("modulated", "virtual")
          or m.freeze_d),
     "augment, labels=required, g_norm=modulated or virtual and freeze_d are for pictures, not for points."),
    *(_for_points(choice) for choice in CHOICES.values() if choice.only_for == POINTS),
    (lambda m: m.model == "progressive" and (m.g_norm != "none" or m.d_norm != "none"),
     "The progressive networks normalise each pixel in G and nothing in D: set g_norm=none and "
     "d_norm=none."),
    (lambda m: m.model == "progressive" and (m.labels == "required" or m.minibatch_stddev),
     "The progressive networks have their own minibatch_stddev, and are not class-conditional: leave "
     "minibatch_stddev and labels=required out."),
    (lambda m: m.model == "wavelet" and (m.g_norm != "batch" or m.minibatch_stddev),
     "The wavelet networks have batch normalisation in G, where the latent comes in, and their own "
     "minibatch_stddev: set g_norm=batch and leave minibatch_stddev out."),
    (lambda m: m.model != "progressive" and m.g_norm == "none" and m.model != "mlp",
     "Without normalisation in G these networks do not learn from their small initial weights: set "
     "g_norm=batch, modulated or virtual."),
    (lambda m: m.labels == "required" and m.g_norm not in ("batch", "modulated"),
     "A class reaches G through its batch normalisation: labels=required needs g_norm=batch or modulated."),
    (lambda m: m.orthogonal and m.model == "progressive",
     "orthogonal wants filters of length one, which the progressive networks' own scaling undoes."),
)  # fmt: skip


def check_together(method: Method) -> Method:
    """`method` itself; ValueError with the reason if its choices contradict each other."""
    for breaks, reason in RULES:
        if breaks(method):
            raise ValueError(reason)
    return method
