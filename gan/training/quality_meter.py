"""How good a run's fakes are, measured seldom enough not to slow it down."""

import time

from torch import Tensor, nn

from gan.data.image_tensors import Images
from gan.metrics.classifiers import metric_for
from gan.metrics.judge import Judge
from gan.metrics.quality import Quality
from gan.settings.config import TrainConfig

QUALITY_SHARE = 0.03  # of the time, at most
QUALITY_IMAGES = 1000


class QualityMeter:
    """Compares fakes with real data, halves of which are compared with each other for a floor."""

    def __init__(self, config: TrainConfig, images: Images):
        self.config, self.judged = config, _halves(images)
        self.judge: Judge | None = None

    def measure(self, generator: nn.Module) -> tuple[Quality, float]:
        """The quality now, and how many seconds later to measure again."""
        if self.judge is None:
            config = self.config
            metric = metric_for(config.data, config.channels, config.size)
            self.judge = Judge(metric, *self.judged)
        started = time.perf_counter()
        quality = self.judge(generator)
        return quality, (time.perf_counter() - started) / QUALITY_SHARE


def _halves(images: Images) -> tuple[Tensor, Tensor]:
    """Two lots of the real data (N, ...), of at most 1,000 each, to measure fakes and their floor by."""
    # A fixed order: the floor must not depend on the run's seed.
    order = images.order(seed=0)
    half = min(QUALITY_IMAGES, len(order) // 2)
    return images.pixels[order[:half]], images.pixels[order[half : 2 * half]]
