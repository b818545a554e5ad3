"""The endpoints that look into a generator: its layers and parts, pictures with changed units, its discriminator."""

import base64

import numpy as np

from demo.api.expose import (
    AnswerFiles,
    data,
    expose,
    file,
    later_file,
    later_text,
    number,
    picture,
    text,
)
from demo.backend.generators import DEFAULT_MODEL, edits_text
from demo.backend.jobs.inside import start_critic, start_map
from demo.backend.jobs.inversion import read_picture
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.inside.limits import MAX_STEPS
from gan.settings.config import MAX_SEED

SAID = ("logit", "grey", "missing", "steps")


def build(services: Services, answers: AnswerFiles) -> None:
    """Register /inside, /edit, /drag, /critic, /map and /mix."""
    generators = services.generators

    def edited(model, seed, edits, class_name) -> tuple:
        """The model, z (1, z_dim) and the picture of a seed with edits, uint8 (1, size, size, channels)."""
        loaded = generators.open(model)
        z = loaded.latents([seed], 1.0, class_name).result()
        return loaded, z, loaded.edited(z, edits).result()

    @errors_as_messages
    def look_inside(model):
        """Look inside a generator: its layers of units with what each costs (parameters, multiply-adds, share of
        the time), and the parts that units draw (which may take half a minute).

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
        """
        loaded = generators.open(model)
        return loaded.inside("facts").result() | loaded.find_parts().result()

    @errors_as_messages
    def draw_edited(model, seed, edits, class_name=""):
        """Draw the picture of a seed with changed units, as PNG.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seed: 0 to 4,294,967,295.
            edits: Such as 2.17x0 (layer 2, unit 17 off), 2.17x2.5 (stronger, up to 3), 2.17only, or z1.seed.42x0.7 (the
                first later stage 0.7 of the way to seed 42), parted by commas.
            class_name: Of a model with classes, the class to draw, by name or index; empty for any.
        """
        _, _, drawn = edited(model, seed, edits, class_name)
        return answers.save("edited.png", encode.png(drawn[0]))

    @errors_as_messages
    def drag_points(model, seed, pull, hold="", class_name=""):
        """Pull points of a seed's picture elsewhere: the picture as PNG, where the points are then, and whether they
        have arrived.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seed: 0 to 4,294,967,295.
            pull: From where to where in pixels, such as 64.104.64.94; several parted by +, which are pulled at once.
            hold: A place that is to stay, such as 20.90; several parted by commas; empty for none.
            class_name: Of a model with classes, the class to draw, by name or index; empty for any.
        """
        holds = "".join(f"h{place.strip()}" for place in str(hold).split(",") if place.strip())
        edits = f"pull.{pull}x{MAX_STEPS}{holds}"
        loaded = generators.open(model)
        z = loaded.latents([seed], 1.0, class_name).result()
        said = loaded.inside("pull", z, edits_text(edits)).result()
        shape = said["side"], said["side"], said["channels"]
        drawn = np.frombuffer(base64.b64decode(said["pixels"]), np.uint8).reshape(shape)
        state = {name: said[name] for name in ("points", "arrived", "stuck")}
        return answers.save("dragged.png", encode.png(drawn)), state

    @errors_as_messages
    def ask_critic(model, seed, edits="", class_name="", picture=None):
        """Ask a generator's discriminator about a picture of it, a real one, and one of yours: each one's logit, and
        that of grey.

        Args:
            model: A name such as faces or run:ID whose discriminator was kept.
            seed: 0 to 4,294,967,295.
            edits: Changes of units, as in /edit; empty for none.
            class_name: Of a model with classes, the class to draw, by name or index; empty for any.
            picture: A picture file of yours, cropped to a square; none for no answer about it.
        """
        seed = checks.integer("seed", seed, 0, MAX_SEED)
        content = read_picture(picture) if picture else b""
        loaded, z, drawn = edited(model, seed, edits, class_name)
        said = loaded.critic(drawn, z, seed).result()
        if content:
            said |= services.jobs.result(start_critic(services, loaded, content))
        return {
            name: {each: said[name][each] for each in SAID} if said.get(name) else None
            for name in ("fake", "real", "own")
        }

    @errors_as_messages
    def mix_pictures(model, form, colours, share=1.0, level=0):
        """Draw the form of one seed in the colours (or with the details) of another, as PNG.

        Args:
            model: A name such as faces, or run:ID, of a generator that takes z more than once (palette, wavelet).
            form: Seed of the form, 0 to 4,294,967,295.
            colours: Seed of the colours or details, 0 to 4,294,967,295.
            share: How much of the latter, 0 to 1.
            level: From which later use of z on, 0 is the first.
        """
        loaded = generators.open(model)
        columns, rows = (loaded.latents([seed]).result() for seed in (form, colours))
        drawn = loaded.mix(columns, rows, share, level).result()
        return answers.save("mixed.png", encode.png(drawn[0]))

    @errors_as_messages
    def map_latents(model):
        """Lay pictures of seeds 0, 1, … and real ones out in the plane, like beside like (up to a minute).

        The answer has x and y (0 to 10,000) of each, how many are fakes (the first), the fakes' classes with names, and
        side and columns of the sheet of thumbnails, a WebP file.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
        """
        result = services.jobs.result(start_map(services, generators.open(model)))
        return result["map"], answers.save_job_file(result)

    model = text(DEFAULT_MODEL)
    expose(look_inside, "inside", [model], [data("layers and parts")])
    changed = [text(DEFAULT_MODEL), number(42), text("2.17x0"), later_text()]
    expose(draw_edited, "edit", changed, [picture("picture")])
    pulled = [text(DEFAULT_MODEL), number(42), text("64.104.64.94"), later_text(), later_text()]
    expose(drag_points, "drag", pulled, [picture("picture"), data("points")])
    asked = [text(DEFAULT_MODEL), number(42), later_text(), later_text(), later_file("picture")]
    expose(ask_critic, "critic", asked, [data("logits")])
    expose(map_latents, "map", [text(DEFAULT_MODEL)], [data("map"), file("sheet")])
    mixed = [text(DEFAULT_MODEL), number(5), number(11), number(1), number(0)]
    expose(mix_pictures, "mix", mixed, [picture("picture")])
