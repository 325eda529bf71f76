"""The gold set as typed pages, read from gold.json in OmniDocBench's form.

Notable:
- The fields are OmniDocBench's, so its own files load too; what we do not use is passed over.
- What we add: dpi in page_info, and `cells` of a table, each with its own anno_id.
"""

import json
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from fabeye.errors import FabeyeError
from fabeye.schema import Category

LANGUAGES = {"en": "english", "zh": "simplified_chinese", "mixed": "en_ch_mixed"}  # ours -> OmniDocBench's
OUR_LANGUAGES = {theirs: ours for ours, theirs in LANGUAGES.items()}
WORDLESS = (Category.FIGURE.value, Category.ABANDON.value)  # no text is expected of these

Box = tuple[float, float, float, float]
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
Poly = Annotated[list[float], Field(min_length=8, max_length=8)]


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
    """One cell of a table."""

    anno_id: int
    text: Text = ""


class GoldElement(_Boxed):
    """One block of a page; order is None for what has no place in the reading order."""

    anno_id: int
    category_type: str
    order: int | None = None
    ignore: bool = False
    text: Text = ""
    html: Text = ""
    latex: Text = ""
    cells: list[GoldCell] = []


class PageAttribute(_Part):
    """data_source is our family; language is OmniDocBench's word for it."""

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

    @property
    def page_id(self) -> str:
        """The name of the page's picture without its suffix."""
        return Path(self.page_info.image_path).stem

    @property
    def document_id(self) -> str:
        """The document that the page belongs to."""
        return self.page_id.rpartition("-")[0]

    @property
    def family(self) -> str:
        """Which kind of document this is."""
        return self.page_info.page_attribute.data_source

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
    path = folder / "gold.json"
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


def gold_document_ids(folder: Path) -> set[str]:
    """Documents with at least one gold page: none of their pages may be trained on. Raises GoldError."""
    return {page.document_id for page in load_gold(folder)}
