"""The discriminator kept with a generator: it judges as in training, one picture at a time."""

import pytest
import torch

from gan.models.discriminator import Discriminator
from gan.models.storage import load_generator
from gan.training.kept_critic import critic_of, kept_discriminator, likeliest_class


def test_that_of_faces_judges_pictures_of_a_class_each_alone():
    d, generator = kept_discriminator("weights/faces"), load_generator("faces")
    z = torch.randn(4, 64, generator=torch.Generator().manual_seed(0))
    pictures, labels = generator(z).detach(), generator.classes_of(z)
    expected = d(pictures, labels=labels)
    alone = [
        critic_of(d, int(label))(picture[None]) for picture, label in zip(pictures, labels, strict=True)
    ]
    assert torch.allclose(torch.cat(alone), expected, atol=1e-3)
    assert not any(parameter.requires_grad for parameter in d.parameters())


@pytest.mark.parametrize("shape", [{"minibatch_stddev": True}, {"minibatch_discrimination": 4}])
def test_one_that_compares_pictures_sees_each_alone(shape):
    torch.manual_seed(0)
    d = Discriminator("dcgan", 32, 1, 4, "none", **shape).eval()
    pictures = torch.randn(3, 1, 32, 32)
    expected = torch.cat([d(one[None]) for one in pictures])
    assert torch.allclose(critic_of(d)(pictures), expected, atol=1e-6)
    assert not torch.allclose(d(pictures), expected, atol=1e-6)


def test_a_picture_is_taken_for_the_class_with_the_largest_logit():
    torch.manual_seed(0)
    d = Discriminator("dcgan", 32, 1, 4, "none", classes=3).eval()
    for picture in torch.randn(4, 1, 1, 32, 32):
        logits = d(picture.expand(3, -1, -1, -1), labels=torch.arange(3))
        assert likeliest_class(d, picture) == int(logits.argmax())
    assert likeliest_class(Discriminator("dcgan", 32, 1, 4, "none").eval(), picture) == 0


def test_a_model_without_one_says_so():
    with pytest.raises(ValueError, match="came without its discriminator"):
        kept_discriminator("weights/digits")
