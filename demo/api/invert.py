"""The endpoint of Find, GAN inversion: takes a picture, returns the latent of the nearest one."""

import gradio as gr

from demo.api.expose import AnswerFiles, choice, data, expose, file, number, picture, text
from demo.backend.generators import FIND_MODEL
from demo.backend.jobs import inversion as inversion_job
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages
from gan.images import encode
from gan.images.inversion_target import EDGE_MODES, LIGHTS

FACTS = ("z", "mse", "steps", "reads")


def build(services: Services, answers: AnswerFiles) -> None:
    """Register /invert."""

    @errors_as_messages
    def find_latent(picture, model, steps, starts, seed, edges, light):
        """Find the latent vector z whose picture is nearest to a given one (GAN inversion).

        Args:
            picture: The picture file to search for.
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            steps: 1 to 2,000; more give a smaller error.
            starts: Initial latents of the search, 1 to 32.
            seed: 0 to 4,294,967,295, of the initial latents.
            edges: How a picture that is not square becomes one.
            light: kept as it is, or converted to the style of MNIST digits: paper is for a digit on paper.
        """
        content = inversion_job.read_picture(picture)
        loaded = services.generators.open(model)
        job = inversion_job.start_inversion(
            services, loaded, content, edges, light, steps, starts, seed
        )
        result = services.jobs.result(job)
        drawn = answers.save("found.png", encode.png(inversion_job.found_pixels(result)))
        facts = {"model": model} | {name: result[name] for name in FACTS if name in result}
        return drawn, facts, result["mse"]

    numbers = [number(300), number(4), number(0)]
    modes = [choice(*EDGE_MODES), choice(*LIGHTS)]
    found = [picture("found"), data("facts"), gr.Number(label="mse", visible=False)]
    expose(find_latent, "invert", [file("picture"), text(FIND_MODEL), *numbers, *modes], found)
