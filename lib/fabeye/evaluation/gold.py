"""The gold set as typed pages, read from gold.json in OmniDocBench's form.

Notable:
- The fields are OmniDocBench's, so its own files load too; what we do not use is passed over.
- What we add: dpi in page_info, `cells` of a table with their places, the data behind a figure; for a page what a form
  asks for (kie), what must not leave the house (pii) and how the page was made (provenance).
"""

import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from fabeye.errors import FabeyeError
from fabeye.schema import DATA_SOURCES, LANGUAGES, Category, document_of

OUR_FAMILIES = {theirs: ours for ours, theirs in DATA_SOURCES.items()}
OUR_LANGUAGES = {theirs: ours for ours, theirs in LANGUAGES.items()}
OUR_PAGE = re.compile(r".+-\d{4}")
WORDLESS = (Category.FIGURE.value, Category.ABANDON.value)  # no text is expected of these

GOLD_FILE = "gold.json"
OWN = "own"  # below a gold set: a second one, of annotated pages that are none of its own

Box = tuple[float, float, float, float]
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
Poly = Annotated[list[float], Field(min_length=8, max_length=8)]
Attributes = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]


class GoldError(FabeyeError):
    """The gold set is missing or damaged; the text names the file and the place in it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Boxed(_Part):
    poly: Poly

    @property
    def box(self) -> Box:
        """(x0, y0, x1, y1) in pixels, the upright box around the polygon."""
        return min(self.poly[0::2]), min(self.poly[1::2]), max(self.poly[0::2]), max(self.poly[1::2])


class GoldCell(_Boxed):
    """One cell of a table; row and col count from 0, None where nobody said."""

    anno_id: int
    text: Text = ""
    row: int | None = None
    col: int | None = None
    rowspan: int = 1
    colspan: int = 1


class GoldSpan(_Boxed):
    """A line of a block, or a formula in it."""

    category_type: str
    text: Text = ""
    latex: Text = ""


class GoldElement(_Boxed):
    """One block of a page; order is None for what has no place in the reading order."""

    anno_id: int
    category_type: str
    order: int | None = None
    ignore: bool = False
    text: Text = ""
    html: Text = ""
    latex: Text = ""
    attribute: Attributes = {}
    cells: list[GoldCell] = []
    line_with_spans: list[GoldSpan] = []
    chart_data: dict[str, Any] | None = None
    timing: dict[str, Any] | None = None
    image_gt: dict[str, Any] | None = None


class GoldRelation(_Part):
    """Two blocks that belong together: parent_son (a caption and what it names) or truncated (pieces of one text)."""

    source_anno_id: int
    target_anno_id: int
    relation_type: str


class PageExtra(_Part):
    """What OmniDocBench keeps beside the blocks."""

    relation: list[GoldRelation] = []


class PageAttribute(_Part):
    """data_source and language in OmniDocBench's words; `GoldPage.family` and `.language` say ours.

    Whatever else is said of the page (layout, special_issue, ...) stands in model_extra.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    data_source: str
    language: str


class PageInfo(_Part):
    """page_no is 0-based; the sides are in pixels; image_path is relative to the folder images/."""

    page_no: int
    width: int
    height: int
    image_path: str
    page_attribute: PageAttribute


class GoldPage(_Part):
    """One page whose truth is known."""

    page_info: PageInfo
    layout_dets: list[GoldElement]
    extra: PageExtra = PageExtra()
    kie: list[dict[str, Any]] = []
    pii: list[dict[str, Any]] = []
    provenance: dict[str, Any] = {}

    @property
    def page_id(self) -> str:
        """The name of the page's picture without its suffix."""
        return Path(self.page_info.image_path).stem

    @property
    def document_id(self) -> str:
        """The document that the page belongs to, "" where its name is none of ours."""
        return document_of(self.page_id) if OUR_PAGE.fullmatch(self.page_id) else ""

    @property
    def family(self) -> str:
        """Our family, or what the file says where that is none of ours."""
        said = self.page_info.page_attribute.data_source
        return OUR_FAMILIES.get(said, said)

    @property
    def language(self) -> str:
        """en, zh, mixed, or what the file says where that is none of these."""
        said = self.page_info.page_attribute.language
        return OUR_LANGUAGES.get(said, said)

    @property
    def text(self) -> str:
        """Everything that can be read on the page, in reading order, one element a paragraph."""
        read = [one for one in self.layout_dets if not one.ignore and one.category_type not in WORDLESS and one.text]
        last = len(self.layout_dets)
        return "\n\n".join(one.text for one in sorted(read, key=lambda one: last if one.order is None else one.order))

    def image_file(self, folder: Path) -> Path:
        """Where the page's picture lies in the gold set `folder`."""
        return folder / "images" / Path(self.page_info.image_path).name


def load_gold(folder: Path) -> list[GoldPage]:
    """Pages of `folder`/gold.json, in the file's order. Raises GoldError."""
    return read_gold(folder / GOLD_FILE)


def read_gold(path: Path) -> list[GoldPage]:
    """Pages of a file in OmniDocBench's form, whatever its name, in its order. Raises GoldError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[GoldPage]).validate_python(content)
    except FileNotFoundError as error:
        raise GoldError(f"there is no gold set at {path}; run `dvc repro` to make it") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise GoldError(f"{path}: {place}: {first['msg']}; run `dvc repro` to make the gold set again") from error
    except (OSError, ValueError) as error:
        raise GoldError(f"{path} cannot be read ({error}); run `dvc repro` to make the gold set again") from error


def load_own(folder: Path) -> list[GoldPage]:
    """Pages of people's own documents, the second set below `folder`; none where there is none. Raises GoldError."""
    return load_gold(folder / OWN) if (folder / OWN).is_dir() else []


def gold_document_ids(folder: Path) -> set[str]:
    """Documents with at least one gold page in either set: none of their pages may be trained on. Raises GoldError."""
    return {page.document_id for page in (*load_gold(folder), *load_own(folder))}
