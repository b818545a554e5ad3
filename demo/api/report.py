"""The endpoint of Report: a model and data in, its report card out."""

import gradio as gr

from demo.api.expose import Answers, data, expose, file, number, text
from demo.backend import report_job
from demo.backend.generators import DEFAULT_MODEL
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages


def build(services: Services, answers: Answers) -> None:
    """Register /report."""

    @errors_as_messages
    def judge_model(model, source, samples, seed, request: gr.Request):
        """Judge a model: its measures, each beside what real pictures get, and a verdict in words.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            source: What to judge it by, as in train; empty for what it was trained on.
            samples: 10 to 5,000.
            seed: 0 to 4,294,967,295, of the samples and of the choice of real pictures.
        """
        loaded = services.generators.open(model)
        source = source or report_job.describe_model(loaded)["data"]
        job = report_job.start_report(services, loaded, source, samples, seed, request.session_hash)
        result = services.jobs.result(job)
        page = answers.fresh("report.html", result["files"]["report.html"])
        return result["card"], page

    asked = [text(DEFAULT_MODEL), text(""), number(report_job.DEFAULT_SAMPLES), number(0)]
    expose(judge_model, "report", asked, [data("card"), file("page")])
