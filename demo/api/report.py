"""The endpoint of Report: evaluates a model, returns its report card."""

import gradio as gr

from demo.api.expose import AnswerFiles, data, expose, file, number, text
from demo.backend.generators import DEFAULT_MODEL
from demo.backend.jobs import report as report_job
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages


def build(services: Services, answers: AnswerFiles) -> None:
    """Register /report."""

    @errors_as_messages
    def judge_model(model, source, samples, seed, request: gr.Request):
        """Evaluate a model: its metrics, each beside the value for real pictures, and a verdict in words.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            source: The real data to compare with, as in train; empty for its training data.
            samples: How many pictures to draw, 10 to 5,000.
            seed: 0 to 4,294,967,295, of the samples and of the choice of real pictures.
        """
        loaded = services.generators.open(model)
        source = source or report_job.describe_model(loaded)["data"]
        job = report_job.start_report(services, loaded, source, samples, seed, request.session_hash)
        result = services.jobs.result(job)
        page = answers.save("report.html", result["files"]["report.html"])
        return result["card"], page

    inputs = [text(DEFAULT_MODEL), text(""), number(report_job.DEFAULT_SAMPLES), number(0)]
    expose(judge_model, "report", inputs, [data("card"), file("page")])
