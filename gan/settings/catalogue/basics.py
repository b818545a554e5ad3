"""What the page begins with: our default, two for long runs, and the classic recipes."""

import re
from dataclasses import replace

from gan.settings.hyperparameters import Method

GROUP = "Start here"
NONSATURATING = (
    r"\min_D\ -\mathbb{E}\log D(x)-\mathbb{E}\log(1-D(G(z)))\qquad \min_G\ -\mathbb{E}\log D(G(z))"
)
R1 = r"\tfrac{\gamma}{2}\,\mathbb{E}\,\lVert\nabla_x d(x)\rVert^2"


def variant(base: Method, name: str, title: str, **changes) -> Method:
    """`base` with what a paper changes; `link` is that of the first arXiv number in `paper`."""
    if number := re.search(r"arXiv:(\d+\.\d+)", changes["paper"]):
        changes["link"] = f"https://arxiv.org/abs/{number[1]}"
    return replace(base, name=name, title=title, **changes)


QUICK = Method(
    name="quick", title="Quick", group=GROUP,
    summary="Our default: tuned to show the most after half a minute on two cores. Colour grows from 16×16.",
    paper="Radford et al. 2015 (DCGAN); Miyato & Koyama 2018 (labels); Mescheder et al. 2018 (R1)",
    link="https://arxiv.org/abs/1511.06434",
    cures="Long waits: both are class-conditional where the data has labels, and learn in large steps "
    "without momentum, D half as wide as G.",
    risks="Large learning rates: on hard data D and G may chase each other in circles.",
    equation=NONSATURATING + r"\quad +\ " + R1 + r"\ \text{for }D\text{, every 8 steps}",
    # With classes as a condition digits are learnt in a fraction of the steps (docs/benchmarks.md).
    labels="used",
    # Beside batch normalisation the slope is that of a whole batch, not of each picture. It steadies
    # D all the same, and here batch normalisation learns faster than none (docs/benchmarks.md).
    r1=0.2, penalty_every=8, g_lr=5e-3, d_lr=3e-3,
    # Momentum carries G past an opponent that has moved on meanwhile (Gidel et al. 2019, "Negative
    # Momentum for Improved Game Dynamics"): without it the same quality took half the steps.
    beta1=0.0, beta2=0.99,
    # Large steps find the classes, smaller ones what varies within them. By images, not by the budget:
    # a run of half a minute has no time to waste on small steps, and one that is continued goes on.
    lr_half=8_000, batch=32, width=32, d_width=16, precision="fastest",
    # As the steps grow smaller there is less to average away.
    ema_images=2_000, points={"g_lr": 5e-3, "r1": 0.05, "penalty_every": 4},
    # Colours are learnt at 16×16 in a fraction of the time, and Haar bands leave no grid. Digits, whose strokes
    # are as thin as a pixel there, are learnt sooner at full size (docs/speedrun.md).
    colour={
        "model": "haar", "width": 64, "d_width": 32, "g_lr": 8e-3, "d_lr": 5e-3, "lr_half": 40_000,
        "auxiliary": 0.3,
    },
)  # fmt: skip

PATIENT = Method(
    name="patient", title="Patient", group=GROUP,
    summary="For an hour or more: wider networks, a long average, learning rates that fall to zero.",
    paper="Radford et al. 2015 (DCGAN); Yazıcı et al. 2019 (EMA of the generator)",
    link="https://arxiv.org/abs/1806.04498",
    cures="The flicker that constant learning rates leave in a long run.",
    risks="Shows little in a minute; D may grow too sure in the end.",
    equation=r"\eta(t)=\eta_0\,(1-t),\qquad t=\text{share of the budget used}",
    g_lr=1e-3, d_lr=1e-3, lr_end=0.0, width=48, ema_images=50_000,
)  # fmt: skip

TUTORIAL = Method(
    name="tutorial", title="Tutorial", group=GROUP,
    summary="The tutorial this project grew from, corrected: resize and convolution, two D steps.",
    paper="Goodfellow et al. 2014; Odena, Dumoulin & Olah 2016",
    link="https://arxiv.org/abs/1406.2661",
    cures="Checkerboard patterns, by resizing before each convolution.",
    risks="Two D steps a step cost time, and D may grow too sure for G to learn.",
    equation=NONSATURATING + r"\qquad n_{\text{critic}}=2",
    model="tutorial", n_critic=2,
)  # fmt: skip

DCGAN = Method(
    name="dcgan", title="DCGAN", group=GROUP,
    summary="Transposed convolutions, batch normalisation, Adam: the classic recipe of 2015.",
    paper="Radford, Metz & Chintala 2015, arXiv:1511.06434",
    link="https://arxiv.org/abs/1511.06434",
    cures="The instability of earlier convolutional GANs.",
    risks="No average and no penalty: samples flicker, and modes may be lost in a long run.",
    equation=NONSATURATING,
)  # fmt: skip

# What the rest of the catalogue changes one thing of: a DCGAN that shows something in a minute.
PLAIN = replace(
    QUICK, labels="ignored", r1=0.0, penalty_every=1, g_lr=1e-3, d_lr=1e-3, lr_half=0, ema_images=10_000,
    beta1=0.5, beta2=0.99, points={}, colour={},
)  # fmt: skip

METHODS = (QUICK, PATIENT, TUTORIAL, DCGAN)
