"""An auxiliary classifier on D's features, from which G learns what its classes look like.

Odena, Olah & Shlens 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs" (arXiv:1610.09585): D's
features are to tell the classes of real pictures, and G is to draw pictures that are told as theirs. Unlike there, the
classifier learns of real pictures alone (a fake that looks like no class would teach it nonsense), and D judges a
picture as one of its class by projection besides.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.init import initialise
from gan.settings.config import TrainConfig, method_of
from gan.training.optimisers import optimiser_for


class AuxiliaryClassifier:
    """One linear layer on features (N, F), with an optimiser of its own; `weight`: that of its loss."""

    def __init__(self, config: TrainConfig, features: int, classes: int, device: torch.device):
        method = method_of(config)
        self.weight = method.auxiliary
        self.net = nn.Linear(features, classes)
        initialise(self.net, torch.Generator().manual_seed(config.seed + 3))
        self.net.to(device)
        self.optimiser = optimiser_for(method, self.net.parameters(), config.d_lr)

    def loss(self, features: Tensor, labels: Tensor) -> Tensor:
        """How far the features are from telling the labels (N,): the weighted cross-entropy."""
        return self.weight * F.cross_entropy(self.net(features), labels)


def auxiliary_for(
    config: TrainConfig, d: nn.Module, classes: int, device: torch.device
) -> AuxiliaryClassifier | None:
    """The classifier that a config asks for; None without one, or without classes."""
    if not (classes and method_of(config).auxiliary):
        return None
    return AuxiliaryClassifier(config, d.embedding.embedding_dim, classes, device)
