"""What happens when somebody chooses, clicks or switches: values of the browser in, values for it out.

Notable:
- Each handler is a plain function of its inputs and the library, so it is tested without a browser.
- polite() is the one place where an error becomes a message: people see a sentence, the terminal the traceback.
"""

import functools
import logging
from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from app.similarity import similarity, without_neighbours
from app.state import Library
from app.texts import TEXTS, preferred, say
from app.views import KINDS, describe, draw_page, element_rows, hit_test, similarity_figure
from fabeye.errors import FabeyeError
from fabeye.schema import Document, Element

LOG = logging.getLogger("fabeye.app")
MAX_CHOICES = 500  # documents listed at once; searching finds the others

Point = tuple[int, int]


def polite(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Make a handler say what went wrong, and leave the page as it was, instead of showing an error."""

    @functools.wraps(handler)
    def wrapped(*inputs: Any, **named: Any) -> Any:
        try:
            return handler(*inputs, **named)
        except FabeyeError as error:
            gr.Warning(escape(str(error)))
        except Exception:
            LOG.exception("%s failed", handler.__name__)
            gr.Warning(f"{TEXTS['bug'].en} {TEXTS['bug'].zh}")
        return gr.skip()

    return wrapped


class Handlers:
    """The app's answers, over one library."""

    def __init__(self, library: Library):
        self.library = library

    @polite
    def start(self, request: gr.Request) -> tuple[Any, ...]:
        """A browser has opened the page: its language, the documents, the checkpoints, the state of things."""
        language = preferred(request.headers.get("accept-language", "") if request else "")
        checkpoints = self.library.checkpoints()
        chooser = gr.update(choices=checkpoints, value=checkpoints[0] if checkpoints else None)
        return language, self._choices(""), chooser, self.status(language)

    @polite
    def find(self, words: str, language: str) -> Any:
        """The documents whose label holds all the words."""
        if not self._matching(words):
            gr.Info(escape(say("no_match", language, words=words)))
            return gr.skip()
        return self._choices(words)

    @polite
    def open_document(self, document_id: str | None) -> Any:
        """The document's pages to choose from, the first one chosen."""
        ids = self.library.page_ids(document_id) if document_id else []
        return gr.update(
            choices=[(str(place), each) for place, each in enumerate(ids, 1)], value=ids[0] if ids else None
        )

    @polite
    def turn(self, document_id: str | None, page_id: str | None, step: int) -> Any:
        """The page `step` further on; the last or first one stays."""
        ids = self.library.page_ids(document_id) if document_id else []
        if page_id not in ids:
            return gr.skip()
        return ids[min(max(ids.index(page_id) + step, 0), len(ids) - 1)]

    @polite
    def show_page(self, page_id: str | None, kinds: list[str], language: str) -> tuple[Any, ...]:
        """A page as it is first seen: picture, table, no point, no map."""
        if not page_id:
            return None, [], describe(None, None, language), None, None, ""
        shown = self._shown(page_id, kinds)
        picture = draw_page(self.library.picture(page_id), shown)
        return picture, _table(shown), describe(None, None, language), None, None, ""

    @polite
    def click(self, page_id: str | None, kinds: list[str], language: str, event: gr.SelectData) -> tuple[Any, ...]:
        """Somebody clicked into the page: the picture with the element under the point, what it is, and the point."""
        if not page_id:
            return gr.skip(), gr.skip(), gr.skip()
        point = (int(event.index[0]), int(event.index[1]))
        shown = self._shown(page_id, kinds)
        element = hit_test(_flat(shown), *point)
        picture = draw_page(self.library.picture(page_id), shown, element, point)
        return picture, describe(element, point, language), point

    @polite
    def choose_row(
        self, page_id: str | None, kinds: list[str], language: str, point: Point | None, event: gr.SelectData
    ) -> tuple[Any, ...]:
        """Somebody chose a row of the table: the picture with that element outlined, and what it is."""
        shown = self._shown(page_id, kinds) if page_id else {}
        index = int(event.row_value[0])
        if not page_id or not 0 <= index < len(_flat(shown)):
            return gr.skip(), gr.skip()
        element = _flat(shown)[index]
        return draw_page(self.library.picture(page_id), shown, element, point), describe(element, None, language)

    @polite
    def similar(
        self,
        page_id: str | None,
        point: Point | None,
        checkpoint: str | None,
        radius: float,
        opacity: float,
        language: str,
    ) -> tuple[go.Figure | None, str]:
        """The similarity map of the clicked patch, and a sentence about it."""
        if not checkpoint:
            return None, say("no_checkpoint", language)
        if not page_id or point is None:
            return None, say("nothing_clicked", language)
        grid = self.library.grid(checkpoint, page_id)
        row, column = grid.patch_at(*point)
        cosines_HW = without_neighbours(similarity(grid, row, column), row, column, radius)
        best = float(np.nanmax(cosines_HW)) if np.isfinite(cosines_HW).any() else float("nan")
        rows, columns = grid.shape
        about = say("patch", language, row=row + 1, column=column + 1, rows=rows, columns=columns, best=best)
        return similarity_figure(self.library.picture(page_id), cosines_HW, grid, (row, column), opacity), about

    def status(self, language: str) -> str:
        """What is there and what is missing, as HTML."""
        try:
            known = self.library.documents()
        except FabeyeError:
            known = []
        if not known:
            return _banner([say("no_corpus", language)], missing=True)
        checkpoints = self.library.checkpoints()
        said = [say("ready", language, documents=len(known), checkpoints=", ".join(checkpoints) or "-")]
        if len(known) > MAX_CHOICES:
            said.append(say("some_shown", language, shown=MAX_CHOICES, total=len(known)))
        lacking = [] if self.library.has_parses() else [say("no_parses", language)]
        lacking += [] if checkpoints else [say("no_checkpoint", language)]
        return _banner(said + lacking, missing=bool(lacking))

    def _choices(self, words: str) -> Any:
        found = self._matching(words)[:MAX_CHOICES]
        choices = [(_label(document), document.document_id) for document in found]
        return gr.update(choices=choices, value=choices[0][1] if choices else None)

    def _matching(self, words: str) -> list[Document]:
        try:
            known = self.library.documents()
        except FabeyeError:
            return []  # status() says so
        wanted = words.lower().split()
        return [document for document in known if all(word in _label(document).lower() for word in wanted)]

    def _shown(self, page_id: str, kinds: list[str]) -> dict[str, list[Element]]:
        return {kind: self.library.elements(page_id, kind) for kind in KINDS if kind in kinds}


def _flat(shown: dict[str, list[Element]]) -> list[Element]:
    return [element for elements in shown.values() for element in elements]


def _table(shown: dict[str, list[Element]]) -> list[list[str | int | float]]:
    return element_rows(_flat(shown))


def _label(document: Document) -> str:
    name = document.path.rsplit("/", 1)[-1]
    return f"{name} · {document.family} · {document.language} · {document.split}"


def _banner(sentences: list[str], missing: bool) -> str:
    kind = "status missing" if missing else "status"
    return f"<div class='{kind}'>{'<br>'.join(escape(sentence) for sentence in sentences)}</div>"
