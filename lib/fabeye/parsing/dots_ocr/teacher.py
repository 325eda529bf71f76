"""dots.ocr as a teacher: pages to questions, answers to elements.

Notable:
- Pages are asked about by threads, as many as the endpoints take questions; a page waits in memory only while it is one
  of the next few.
- The picture is sent at exactly the size at which the model sees it, so a box means the same whatever the server's
  own processor is told.
- What the ledger keeps is the answers themselves; elements are made of them when the tables are written.
"""

import base64
import io
import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from typing import Any

from PIL import Image

from fabeye.errors import FabeyeError
from fabeye.evaluation.blocks import Kind, read_markdown
from fabeye.evaluation.predictions import CATEGORIES
from fabeye.metrics.table import parse_table
from fabeye.parsing.dots_ocr.client import AnswerError, Client, EndpointError, RefusalError
from fabeye.parsing.dots_ocr.conversation import REFUSED, Question, Turn, next_question, result
from fabeye.parsing.dots_ocr.markdown import formula
from fabeye.parsing.dots_ocr.prompts import Mode, find_prompts
from fabeye.parsing.dots_ocr.recovery import Cell
from fabeye.parsing.dots_ocr.resize import ResizeError, Size, on_page, resized
from fabeye.parsing.teacher import Failure, Parsed, Raw, Sheet
from fabeye.parsing.wording import CAPTION, FIGURE_CAPTION, PAGE_NUMBER
from fabeye.schema import Category, Element, Page, Source
from fabeye.settings import DotsOcrSettings

WAITING_PER_QUESTION = 2  # pages in memory for each question under way
LOST_IN_A_ROW = 20  # pages that no endpoint answers, one after the other, after which nobody is there to ask
LONGEST_SIDE = 4500  # pixels; a page that would be longer is sent as it is
MODEL_DPI = 200  # at which the model was shown its pages
HASHES = re.compile(r"^#+\s+")


class DotsOcr:
    """A teacher; see fabeye.parsing.teacher.Teacher."""

    source = Source.DOTS_OCR

    def __init__(self, settings: DotsOcrSettings):
        """Raises PromptError when the prompts cannot be used."""
        self.settings = settings
        self.prompts = find_prompts(settings.prompts)

    def parameters(self) -> dict[str, Any]:
        """All that decides what is read: model, prompts, sizes, temperatures."""
        asked = ("model", "temperature", "retry_temperature", "top_p", "max_tokens", "cleaner", "regions", "upscale")
        chosen = {name: getattr(self.settings, name) for name in asked}
        return {**chosen, "prompts": f"{self.prompts.origin} {self.prompts.fingerprint}"}

    def key(self, page: Page) -> bytes:
        """What of a page decides what is read on it."""
        return page.image

    def read(self, pages: Iterable[tuple[str, Page]]) -> Iterator[tuple[str, Raw | Failure]]:
        """Each page's answers under its name, as soon as they are there. Raises EndpointError when nobody answers."""
        client, lost = Client(self.settings), 0
        with ThreadPoolExecutor(client.capacity) as threads:
            under_way: dict[Future[str], str] = {}
            try:
                for name, page in pages:
                    under_way[threads.submit(self._asked, client, page)] = name
                    if len(under_way) >= WAITING_PER_QUESTION * client.capacity:
                        for name, found in _finished(under_way):
                            lost = _counted(lost, found)
                            yield name, found
                while under_way:
                    for name, found in _finished(under_way):
                        lost = _counted(lost, found)
                        yield name, found
            finally:
                threads.shutdown(wait=False, cancel_futures=True)

    def parse(self, sheet: Sheet, raw: Raw) -> Parsed:
        """The elements that the answers name, in the model's order, boxes in pixels of the page."""
        content = json.loads(raw)
        seen = (content["seen"][0], content["seen"][1])
        turns = [_turn(turn) for turn in content["turns"]]
        said = result(turns, seen, self.settings.cleaner)
        elements = [_element(sheet, order, cell, seen) for order, cell in enumerate(said.cells)]
        return Parsed(elements, said.degraded, said.note, _cost(turns))

    def _asked(self, client: Client, page: Page) -> Raw:
        """All that is said about one page. Raises AnswerError, EndpointError, or what PIL raises."""
        with Image.open(io.BytesIO(page.image)) as picture:
            shown = self._shown(picture.convert("RGB"), page.dpi)
        url = _data_url(shown)
        turns: list[Turn] = []
        while (question := next_question(turns, self.settings)) is not None:
            try:
                turns.append(client.ask(question, self.prompts.ask(question.mode, question.box), url))
            except RefusalError:
                if not turns:
                    raise
                turns.append(Turn(question, "", REFUSED))
        return json.dumps({"seen": shown.size, "turns": [asdict(turn) for turn in turns]}, ensure_ascii=False)

    def _shown(self, picture: Image.Image, dpi: float) -> Image.Image:
        """The page at the size at which the model sees it, enlarged first to the model's dots per inch if asked for."""
        width, height = picture.size
        factor = MODEL_DPI / dpi if self.settings.upscale and 0 < dpi < MODEL_DPI else 1.0
        if max(width, height) * factor > LONGEST_SIDE:
            factor = 1.0
        size = resized((round(width * factor), round(height * factor)))
        return picture.resize(size, Image.Resampling.BICUBIC) if size != picture.size else picture


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What of an element's fields a category fills."""

    category: Category
    text: str
    html: str = ""
    latex: str = ""


def _finished(under_way: dict[Future[str], str]) -> list[tuple[str, Raw | Failure]]:
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    return [(under_way.pop(future), _outcome(future)) for future in done]


def _outcome(future: Future[str]) -> Raw | Failure:
    try:
        return future.result()
    except EndpointError:
        raise
    except (RefusalError, ResizeError) as error:
        return Failure(str(error))
    except AnswerError as error:
        return Failure(str(error), unanswered=True)
    except (OSError, SyntaxError, ValueError, FabeyeError, Image.DecompressionBombError) as error:
        return Failure(f"the page's picture cannot be sent ({type(error).__name__})")


def _counted(lost: int, found: Raw | Failure) -> int:
    """How many pages in a row got no answer. Raises EndpointError where it is too many to be chance.

    A page that was refused or whose picture is bad says nothing about the endpoints.
    """
    if isinstance(found, Failure) and not found.unanswered:
        return lost
    lost = lost + 1 if isinstance(found, Failure) else 0
    if isinstance(found, Failure) and lost >= LOST_IN_A_ROW:
        raise EndpointError(
            f"the last {lost} pages got no answer ({found.reason}); see to the server, then run again: "
            "what was read is kept"
        )
    return lost


def _turn(kept: dict[str, Any]) -> Turn:
    asked = kept.pop("question")
    box = tuple(asked["box"]) if asked["box"] else None
    return Turn(Question(Mode(asked["mode"]), asked["temperature"], box), **kept)


def _cost(turns: list[Turn]) -> dict[str, float]:
    return {
        "questions": len(turns),
        "prompt_tokens": sum(turn.prompt_tokens for turn in turns),
        "completion_tokens": sum(turn.completion_tokens for turn in turns),
        "seconds": round(sum(turn.seconds for turn in turns), 3),
    }


def _element(sheet: Sheet, order: int, cell: Cell, seen: Size) -> Element:
    x0, y0, x1, y1 = on_page(cell.box, seen, (sheet.width, sheet.height))
    said = _kinds(cell)
    return Element(
        page_id=sheet.page_id,
        order=order,
        category=said.category.value,
        level="block",
        x0=min(max(x0, 0), sheet.width),
        y0=min(max(y0, 0), sheet.height),
        x1=min(max(x1, 0), sheet.width),
        y1=min(max(y1, 0), sheet.height),
        text=said.text,
        html=said.html,
        latex=said.latex,
        score=1.0,
        source=Source.DOTS_OCR.value,
    )


def _kinds(cell: Cell) -> _Kinds:
    """Our category and notations; a footer that only counts is a page's number, a caption may be a table's."""
    category, text = CATEGORIES.get(cell.category, Category.TEXT), cell.text.strip()
    match category:
        case Category.TABLE:
            html = _table_html(text)
            return _Kinds(category, table_text(html) if html else text, html=html)
        case Category.FORMULA:
            latex = formula(text).strip("$").strip()
            return _Kinds(category, latex, latex=latex)
        case Category.TITLE:
            return _Kinds(category, HASHES.sub("", text))
        case Category.FOOTER | Category.HEADER if PAGE_NUMBER.match(text):
            return _Kinds(Category.PAGE_NUMBER, text)
        case Category.FIGURE_CAPTION if CAPTION.match(text) and not FIGURE_CAPTION.match(text):
            return _Kinds(Category.TABLE_CAPTION, text)
        case _:
            return _Kinds(category, text)


def _table_html(text: str) -> str:
    """A table's HTML, made of its pipes where it was written with these; "" where no table can be seen."""
    if parse_table(text).rows:
        return text
    blocks = read_markdown(text)
    return blocks[0].content if [one.kind for one in blocks] == [Kind.TABLE] else ""


def table_text(html: str) -> str:
    """The words of a table's cells, row by row, for whoever does not read HTML."""
    table = parse_table(html)
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return "\n".join("\t".join(row) for row in rows)


def _data_url(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=1)  # the line is faster than the compressor
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
