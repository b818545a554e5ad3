"""Encoders: they learn to guess z, are kept beside one generator's weights, and begin searches."""

import pytest
import torch
from helpers.running_commands import refused, run
from safetensors import safe_open

from gan.common.files import digest
from gan.latent.encoder import NAME, Encoder, encoder_for, fit_encoder, mse, read_encoder, write_encoder
from gan.latent.inversion import invert
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.storage import load_generator, save_generator
from gan.settings.config import TrainConfig


@pytest.fixture
def folder(tmp_path):
    generator = Generator("dcgan", 32, 1, 4, 8)
    initialise(generator, torch.Generator().manual_seed(1))
    with torch.no_grad():
        for weight in generator.parameters():
            weight.mul_(40 if weight.ndim == 4 else 1)  # pictures with contrast
    save_generator(tmp_path, generator, TrainConfig(data="glyphs"))
    return tmp_path


@pytest.fixture
def generator(folder):
    return load_generator(str(folder))


@pytest.mark.parametrize(("size", "channels", "z_dim"), [(32, 1, 64), (64, 3, 100), (32, 3, 8)])
def test_an_encoder_takes_pictures_of_any_generator_to_its_z(size, channels, z_dim):
    guess = Encoder(size, channels, z_dim)(torch.zeros(2, channels, size, size))
    assert guess.shape == (2, z_dim)


def test_it_learns_to_guess_what_it_never_saw(generator, monkeypatch):
    monkeypatch.setattr("gan.latent.encoder.WARM_UP", 10)
    said = []
    encoder = fit_encoder(generator, 150, log=said.append)
    test = torch.randn(64, 8, generator=torch.Generator().manual_seed(99))
    with torch.no_grad():
        pictures = generator(test)
        guesses = encoder(pictures)
    spread = (pictures - pictures.mean(0)).div(2).square().mean()
    assert mse(generator, encoder, test) < spread / 4
    assert (guesses - test).square().mean() < 0.5  # of who guesses 0 it is 1
    assert not encoder.training and not any(each.requires_grad for each in encoder.parameters())
    assert [line.split(":")[0].split(",")[0] for line in said] == ["step 0", "step 150"]


def test_a_seed_gives_one_encoder(generator):
    first, again, other = (
        fit_encoder(generator, 2, seed, log=lambda line: None).state_dict() for seed in (0, 0, 1)
    )
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    assert not torch.equal(first["layers.0.weight"], other["layers.0.weight"])


def test_it_is_kept_for_the_weights_that_it_learnt_and_for_no_others(folder, generator):
    assert read_encoder(folder, generator) is None
    encoder = encoder_for(generator).eval()
    write_encoder(folder, encoder, digest(folder / "model.safetensors"))
    again = read_encoder(folder, generator)
    pictures = generator(seed_latents([1, 2], 8))
    assert torch.equal(again(pictures), encoder(pictures))
    save_generator(folder, Generator("dcgan", 32, 1, 4, 8), TrainConfig(data="glyphs"))
    assert read_encoder(folder, generator) is None


def test_a_damaged_one_is_a_sentence(folder, generator):
    (folder / NAME).write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        read_encoder(folder, generator)


def test_where_nothing_can_be_kept_nothing_is_trained(folder, capsys, monkeypatch):
    monkeypatch.setattr("gan.latent.encoder.fit_encoder", None)
    assert "name a folder" in refused(capsys, "encoder", "--model", "someone/else")
    monkeypatch.setattr("os.access", lambda path, mode: path != folder)
    assert "Nothing may be written" in refused(capsys, "encoder", "--model", folder)


def test_weights_that_change_meanwhile_are_not_those_that_it_learnt(folder, monkeypatch):
    def fit(generator, steps, seed):
        save_generator(folder, Generator("dcgan", 32, 1, 4, 8), TrainConfig(data="glyphs"))
        return encoder_for(generator)

    monkeypatch.setattr("gan.latent.encoder.fit_encoder", fit)
    assert run("encoder", "--model", folder, "--steps", 1) == 0
    assert (folder / NAME).is_file()
    assert read_encoder(folder, load_generator(str(folder))) is None


def test_a_search_begins_at_its_guess(generator):
    z = seed_latents([10**6], 8)
    asked = []

    def encoder(pictures):
        asked.append(pictures)
        return z

    target = generator(z).detach()
    first = next(invert(generator, target, steps=1, starts=1, encoder=encoder))
    assert torch.equal(asked[0], target)
    assert torch.equal(first.z, z)


def test_the_command_trains_one_and_invert_uses_it(folder, tmp_path, monkeypatch, capsys):
    assert run("encoder", "--model", folder, "--steps", 1) == 0
    assert str(folder / NAME) in capsys.readouterr().out
    with safe_open(folder / NAME, framework="np") as file:
        assert len(file.metadata()["weights"]) == 64
    used = []
    whole = Encoder.forward
    monkeypatch.setattr(Encoder, "forward", lambda self, x: used.append(1) or whole(self, x))
    run("sample", "--model", folder, "--seeds", 3, "--scale", 1, "--out", tmp_path / "seven.png")
    given, out = ("--picture", tmp_path / "seven.png"), ("--out", tmp_path / "found.png")
    assert run("invert", "--model", folder, *given, *out, "--steps", 1, "--starts", 1) == 0
    assert used
