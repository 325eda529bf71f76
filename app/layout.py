"""Where everything stands on the page, and which handler answers which event.

Notable:
- Choosing cascades: a document fills the pages, a page shows itself; nothing is wired twice.
- relabel() lists every component that carries words, so the language switch misses none.
"""

from typing import Any

import gradio as gr

from app.handlers import Handlers
from app.state import Library
from app.texts import DEFAULT_LANGUAGE, LANGUAGES, TEXTS, say
from app.views import KINDS
from fabeye.reporting.theme import FONT_STACK, MONO_STACK

Words = dict[str, dict[str, Any]]  # by component, its fields that carry words

RADIUS_PATCHES, MAX_RADIUS_PATCHES, OPACITY = 2, 12, 0.6  # what the sliders start with, and how far one goes
TABLE_HEIGHT = 680  # pixels
# Bilingual, as gradio cannot rename a filled table's columns.
COLUMNS = ["#", *(f"{TEXTS[name].en} {TEXTS[name].zh}" for name in ("category", "source", "score", "text"))]
COLUMN_WIDTHS: list[str | int] = ["6%", "23%", "17%", "17%", "37%"]


def build(library: Library) -> gr.Blocks:
    """The app's page over a library; launch() of main.py serves it."""
    handlers = Handlers(library)
    one_hour = 3600  # seconds after which pictures made for a browser are deleted
    with gr.Blocks(title="fabeye", analytics_enabled=False, delete_cache=(one_hour, one_hour), fill_width=True) as page:
        parts = _place(handlers)
        _wire(page, parts, handlers)
    return page


def theme() -> gr.themes.Base:
    """Light, and with fonts of the system alone: gradio's own themes name fonts of a server of Google's."""
    fonts, mono = ([name.strip().strip("'") for name in stack.split(",")] for stack in (FONT_STACK, MONO_STACK))
    return gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=mono)


def _place(handlers: Handlers) -> dict[str, Any]:
    """Create all components, in English, from top left to bottom right."""
    words = _words(DEFAULT_LANGUAGE)
    parts: dict[str, Any] = {"point": gr.State(None)}
    with gr.Row(elem_id="head"):
        parts["head"] = gr.HTML(_head(DEFAULT_LANGUAGE))
        parts["language"] = gr.Radio(LANGUAGES, value=DEFAULT_LANGUAGE, scale=0, min_width=220, **words["language"])
    parts["status"] = gr.HTML(handlers.status(DEFAULT_LANGUAGE))
    with gr.Row():
        with gr.Column(scale=2, min_width=240):
            _place_choices(parts, words)
        with gr.Column(scale=5, min_width=420):
            parts["image"] = gr.Image(
                format="png",
                type="pil",
                interactive=False,
                buttons=["download"],
                elem_id="page-image",
                **words["image"],
            )
        with gr.Column(scale=5, min_width=420):
            _place_findings(parts, words)
    return parts


def _place_choices(parts: dict[str, Any], words: Words) -> None:
    parts["search"] = gr.Textbox(max_lines=1, **words["search"])
    parts["document"] = gr.Dropdown([], value=None, **words["document"])
    parts["page"] = gr.Dropdown([], value=None, **words["page"])
    with gr.Row():
        for name in ("previous", "next"):
            parts[name] = gr.Button(size="sm", min_width=60, **words[name])
    parts["boxes"] = gr.CheckboxGroup(value=["truth", "parse"], **words["boxes"])
    parts["checkpoint"] = gr.Dropdown([], value=None, **words["checkpoint"])
    parts["radius"] = gr.Slider(0, MAX_RADIUS_PATCHES, value=RADIUS_PATCHES, step=1, **words["radius"])
    parts["opacity"] = gr.Slider(0.1, 1, value=OPACITY, step=0.05, **words["opacity"])


def _place_findings(parts: dict[str, Any], words: Words) -> None:
    parts["under"] = gr.HTML("", show_label=True, container=True, padding=True, **words["under"])
    with gr.Tabs():
        with gr.Tab(**words["similarity_tab"]) as parts["similarity_tab"]:
            parts["similarity_note"] = gr.Markdown(**words["similarity_note"])
            parts["about"] = gr.Markdown()
            parts["map"] = gr.Plot(show_label=False)
        with gr.Tab(**words["elements_tab"]) as parts["elements_tab"]:
            parts["elements_note"] = gr.Markdown(**words["elements_note"])
            parts["table"] = gr.Dataframe(
                [],
                interactive=False,
                type="array",
                column_widths=COLUMN_WIDTHS,
                max_height=TABLE_HEIGHT,
                headers=COLUMNS,
            )


def _wire(page: gr.Blocks, parts: dict[str, Any], handlers: Handlers) -> None:
    """Connect events with handlers; names in `api_name` are also what a script can call."""
    p = parts
    seen = [p["page"], p["boxes"], p["language"]]
    fresh = [p["image"], p["table"], p["under"], p["point"], p["map"], p["about"]]
    map_of = [p["page"], p["point"], p["checkpoint"], p["radius"], p["opacity"], p["language"]]
    page.load(handlers.start, None, [p["language"], p["document"], p["checkpoint"], p["status"]], api_name="start")
    p["search"].submit(handlers.find, [p["search"], p["language"]], p["document"], api_name="find")
    p["document"].change(handlers.open_document, p["document"], p["page"], api_name="open_document")
    p["page"].change(handlers.show_page, seen, fresh, api_name="show_page")
    p["boxes"].change(handlers.show_page, seen, fresh, api_visibility="private")
    for button, step in (("previous", -1), ("next", 1)):
        turn = [p["document"], p["page"], gr.State(step)]
        p[button].click(handlers.turn, turn, p["page"], api_visibility="private", show_progress="hidden")
    clicked = p["image"].select(
        handlers.click, seen, [p["image"], p["under"], p["point"]], api_visibility="private", show_progress="hidden"
    )
    clicked.then(handlers.similar, map_of, [p["map"], p["about"]], api_visibility="private")
    for control in ("checkpoint", "radius", "opacity"):
        event = p[control].change if control == "checkpoint" else p[control].release
        event(handlers.similar, map_of, [p["map"], p["about"]], api_visibility="private")
    p["table"].select(
        handlers.choose_row,
        [*seen, p["point"]],
        [p["image"], p["under"]],
        api_visibility="private",
        show_progress="hidden",
    )
    worded = [*_words(DEFAULT_LANGUAGE), "head", "status"]
    said = p["language"].change(
        lambda language: relabel(handlers, language),
        p["language"],
        [p[name] for name in worded],
        api_visibility="private",
    )
    said.then(handlers.show_page, seen, fresh, api_visibility="private")


def relabel(handlers: Handlers, language: str) -> list[Any]:
    """Every component that carries words, in another language; the header and the status last."""
    updates = [gr.update(**change) for change in _words(language).values()]
    return [*updates, _head(language), handlers.status(language)]


def _words(language: str) -> Words:
    labelled = ("search", "document", "page", "boxes", "checkpoint", "opacity", "language")
    changes: dict[str, dict[str, Any]] = {name: {"label": say(name, language)} for name in labelled}
    changes["search"]["placeholder"] = say("search_hint", language)
    changes["boxes"]["choices"] = [(say(kind, language), kind) for kind in KINDS]
    changes["radius"] = {"label": say("radius", language)}
    changes["image"] = {"label": say("page_image", language)}
    changes["under"] = {"label": say("under_point", language)}
    changes["previous"], changes["next"] = ({"value": say(name, language)} for name in ("previous", "next"))
    changes["similarity_tab"] = {"label": say("similarity", language)}
    changes["elements_tab"] = {"label": say("elements", language)}
    changes["similarity_note"] = {"value": say("similarity_note", language)}
    changes["elements_note"] = {"value": say("elements_note", language)}
    return changes


def _head(language: str) -> str:
    return f"<h1>fabeye · {say('title', language)}</h1><p>{say('subtitle', language)}</p>"
