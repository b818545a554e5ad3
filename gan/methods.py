"""The catalogue: each method is a row of choices, its paper, and what it cures and risks.

To add a method is to add an entry here; the loop reads the choices and knows no method by name.
"""

from dataclasses import dataclass, replace

from gan import checks

FAMILIES = ("dcgan", "tutorial")
NORMS = ("batch", "none")
PRECISIONS = ("float32", "bfloat16", "fastest")


@dataclass(frozen=True)
class Method:
    """One way to train a GAN, with its defaults for 32×32 images."""

    name: str
    title: str
    summary: str  # one line: what it is
    paper: str
    cures: str
    risks: str
    model: str = "dcgan"  # the network family
    d_norm: str = "batch"  # normalisation in D
    loss: str = "nonsaturating"  # gan.losses.LOSSES
    r1: float = 0.0  # γ of the R1 penalty (gan.penalties.r1); 0: none
    r1_every: int = 16  # steps from one penalty to the next
    g_lr: float = 2e-4
    d_lr: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)  # of Adam
    lr_end: float = 1.0  # learning rates fall linearly to this share at the end of the budget
    n_critic: int = 1  # D updates a step
    batch: int = 64
    width: int = 32  # of G at 32×32; at 64×64 half of it, so that the 4×4 base is as wide
    d_width: int | None = None  # of D at any size; None: G's
    z_dim: int = 64
    # Of the arithmetic inside the networks (weights are float32). "fastest": bfloat16 where the
    # machine has it in hardware, else float32.
    precision: str = "float32"
    ema_images: int = 0  # half-life, in images, of the generator that is shown; 0: G itself


QUICK = Method(
    name="quick",
    title="Quick",
    summary="Our default: a DCGAN tuned to show the most after half a minute on two cores.",
    paper="Radford et al. 2015 (DCGAN); Mescheder et al. 2018 (R1, lazily); Yazıcı et al. 2019 (EMA)",
    cures="Long waits: large steps without momentum, a D half as wide as G, an averaged generator.",
    risks="Large learning rates: on hard data D and G may chase each other in circles.",
    # Beside batch normalisation the slope is that of a whole batch, not of each picture. It steadies
    # D all the same, and here batch normalisation learns faster than none (docs/benchmarks.md).
    r1=0.2,
    r1_every=8,
    g_lr=5e-3,
    d_lr=3e-3,
    # Momentum carries G past an opponent that has moved on meanwhile (Gidel et al. 2019, "Negative
    # Momentum for Improved Game Dynamics"): without it the same quality took half the steps.
    betas=(0.0, 0.99),
    batch=32,
    width=32,
    d_width=16,
    precision="fastest",
    ema_images=10_000,
)

PATIENT = Method(
    name="patient",
    title="Patient",
    summary="For an hour or more: wider networks, a long average, learning rates that fall to zero.",
    paper="Radford et al. 2015 (DCGAN); Yazıcı et al. 2019 (EMA of the generator)",
    cures="The flicker that constant learning rates leave in a long run.",
    risks="Shows little in a minute; D may grow too sure in the end.",
    g_lr=1e-3,
    d_lr=1e-3,
    lr_end=0.0,
    batch=64,
    width=48,
    ema_images=50_000,
)

R1 = replace(
    PATIENT,
    name="r1",
    title="R1",
    summary="Patient, with a penalty on the slope of D at real pictures.",
    paper="Mescheder, Geiger & Nowozin 2018, eq. 9, arXiv:1801.04406",
    cures="A D that grows too sure in a long run, and circling round the goal.",
    risks="Too strong a penalty leaves D too flat to teach anything.",
    # Batch normalisation would tie each picture's slope to the rest of its batch.
    d_norm="none",
    r1=0.5,
)

DCGAN = Method(
    name="dcgan",
    title="DCGAN",
    summary="Transposed convolutions, batch normalisation, Adam: the classic recipe of 2015.",
    paper="Radford, Metz & Chintala 2015, arXiv:1511.06434",
    cures="The instability of earlier convolutional GANs.",
    risks="No average and no penalty: samples flicker, and modes may be lost in a long run.",
)

TUTORIAL = Method(
    name="tutorial",
    title="Tutorial",
    summary="The tutorial this project grew from, corrected: resize and convolution, two D steps.",
    paper="Goodfellow et al. 2014, arXiv:1406.2661; Odena, Dumoulin & Olah 2016",
    cures="Checkerboard patterns, by resizing before each convolution.",
    risks="Two D steps a step cost time, and D may grow too sure for G to learn.",
    model="tutorial",
    n_critic=2,
)

MINIMAX = Method(
    name="minimax",
    title="Minimax",
    summary="The game as first written down: G minimises log(1 − D(G(z))).",
    paper="Goodfellow et al. 2014, eq. 1, arXiv:1406.2661",
    cures="Nothing: it is the starting point that the others mend.",
    risks="Where D is sure, G's gradient vanishes and learning stops.",
    loss="minimax",
)

METHODS: dict[str, Method] = {
    method.name: method for method in (QUICK, PATIENT, R1, DCGAN, TUTORIAL, MINIMAX)
}


def find_method(name: object) -> Method:
    """The method called `name`; ValueError that lists all names otherwise."""
    return METHODS[checks.choice("method", name, METHODS)]
