"""`Snapshot`: the observable state of a training run. Plain data: it can be sent to another process."""

from dataclasses import dataclass, field

import numpy as np

from gan.metrics.quality import Quality
from gan.training.diagnosis import Finding


@dataclass(frozen=True)
class Snapshot:
    """The state of a run after `step` generator updates.

    `samples` are pictures of the same seeds each time, uint8 (N, size, size, channels). Losses and
    probabilities are means since the last snapshot, gradient norms those of the last step; all are
    NaN before the first step. `seconds` counts training and its previews, not pauses; `progress` is
    the share of the budget used, 0 to 1. `notes`: messages about the data, such as skipped files or
    augmentation of a small dataset; `findings`: failures, each with evidence and a cure.
    """

    step: int
    images: int
    seconds: float
    progress: float
    images_per_second: float
    d_loss: float
    g_loss: float
    d_real: float
    d_fake: float
    d_gradient: float
    g_gradient: float
    samples: np.ndarray
    quality: Quality | None = None
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    final: bool = False
