"""Networks that grow, and deeper ones."""

from gan.settings.catalogue.basics import PLAIN, QUICK, R1, variant

GROUP = "Growth and scale"

PROGRESSIVE = variant(
    PLAIN, "progressive", "Progressive growing", group=GROUP,
    summary="Learns 4×4 pictures first, then doubles their side again and again, fading each in.",
    paper="Karras et al. 2018, section 2 and appendix A, arXiv:1710.10196",
    cures="Large pictures that are too much to learn at once; early steps are cheap.",
    risks="In a short run the last sides get little time.",
    equation=r"(1-\alpha)\,\mathrm{up}(G_{r}(z))+\alpha\,G_{2r}(z),\qquad \alpha:0\to1",
    model="progressive", g_norm="none", d_norm="none", r1=0.5, penalty_every=8, beta1=0.0,
    precision="float32", points=None,
)  # fmt: skip

RESNET = variant(
    PLAIN, "resnet", "ResNet", group=GROUP,
    summary="Residual blocks in G and D: deeper networks that still pass their gradient on.",
    paper="He et al. 2016; Gulrajani et al. 2017, appendix F, arXiv:1704.00028",
    cures="Plain stacks that are too shallow for hard data.",
    risks="Two to three times the cost of a step.",
    equation=r"x\mapsto x+F(x)\quad+\ " + R1,
    model="resnet", d_norm="none", r1=0.5, penalty_every=8, beta1=0.0, width=24, points=None,
)  # fmt: skip

WAVELET = variant(
    QUICK, "wavelet", "Wavelet", group=GROUP,
    summary="Draws Haar wavelets of pictures that grow from 16×16, with z at each stage.",
    paper="Gal et al. 2021 (SWAGAN), arXiv:2102.06108; Chen et al. 2019 (self-modulation)",
    cures="The grid and grain of transposed convolutions, and the cost of large pictures.",
    risks="Details come last: a run that is stopped early is soft.",
    equation=r"G_{2r}(z)=\mathrm{up}(G_r(z))+\alpha\,\mathrm{Haar}^{-1}(h_r(z)),\qquad \alpha:0\to1",
    model="wavelet", d_norm="none", r1=0.5, penalty_every=16, g_lr=2e-3, d_lr=1e-3, lr_half=40_000, batch=64,
    d_width=None, ema_images=20_000, points=None, colour={},
)  # fmt: skip

METHODS = (PROGRESSIVE, RESNET, WAVELET)
