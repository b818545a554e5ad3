"""Discriminators that are kept smooth or unsure, and one that sees augmented pictures."""

from gan.settings.catalogue.basics import NONSATURATING, PLAIN, variant

VAT = variant(
    PLAIN, "vat", "VAT", group="Regularised discriminators",
    summary="D must answer alike in the direction in which a small push would change it most.",
    paper="Miyato et al. 2017, eqs. 5 to 15, arXiv:1704.03976",
    cures="A D that flips its answer at invisible changes.",
    risks="Slow at first (no batch norm in D); two more passes of D; a large radius makes it blind.",
    equation=r"+\ \alpha\,\mathbb{E}\,\mathrm{KL}(p(x)\,\Vert\,p(x+r)),\quad "
        r"r=\arg\max_{\lVert r\rVert\le\epsilon}\mathrm{KL}(p(x)\,\Vert\,p(x+r))",
    d_norm="none", vat=1.0, points={"vat_radius": 0.1},
)  # fmt: skip

CONFIDENCE_PENALTY = variant(
    PLAIN, "confidence_penalty", "Confidence penalty", group="Regularised discriminators",
    summary="D pays for being sure: the entropy of its answers is rewarded.",
    paper="Pereyra et al. 2017, eq. 1, arXiv:1701.06548",
    cures="A D that is sure without end.",
    risks="Too strong, and D never makes up its mind.",
    equation=r"L_D-\beta\,\mathbb{E}\,H(D),\quad H(p)=-p\log p-(1-p)\log(1-p)",
    confidence=0.1,
)  # fmt: skip

DIFFAUGMENT = variant(
    PLAIN, "diffaugment", "DiffAugment", group="Small data",
    summary="D sees real and fake pictures only recoloured, shifted and with a hole.",
    paper="Zhao et al. 2020, eqs. 5 to 6, arXiv:2006.10738",
    cures="A D that overfits to few pictures.",
    risks="On large data it slows learning; G may copy an augmentation that is too strong.",
    equation=NONSATURATING.replace("D(x)", "D(T(x))").replace("D(G(z))", "D(T(G(z)))"),
    augment="color,translation,cutout", points=None,
)  # fmt: skip

METHODS = (VAT, CONFIDENCE_PENALTY, DIFFAUGMENT)
