"""The Report tab: evaluates a model (demo/web/report/, demo/routes/report.py)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "How good is a model? Its samples are compared with real pictures, metric by metric."


def build(services: Services) -> gr.Column:
    """Build the tab; returns its fallback column."""
    model_tab(services, "report", "report/report.js", LEAD)
    return fallback.hidden_column(fallback.NO_REPORT)
