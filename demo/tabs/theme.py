"""The look: a quiet theme in system fonts, our style sheet, and the scripts of the tabs."""

from pathlib import Path

import gradio as gr

from demo.backend.datasets import SOURCES, pictured

WEB = Path(__file__).parents[1] / "web"
# In the order of need: later ones use what earlier ones define.
SCRIPTS = (
    "common.js",
    "jobs.js",
    "handover.js",
    "own_upload.js",
    "own_weights.js",
    "takeaway.js",
    "header.js",
    "axis.js",
    "explore_view.js",
    "explore_sets.js",
    "address.js",
    "previews.js",
    "explore.js",
    "walk.js",
    "breed_family.js",
    "breed_parts.js",
    "breed_tree.js",
    "breed_shelf.js",
    "breed_sum.js",
    "breed_view.js",
    "breed.js",
    "frames.js",
    "charts.js",
    "history.js",
    "status.js",
    "my_runs.js",
    "run_charts.js",
    "own.js",
    "train.js",
    "settings_link.js",
    "runs_table.js",
    "compare.js",
    "points_api.js",
    "points_paint.js",
    "points_game.js",
    "points_board.js",
    "points_pad.js",
    "points_slow.js",
    "points_side.js",
    "points_share.js",
    "points_view.js",
    "points.js",
    "find_pixels.js",
    "find_pad.js",
    "find_view.js",
    "find_after.js",
    "find.js",
    "report_view.js",
    "report.js",
)
STYLES = (
    "style.css", "train.css", "own.css", "compare.css", "points.css", "breed.css", "find.css",
    "takeaway.css", "report.css", "plain.css",
)  # fmt: skip
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


# Gradio's variables in terms of ours, which change with light and dark (demo/web/style.css).
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
    """Neutral greys and one accent, the generator's orange. No font is fetched from anywhere."""
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


def scripts() -> str:
    """All scripts as one inline tag: nothing to fetch, so the page works without a network."""
    code = "\n".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f"<script>\n{code}\n</script>"


def styles() -> str:
    """The style sheets as one text, and the pictures of the data menu."""
    sheets = [(WEB / name).read_text(encoding="utf-8") for name in STYLES]
    thumbnails = [
        f".gs-data label:has(input[value='{name}'])::before "
        f"{{ content: ''; background-image: url(gradio_api/ganscope/data?source={name}); }}"
        for name in SOURCES
        if pictured(name)
    ]
    return "\n".join([*sheets, *thumbnails])


def view(name: str, call: str, value: object = None, event: str = "") -> gr.HTML:
    """A component of our own: `ganscope.<call>` builds it inside a div of class gs-<name>.

    `event` is one that its script triggers: Gradio looks for the name, in quotes, in js_on_load.
    """
    return gr.HTML(
        value,
        html_template=f'<div class="gs gs-{name}"></div>',
        js_on_load=f'ganscope.{call}(element, props, trigger, watch) // "{event}"',
        apply_default_css=False,
    )
