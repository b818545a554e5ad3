"""What D and G play for: each loss function by itself, in the same networks."""

from gan.settings.catalogue.basics import NONSATURATING, PLAIN, R1, variant

GROUP = "Losses"
WASSERSTEIN = r"\min_D\ \mathbb{E}\,d(G(z))-\mathbb{E}\,d(x)\qquad \min_G\ -\mathbb{E}\,d(G(z))"

MINIMAX = variant(
    PLAIN, "minimax", "Minimax", group=GROUP,
    summary="The game as first written down: G minimises log(1 − D(G(z))).",
    paper="Goodfellow et al. 2014, eq. 1, arXiv:1406.2661",
    cures="Nothing: it is the starting point that the others mend.",
    risks="Where D is sure, G's gradient vanishes and learning stops.",
    equation=r"\min_G\max_D\ \mathbb{E}\log D(x)+\mathbb{E}\log(1-D(G(z)))",
    loss="minimax",
)  # fmt: skip

NONSATURATING_GAN = variant(
    PLAIN, "nonsaturating", "Non-saturating", group=GROUP,
    summary="G raises log D(G(z)) instead of lowering log(1 − D(G(z))): a gradient that lives.",
    paper="Goodfellow et al. 2014, section 3, arXiv:1406.2661",
    cures="The generator's vanishing gradient where D is sure of its fakes.",
    risks="No limit on how sure D may grow; modes may be dropped.",
    equation=NONSATURATING,
)  # fmt: skip

LSGAN = variant(
    PLAIN, "lsgan", "LSGAN", group=GROUP,
    summary="Least squares: D aims at 1 for real and 0 for fake, G at 1.",
    paper="Mao et al. 2017, eq. 9, arXiv:1611.04076",
    cures="Gradients that vanish for fakes that D already takes for real but that lie far off.",
    risks="Outliers weigh by the square of their distance; D may still win.",
    equation=r"\min_D\ \tfrac12\mathbb{E}(d(x)-1)^2+\tfrac12\mathbb{E}\,d(G(z))^2"
        r"\qquad \min_G\ \tfrac12\mathbb{E}(d(G(z))-1)^2",
    loss="lsgan",
)  # fmt: skip

HINGE = variant(
    PLAIN, "hinge", "Hinge", group=GROUP,
    summary="D stops caring about pictures that it already judges right by a margin of 1.",
    paper="Lim & Ye 2017, Geometric GAN, arXiv:1705.02894; Miyato et al. 2018, eq. 16",
    cures="A D that grows ever surer of what it already knows.",
    risks="Needs something that limits D's slope (spectral normalisation) to shine.",
    equation=r"\min_D\ \mathbb{E}\max(0,1-d(x))+\mathbb{E}\max(0,1+d(G(z)))"
        r"\qquad \min_G\ -\mathbb{E}\,d(G(z))",
    loss="hinge",
)  # fmt: skip

WGAN = variant(
    PLAIN, "wgan", "WGAN", group=GROUP,
    summary="D becomes a critic that measures a distance; its weights are clipped to limit its slope.",
    paper="Arjovsky, Chintala & Bottou 2017, algorithm 1, arXiv:1701.07875",
    cures="Vanishing gradients: the critic's loss falls as the samples improve.",
    risks="Clipping makes the critic crude; five critic updates a step cost time.",
    equation=WASSERSTEIN + r"\qquad w\leftarrow\operatorname{clip}(w,-c,c)",
    loss="wasserstein", weight_clip=0.01, optimiser="rmsprop", n_critic=5, g_lr=5e-4, d_lr=5e-4,
)  # fmt: skip

WGAN_GP = variant(
    PLAIN, "wgan_gp", "WGAN-GP", group=GROUP,
    summary="WGAN with a penalty that draws the critic's slope to 1, instead of clipping.",
    paper="Gulrajani et al. 2017, eq. 3, arXiv:1704.00028",
    cures="The crude critics that weight clipping leaves.",
    risks="The penalty is differentiated twice: with five critic updates, the slowest of the losses.",
    equation=WASSERSTEIN + r"\quad+\ \lambda\,\mathbb{E}(\lVert\nabla_{\hat x}d(\hat x)\rVert-1)^2,"
    r"\ \ \hat x=\epsilon x+(1-\epsilon)G(z)",
    loss="wasserstein", d_norm="none", slope=10.0, n_critic=5, beta1=0.0, beta2=0.9,
    points={"slope": 0.1},
)  # fmt: skip

RPGAN = variant(
    PLAIN, "rpgan", "Relativistic", group=GROUP,
    summary="D compares a real picture with a fake one, instead of judging each by itself.",
    paper="Jolicoeur-Martineau 2018, arXiv:1807.00734; Sun et al. 2020, arXiv:2011.04926",
    cures="Mode dropping: no basin of the landscape lets G hide behind one good fake.",
    risks="By itself it need not converge; see R3GAN.",
    equation=r"\min_D\ \mathbb{E}\,f(d(G(z))-d(x))\qquad \min_G\ \mathbb{E}\,f(d(x)-d(G(z))),"
        r"\qquad f(t)=\log(1+e^{t})",
    loss="relativistic",
)  # fmt: skip

R3GAN = variant(
    RPGAN, "r3gan", "R3GAN",
    summary="Relativistic pairs with R1 and R2: a loss proven to converge near the goal.",
    paper="Huang et al. 2024, The GAN is dead; long live the GAN!, arXiv:2501.05441",
    cures="Mode dropping and circling at once, with no further tricks.",
    risks="Two penalties at every step make each step dearer.",
    equation=RPGAN.equation
    + r"\quad+\ "
    + R1
    + r"+\tfrac{\gamma}{2}\,\mathbb{E}\,\lVert\nabla d(G(z))\rVert^2",
    d_norm="none", r1=0.5, r2=0.5, beta1=0.0, points={"r1": 0.1, "r2": 0.1},
)  # fmt: skip

METHODS = (MINIMAX, NONSATURATING_GAN, LSGAN, HINGE, WGAN, WGAN_GP, RPGAN, R3GAN)
