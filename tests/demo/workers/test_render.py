"""The process that draws: the pictures of `gan` itself, in a fair order, whatever happens to it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from demo.backend.generators import GeneratorStore
from demo.backend.work.rpc import RpcClient
from demo.workers.drawing_queue import MAX_BATCH
from demo.workers.loaded import LoadedGenerator as InRenderer
from demo.workers.render import Renderer
from gan.inside.look import Look
from gan.latent.vectors import seed_latents, truncate
from gan.models.flops import multiply_adds
from gan.models.generator import Generator
from gan.models.render import render, single_thread
from gan.models.storage import find_generator, load_generator


@pytest.fixture(scope="module")
def generators(tmp_path_factory):
    generators = GeneratorStore(tmp_path_factory.mktemp("runs"))
    yield generators
    generators.renderer.close()


@pytest.mark.parametrize("model", ["digits", "faces"])
def test_pictures_are_those_of_gan_bit_for_bit(generators, model):
    generator, loaded = load_generator(model), generators.open(model)
    z = loaded.latents([7, 42, 2**32 - 1], 0.7).result()
    assert np.array_equal(z, truncate(seed_latents([7, 42, 2**32 - 1], generator.z_dim), 0.7))
    assert np.array_equal(loaded.draw(z).result(), render(generator, torch.from_numpy(z)))


def test_a_large_request_comes_whole_and_in_order(generators):
    loaded = generators.open("digits")
    z = loaded.latents(range(3 * MAX_BATCH)).result()
    parts = [loaded.draw(z[start : start + MAX_BATCH]) for start in range(0, len(z), MAX_BATCH)]
    together = loaded.draw(z).result()
    assert np.array_equal(together, np.concatenate([part.result() for part in parts]))


def test_what_the_page_says_of_a_generator_is_true(generators):
    generator, info = load_generator("faces"), generators.open("faces").info
    assert info["multiply_adds"] == multiply_adds(generator)
    assert (info["size"], info["channels"], info["z_dim"]) == (128, 3, generator.z_dim)


def test_one_picture_does_not_wait_for_a_large_request(generators):
    loaded = generators.open("faces")
    z = loaded.latents(range(240)).result()
    large, one = loaded.draw(z), loaded.draw(z[:1])
    assert len(one.result()) == 1
    assert not large.done()
    assert len(large.result()) == 240


def test_a_picture_with_edits_does_not_wait_for_the_pulls_of_another(generators):
    loaded = generators.open("faces")
    one, other = (loaded.latents([seed]).result() for seed in (5, 7))
    loaded.edited(one, "1.3x0").result()  # what is made when somebody first looks
    pulled = loaded.inside("pull", one, "pull.52.92.52.112x80,pull.76.92.76.112x80")
    assert len(loaded.edited(other, "1.3x0").result()) == 1
    assert not pulled.done()
    at_once = Look(load_generator("faces"), find_generator("faces"))
    with single_thread():
        drag = at_once.drag(torch.from_numpy(one), "pull.52.92.52.112x80,pull.76.92.76.112x80")
    assert np.abs(np.array(pulled.result()["points"]) - drag.points).max() < 2.0


class Notes:
    """In place of a pipe: keeps the numbers of the requests that were answered, and the answers."""

    def __init__(self):
        self.answered, self.values = [], []

    def send(self, answer):
        number, _, value = answer
        self.answered.append(number)
        self.values.append(value)


def test_single_pictures_of_one_generator_are_drawn_together():
    renderer, z = Renderer(Notes()), torch.randn(20, 8, generator=torch.Generator().manual_seed(1))
    nets = [Generator("dcgan", 32, 1, 4, 8).eval() for _ in range(2)]
    first, second = (InRenderer(net, {"name": "small"}, Path()) for net in nets)
    for number in range(MAX_BATCH + 2):
        renderer._queue_drawing(number, first, z[number : number + 1])
    renderer._queue_drawing(MAX_BATCH + 2, second, z[:1])
    renderer._queue_drawing(MAX_BATCH + 3, second, z[:2])
    batches = []
    for _ in range(4):
        batches.append(renderer.drawing_queue.next_batch())
        renderer._draw_batch(batches[-1])
    together = [[request.number for request in batch] for batch in batches]
    full = list(range(MAX_BATCH))
    assert together == [full, [MAX_BATCH, MAX_BATCH + 1], [MAX_BATCH + 2], [MAX_BATCH + 3]]
    # Each gets its own picture, as it would alone.
    alone = [render(nets[0], z[number : number + 1]) for number in full]
    assert all(np.array_equal(a, b) for a, b in zip(renderer.pipe.values, alone, strict=False))


def test_wrong_latents_are_a_sentence(generators):
    loaded = generators.open("digits")
    for z in (np.zeros((1, 3), np.float32), np.zeros((0, 64), np.float32), np.zeros(64, np.float32)):
        with pytest.raises(ValueError, match="digits needs latents of"):
            loaded.draw(z).result()


def test_an_error_of_ours_is_no_sentence_for_users():
    client = RpcClient()
    with pytest.raises(RuntimeError, match="KeyError"):
        client.call("dance").result()
    client.close()


def test_a_dead_artist_is_a_sentence_and_the_next_one_draws(generators):
    loaded = generators.open("faces")
    z = loaded.latents(range(240)).result()
    before, waiting = loaded.draw(z[:1]).result(), [loaded.draw(z) for _ in range(3)]
    generators.renderer.child.process.kill()
    for each in waiting:
        with pytest.raises(ValueError, match="ended unexpectedly"):
            each.result()
    # Without opening the model anew: visitors who have the page open just go on.
    assert np.array_equal(loaded.draw(z[:1]).result(), before)


def test_large_pictures_are_overtaken_after_two():
    generator = Generator("dcgan", 128, 1, 4, 8).eval()
    renderer, notes = Renderer(Notes()), InRenderer(generator, {"name": "large"}, Path())
    z = torch.randn(5, 8, generator=torch.Generator().manual_seed(1))
    renderer._queue_drawing(0, notes, z)
    left = []
    for _ in range(3):
        batch = renderer.drawing_queue.next_batch()
        renderer._draw_batch(batch)
        left.append(len(batch[0].z))
    assert left == [3, 1, 0]
    assert np.array_equal(renderer.pipe.values[0], render(generator, z))
