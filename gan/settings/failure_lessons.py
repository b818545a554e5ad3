"""Break it on purpose: runs that reliably fail, what to watch, and the diagnosis that they get."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """A failure to see; `settings` are TrainConfig's, `kind` is what gan.training.diagnosis calls it."""

    name: str
    title: str
    promise: str  # one line: what goes wrong, and by what
    watch: str  # where to look
    kind: str
    settings: dict


# Small networks, so that what goes wrong shows in about half a minute on two slow cores, and G itself,
# whose fits an average would hide.
SMALL = {"data": "glyphs", "width": 8, "d_width": 8, "batch": 16, "ema_images": 0}
STEPS = 800  # enough for each to be named (benchmarks/diagnosis.py)

_LESSONS = (
    Lesson(
        "collapse", "Collapse",
        "G learns four times for every once that a slow D does, and shows one picture only.",
        "The fakes: all alike, and all changing together.",
        "collapse", {**SMALL, "method": "nonsaturating", "g_lr": 2e-3, "d_lr": 1e-4, "changes": {"g_steps": 4}},
    ),
    Lesson(
        "vanishing", "Vanishing gradient",
        "The minimax loss, against a D that learns five times a step.",
        "D(fake) falls to 0, G's gradient with it, and the fakes stand still.",
        "vanishing", {**SMALL, "method": "minimax", "n_critic": 5, "g_lr": 1e-4, "d_lr": 3e-3},
    ),
    Lesson(
        "oscillation", "Oscillation",
        "High momentum and large steps: each network overshoots the other.",
        "The fakes jump from one look to another and never settle.",
        "oscillation", {**SMALL, "method": "nonsaturating", "g_lr": 1e-1, "d_lr": 5e-3, "changes": {"beta1": 0.9}},
    ),
    Lesson(
        "overfitting", "Overfitting",
        "A hundred pictures: D soon knows each of them.",
        "D believes in the pictures it learned from, and not in those that it never saw.",
        "overfitting", {
            **SMALL, "method": "nonsaturating", "limit": 100,
            # A D that has room for a hundred pictures, and learns fast.
            "d_width": 16, "batch": 32, "g_lr": 3e-3, "d_lr": 3e-3,
        },
    ),
    Lesson(
        "explosion", "Exploding critic",
        "A Wasserstein critic whose weights are hardly clipped has no limit to its slope.",
        "The losses run off to thousands.",
        "divergence", {**SMALL, "method": "wgan", "d_lr": 1e-2, "changes": {"weight_clip": 10.0}},
    ),
    Lesson(
        "flat", "A flat D",
        "A penalty a thousand times too strong leaves a D without batch norm no slope to speak of.",
        "D believes 0.5 of everything, and the fakes improve slowly.",
        "flat", {**SMALL, "method": "nonsaturating", "changes": {"r1": 1000.0, "d_norm": "none"}},
    ),
)  # fmt: skip
LESSONS = {lesson.name: lesson for lesson in _LESSONS}
