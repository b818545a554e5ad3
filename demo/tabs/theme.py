"""The theme, the style sheets, and custom components (`view`)."""

import gradio as gr

from demo.backend.datasets import SOURCES, has_thumbnails
from demo.routes import web_files

STYLES = (
    "core/style.css", "train/train.css", "train/own_pictures.css", "compare/compare.css",
    "points/points.css", "breed/breed.css", "inside/inside.css", "sketch/sketch.css", "find/find.css",
    "export/export_panel.css", "report/report.css", "learn/learn.css", "class/class.css", "fallback.css",
)  # fmt: skip
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


# Gradio's theme variables -> CSS variables of demo/web/core/style.css, which differ in light and dark mode.
VARIABLES = {
    "body_background_fill": "ground",
    "block_background_fill": "panel",
    "block_border_color": "line",
    "block_label_text_color": "ink",
    "block_title_text_color": "ink",
    "block_info_text_color": "quiet",
    "body_text_color": "ink",
    "body_text_color_subdued": "quiet",
    "border_color_primary": "line",
    "border_color_accent": "accent",
    "input_background_fill": "panel",
    "input_border_color": "line",
    "input_border_color_focus": "discriminator",
    "slider_color": "accent",
    "checkbox_background_color_selected": "accent",
    "checkbox_border_color_selected": "accent",
    "checkbox_label_background_fill": "panel",
    "checkbox_label_background_fill_hover": "sunken",
    "checkbox_label_background_fill_selected": "panel",
    "checkbox_label_border_color": "line",
    "checkbox_label_border_color_selected": "accent",
    "checkbox_label_text_color": "ink",
    "checkbox_label_text_color_selected": "ink",
    "button_primary_background_fill": "accent",
    "button_primary_background_fill_hover": "accent-strong",
    "button_primary_text_color": "on-accent",
    "button_secondary_background_fill": "panel",
    "button_secondary_background_fill_hover": "sunken",
    "button_secondary_border_color": "line",
    "button_secondary_text_color": "ink",
}


def theme() -> gr.themes.Base:
    """Neutral greys and one accent, the orange that stands for G. System fonts only."""
    plain = {name: f"var(--gs-{ours})" for name, ours in VARIABLES.items()}
    dark = {f"{name}_dark": value for name, value in plain.items()}
    base = gr.themes.Base(radius_size=gr.themes.sizes.radius_md, font=FONTS, font_mono=MONO)
    return base.set(
        **plain,
        **dark,
        color_accent="var(--gs-accent)",
        block_shadow="none",
        input_border_width="1px",
        input_border_width_dark="1px",
        checkbox_label_border_width="1px",
        checkbox_label_border_width_dark="1px",
        button_primary_border_color="transparent",
        button_primary_border_color_dark="transparent",
        checkbox_border_color="var(--gs-quiet)",
        checkbox_border_color_dark="var(--gs-quiet)",
        button_secondary_border_color_hover="var(--gs-quiet)",
        button_secondary_border_color_hover_dark="var(--gs-quiet)",
    )


def styles() -> str:
    """All style sheets as one text, and rules for the thumbnails in the data menu."""
    sheets = [web_files.read_text(name) for name in STYLES]
    thumbnails = [
        f".gs-data label:has(input[value='{name}'])::before "
        f"{{ content: ''; background-image: url(gradio_api/ganscope/data?source={name}); }}"
        for name in SOURCES
        if has_thumbnails(name)
    ]
    return "\n".join([*sheets, *thumbnails])


def term(key: str, text: str) -> str:
    """HTML of a term that the page explains; demo/web/core/terms.js has the words for `key`."""
    return (
        f"<button type='button' class='gs-term' data-term='{key}' aria-describedby='gs-term-{key}'>"
        f"{text}</button>"
    )


def lead(words: str) -> gr.HTML:
    """The line at the top of a tab: what can be done there."""
    return gr.HTML(f"<p class='gs gs-lead'>{words}</p>", apply_default_css=False)


def view(name: str, module: str, value: object = None, event: str = "") -> gr.HTML:
    """A custom component in a div of class gs-<name>, built by `mount` of a module in demo/web.

    The module is loaded when Gradio shows the component, in a tab thus when it is opened. `event` is
    the event that the component may trigger.
    """
    return gr.HTML(
        value,
        html_template=f'<div class="gs gs-{name}"></div>',
        js_on_load=web_files.js_on_load(module, event),
        apply_default_css=False,
    )
