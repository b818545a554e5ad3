"""Cures for training that oscillates, explodes or stalls: one a method."""

from gan.settings.catalogue.basics import NONSATURATING, PATIENT, PLAIN, variant
from gan.settings.catalogue.basics import R1 as R1_TERM

GROUP = "Stability"

R1 = variant(
    PATIENT, "r1", "R1", group=GROUP,
    summary="Patient, with a penalty on the slope of D at real pictures.",
    paper="Mescheder, Geiger & Nowozin 2018, eq. 9, arXiv:1801.04406",
    cures="A D that grows too sure in a long run, and circling round the goal.",
    risks="Slow at first (no batch norm in D); too strong, it leaves D too flat to teach anything.",
    equation=NONSATURATING + r"\quad+\ " + R1_TERM,
    # Batch normalisation would tie each picture's slope to the rest of its batch.
    d_norm="none", r1=0.5, penalty_every=16, points={"r1": 0.1},
)  # fmt: skip

R2 = variant(
    PLAIN, "r2", "R2", group=GROUP,
    summary="The penalty on D's slope, at fakes instead of real pictures.",
    paper="Mescheder, Geiger & Nowozin 2018, section 4.1, arXiv:1801.04406",
    cures="Circling round the goal, as R1 does; it acts where G is.",
    risks="Slow at first, as R1 is; does nothing where the real pictures are while G is still far off.",
    equation=NONSATURATING + r"\quad+\ \tfrac{\gamma}{2}\,\mathbb{E}\,\lVert\nabla d(G(z))\rVert^2",
    d_norm="none", r2=0.5, points={"r2": 0.1},
)  # fmt: skip

DRAGAN = variant(
    PLAIN, "dragan", "DRAGAN", group=GROUP,
    summary="Draws D's slope to 1 in the neighbourhood of the real pictures.",
    paper="Kodali et al. 2017, algorithm 1, arXiv:1705.07215",
    cures="Sharp slopes around real pictures, which the authors blame for collapse.",
    risks="Slow at first (no batch norm in D); differentiated twice; its neighbourhood is a guess.",
    equation=NONSATURATING + r"\quad+\ \lambda\,\mathbb{E}(\lVert\nabla d(x+\delta)\rVert-1)^2,"
    r"\ \ \delta=\tfrac12\alpha\,\sigma_x\,u,\ \ \alpha,u_i\sim U(0,1)",
    d_norm="none", slope=10.0, slope_at="around_real", points={"slope": 1.0},
)  # fmt: skip

SNGAN = variant(
    PLAIN, "sngan", "SN-GAN", group=GROUP,
    summary="Divides each weight matrix of D by its largest singular value; hinge loss.",
    paper="Miyato et al. 2018, eq. 8, arXiv:1802.05957",
    cures="A D that grows too steep, at nearly no cost.",
    risks="A D of limited slope may be too weak for fine detail.",
    equation=r"\bar W=W/\sigma(W),\qquad \sigma(W)=\max_{\lVert h\rVert=1}\lVert Wh\rVert",
    loss="hinge", d_norm="none", spectral_norm=True, beta1=0.0,
)  # fmt: skip

TTUR = variant(
    PLAIN, "ttur", "TTUR", group=GROUP,
    summary="Two time scales: D learns faster than G, so that one update of each is enough.",
    paper="Heusel et al. 2017, arXiv:1706.08500",
    cures="The guess of how many D updates a step needs; converges under the paper's conditions.",
    risks="Too large a ratio, and D grows too sure for G to learn.",
    equation=r"\eta_D>\eta_G,\qquad \eta_D/\eta_G\ \text{here}\ 4",
    g_lr=5e-4, d_lr=2e-3, points={"g_lr": 1.5e-3, "d_lr": 6e-3},
)  # fmt: skip

EMA = variant(
    PLAIN, "ema", "EMA", group=GROUP,
    summary="Shows the average of the last generators instead of the last one.",
    paper="Yazıcı et al. 2019, arXiv:1806.04498",
    cures="Circling: the average lies nearer to the centre than any point of the orbit.",
    risks="Lags behind at first; what G loses for good, the average loses later.",
    equation=r"\bar\theta\leftarrow\beta\bar\theta+(1-\beta)\theta",
    ema_images=50_000, points={"ema_images": 100_000},
)  # fmt: skip

INSTANCE_NOISE = variant(
    PLAIN, "instance_noise", "Instance noise", group=GROUP,
    summary="Adds noise to what D sees, real and fake, and lets it fade.",
    paper="Sønderby et al. 2017, arXiv:1610.04490; Arjovsky & Bottou 2017, arXiv:1701.04862",
    cures="Real and fake that do not overlap, so that D is right at once and teaches nothing.",
    risks="Fine detail is learnt only when the noise has gone.",
    equation=r"d(x+\varepsilon),\ d(G(z)+\varepsilon),\quad \varepsilon\sim\mathcal N(0,\sigma_t^2)",
    instance_noise=0.3,
)  # fmt: skip

UNROLLED = variant(
    PLAIN, "unrolled", "Unrolled", group=GROUP,
    summary="G looks K updates of D ahead and plays against the D that will have learnt.",
    paper="Metz et al. 2017, eq. 10, arXiv:1611.02163",
    cures="Mode hopping: piling all fakes on one mode no longer pays.",
    risks="Each G update costs K more D updates and their differentiation.",
    equation=r"\theta_D^{k+1}=\theta_D^k-\eta\,u(\nabla L_D(\theta_G,\theta_D^k)),"
        r"\qquad \min_{\theta_G}L_G(\theta_G,\theta_D^K(\theta_G))",
    # Differentiating through batch normalisation and its updates is dear and unsteady.
    d_norm="none", unroll=3, precision="float32", points={"unroll": 5},
)  # fmt: skip

TWO_SIDED = variant(
    PLAIN, "label_smoothing", "Label smoothing", group=GROUP,
    summary="D's targets are 0.9 for real pictures and 0.1 for fakes.",
    paper="Szegedy et al. 2016, section 7, arXiv:1512.00567; Salimans et al. 2016, section 3.4",
    cures="A D that is sure without end.",
    risks="Smoothing fakes too rewards them where only fakes are: use the one-sided form.",
    equation=r"D^*(x)=\frac{0.9\,p(x)+0.1\,p_G(x)}{p(x)+p_G(x)}",
    real_label=0.9, fake_label=0.1,
)  # fmt: skip

METHODS = (R1, R2, DRAGAN, SNGAN, TTUR, EMA, INSTANCE_NOISE, UNROLLED, TWO_SIDED)
