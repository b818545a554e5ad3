"""The look: a quiet theme in system fonts, our style sheet, and the scripts of the tabs."""

from pathlib import Path

import gradio as gr

WEB = Path(__file__).parent / "web"
# In the order of need: later ones use what earlier ones define.
SCRIPTS = ("common.js", "header.js", "explore.js", "walk.js", "charts.js", "train.js")
STYLES = ("style.css", "train.css")
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Neutral greys and one accent, the generator's orange. No font is fetched from anywhere."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.amber,
        neutral_hue=gr.themes.colors.gray,
        radius_size=gr.themes.sizes.radius_md,
        font=FONTS,
        font_mono=MONO,
    ).set(
        body_background_fill="#ffffff",
        body_background_fill_dark="#111418",
        block_background_fill="#ffffff",
        block_background_fill_dark="#171b21",
        block_border_color="#d9dce1",
        block_border_color_dark="#323944",
        block_shadow="none",
        block_label_text_color="#16181d",
        block_label_text_color_dark="#eceef2",
        block_title_text_color="#16181d",
        block_title_text_color_dark="#eceef2",
        block_info_text_color="#5a606b",
        block_info_text_color_dark="#a3abb8",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1d2229",
        slider_color="#b45309",
        slider_color_dark="#f5a350",
        button_primary_background_fill="#b45309",
        button_primary_background_fill_dark="#f5a350",
        button_primary_background_fill_hover="#92400e",
        button_primary_background_fill_hover_dark="#f8b878",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#111418",
    )


def scripts() -> str:
    """All scripts as one inline tag: nothing to fetch, so the page works without a network."""
    code = "\n".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f"<script>\n{code}\n</script>"


def styles() -> str:
    """The style sheets as one text."""
    return "\n".join((WEB / name).read_text(encoding="utf-8") for name in STYLES)


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
