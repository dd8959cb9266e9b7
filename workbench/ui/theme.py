"""How the page looks: calm greys, one accent, system fonts, little padding. Dark follows the system."""

import gradio as gr
from gradio.themes.utils import colors, sizes

ACCENT = colors.Color(
    c50="#eef4fb",
    c100="#dbe8f6",
    c200="#bcd4ee",
    c300="#8fb7e2",
    c400="#5d95d3",
    c500="#3577bd",
    c600="#2861a1",
    c700="#234f83",
    c800="#20446d",
    c900="#1e3a5b",
    c950="#14253b",
    name="accent",
)
GREY = colors.Color(
    c50="#f8f9fa",
    c100="#f1f3f5",
    c200="#e3e7eb",
    c300="#cfd5db",
    c400="#98a2ad",
    c500="#6b7682",
    c600="#525c67",
    c700="#3a424b",
    c800="#262c33",
    c900="#1a1f25",
    c950="#12161b",
    name="grey",
)
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Ubuntu", "Cantarell", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def make() -> gr.themes.Base:
    """The theme; sizes and spacing come from gradio's small scales."""
    theme = gr.themes.Base(
        primary_hue=ACCENT,
        secondary_hue=ACCENT,
        neutral_hue=GREY,
        text_size=sizes.text_sm,
        spacing_size=sizes.spacing_sm,
        radius_size=sizes.radius_sm,
        font=FONT,
        font_mono=MONO,
    )
    return theme.set(**_surfaces(), **_controls())


def _surfaces() -> dict[str, str]:
    return {
        "body_background_fill": "*neutral_50",
        "body_background_fill_dark": "*neutral_950",
        "background_fill_primary": "white",
        "background_fill_primary_dark": "*neutral_900",
        "background_fill_secondary": "*neutral_50",
        "background_fill_secondary_dark": "*neutral_950",
        "block_background_fill": "transparent",
        "block_background_fill_dark": "transparent",
        "block_border_width": "0px",
        "block_border_width_dark": "0px",
        "block_shadow": "none",
        "block_padding": "0px",
        "block_label_text_size": "*text_sm",
        "block_title_text_size": "*text_md",
        "block_title_text_weight": "500",
        "block_title_text_color": "*neutral_800",
        "block_title_text_color_dark": "*neutral_200",
        "block_info_text_size": "*text_sm",
        "block_info_text_color": "*neutral_500",
        "block_info_text_color_dark": "*neutral_400",
        "border_color_primary": "*neutral_200",
        "border_color_primary_dark": "*neutral_700",
        "body_text_color": "*neutral_800",
        "body_text_color_dark": "*neutral_200",
        "body_text_color_subdued": "*neutral_500",
        "body_text_color_subdued_dark": "*neutral_400",
    }


def _controls() -> dict[str, str]:
    return {
        "input_background_fill": "white",
        "input_background_fill_dark": "*neutral_900",
        "input_border_width": "1px",
        "input_border_color": "*neutral_300",
        "input_border_color_dark": "*neutral_700",
        "input_border_color_focus": "*primary_500",
        "input_border_color_focus_dark": "*primary_400",
        "input_shadow": "none",
        "input_padding": "6px 8px",
        "input_placeholder_color": "*neutral_500",
        "input_placeholder_color_dark": "*neutral_400",
        "button_large_padding": "8px 14px",
        "button_small_padding": "4px 10px",
        "button_medium_padding": "6px 12px",
        "button_transition": "none",
        "button_primary_background_fill": "*primary_600",
        "button_primary_background_fill_hover": "*primary_700",
        "button_primary_background_fill_dark": "*primary_500",
        "button_primary_background_fill_hover_dark": "*primary_600",
        "button_primary_text_color": "white",
        "button_secondary_background_fill": "white",
        "button_secondary_background_fill_hover": "*neutral_100",
        "button_secondary_background_fill_dark": "*neutral_800",
        "button_secondary_background_fill_hover_dark": "*neutral_700",
        "button_secondary_border_color": "*neutral_300",
        "button_secondary_border_color_dark": "*neutral_700",
        "button_border_width": "1px",
        "slider_color": "*primary_500",
        "slider_color_dark": "*primary_400",
        "checkbox_background_color_selected": "*primary_600",
    }
