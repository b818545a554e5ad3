"""Report: how good a model is, and what is wrong with it (demo/web/report.js), judged beside the page.

GET  …/report/about?model=    what the model learnt from, if that is known, and what else there is
POST …/report                 JSON {model, data, samples, seed} -> {job}, see demo/backend/jobs.py
"""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "How good is a model? Its samples are measured, and real pictures beside them."


def build(services: Services) -> gr.Column:
    """The model menu and the card; returns what stands in for it."""
    model_tab(services, "report", "report/report.js", LEAD)
    return fallback.part(fallback.NO_REPORT)
