"""Class-conditional GANs."""

from gan.settings.catalogue.architectures import GROUP
from gan.settings.catalogue.basics import PLAIN, variant

CONDITIONAL = variant(
    PLAIN, "conditional", "Class-conditional", group=GROUP,
    summary="G takes a class through its batch normalisation, D through a projection.",
    paper="Miyato & Koyama 2018, eq. 3, arXiv:1802.05637; Dumoulin et al. 2017, arXiv:1610.07629",
    cures="Classes that are lost: each is generated on request.",
    risks="Needs labels; a rare class may be memorised.",
    equation=r"d(x,y)=v_y^{\top}f(x)+\psi(f(x)),\qquad \mathrm{BN}_y(h)=\gamma_y\,\hat h+\beta_y",
    labels="required", points=None,
)  # fmt: skip

BIGGAN = variant(
    CONDITIONAL, "biggan", "BigGAN parts",
    summary="Class-conditional with hinge loss, spectral normalisation and orthogonal filters in G.",
    paper="Brock, Donahue & Simonyan 2019, eq. 3, arXiv:1809.11096",
    cures="Generators that break when z is truncated.",
    risks="Made for a scale of data and batches that no two cores reach.",
    equation=r"+\ \beta\,\lVert W^{\top}W\odot(1-I)\rVert_F^2",
    loss="hinge", d_norm="none", spectral_norm=True, orthogonal=1e-4, beta1=0.0, g_lr=5e-4,
    d_lr=2e-3,
)  # fmt: skip

METHODS = (CONDITIONAL, BIGGAN)
