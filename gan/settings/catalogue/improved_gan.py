"""Salimans et al. 2016, "Improved Techniques for Training GANs": five ideas, one a method."""

from dataclasses import replace

from gan.settings.catalogue.basics import PLAIN, variant

GROUP = "Improved Techniques (2016)"
BASE = replace(PLAIN, group=GROUP)

FEATURE_MATCHING = variant(
    BASE, "feature_matching", "Feature matching",
    summary="G matches the mean of D's features on real pictures, instead of fooling D.",
    paper="Salimans et al. 2016, section 3.1, arXiv:1606.03498",
    cures="A G that runs after every whim of the newest D.",
    risks="Matching means alone leaves much open: samples may stay coarse.",
    equation=r"\min_G\ \lVert\mathbb{E}f(x)-\mathbb{E}f(G(z))\rVert^2,\quad f=\text{D's last features}",
    adversarial=0.0, feature_matching=1.0,
)  # fmt: skip

MINIBATCH_DISCRIMINATION = variant(
    BASE, "minibatch_discrimination", "Minibatch discrimination",
    summary="D sees how close each picture is to the others of its batch.",
    paper="Salimans et al. 2016, section 3.2, arXiv:1606.03498",
    cures="Collapse: a batch of look-alikes gives itself away.",
    risks="More weights in D; later work found batch standard deviation simpler and as good.",
    equation=r"o_b(x_i)=\sum_{j\ne i}\exp(-\lVert M_{i,b}-M_{j,b}\rVert_1),\qquad M_i=T f(x_i)",
    minibatch_discrimination=16,
    # Its cost grows with the square of the batch.
    points={"batch": 64},
)  # fmt: skip

HISTORICAL_AVERAGING = variant(
    BASE, "historical_averaging", "Historical averaging",
    summary="Ties both players to the mean of all their past weights.",
    paper="Salimans et al. 2016, section 3.3, arXiv:1606.03498",
    cures="Orbits in low-dimensional games, where gradient steps circle for ever.",
    risks="In large networks the mean of the past is a poor guide: it slows learning.",
    equation=r"+\ \lambda\,\lVert\theta-\tfrac1t\textstyle\sum_{i=1}^t\theta_i\rVert^2",
    historical=0.01,
)  # fmt: skip

ONE_SIDED = variant(
    BASE, "one_sided_smoothing", "One-sided smoothing",
    summary="D's target for real pictures is 0.9 instead of 1; that for fakes stays 0.",
    paper="Salimans et al. 2016, section 3.4, arXiv:1606.03498",
    cures="A D that is sure without end, without rewarding what only G makes.",
    risks="Little by itself: D may still win.",
    equation=r"D^*(x)=\frac{0.9\,p(x)}{p(x)+p_G(x)}",
    real_label=0.9,
)  # fmt: skip

VIRTUAL_BATCH_NORM = variant(
    BASE, "virtual_batch_norm", "Virtual batch norm",
    summary="G normalises each picture by a fixed reference batch, not by its neighbours.",
    paper="Salimans et al. 2016, section 3.5, arXiv:1606.03498",
    cures="Pictures of one batch that depend on each other.",
    risks="Every pass of G carries the reference batch along: about twice the cost.",
    equation=r"\hat x=\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}\gamma+\beta,\quad "
        r"\mu,\sigma\ \text{of}\ \{x\}\cup\text{reference}",
    g_norm="virtual", points=None,
)  # fmt: skip

METHODS = (
    FEATURE_MATCHING,
    MINIBATCH_DISCRIMINATION,
    HISTORICAL_AVERAGING,
    ONE_SIDED,
    VIRTUAL_BATCH_NORM,
)
