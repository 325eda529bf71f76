"""Pages as Label Studio tasks, with what the teacher read as pre-annotation.

Notable:
- Boxes go out in percent of the picture; pixels would show as nothing at all, without a complaint.
- Label Studio imports wrong predictions silently, so each is checked here against the layout, and its geometry too.
- Brought pages come before generated ones, of these the evaluation set's first; in each the review queue's order
  counts, then how sure the teacher was.
- A generated page of the evaluation set comes with its truth, form values included, for somebody to check.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from label_studio_sdk.label_interface import LabelInterface

from fabeye.annotation.exports import FIELDS, Annotated
from fabeye.errors import FabeyeError
from fabeye.geometry import Box
from fabeye.schema import Document, Element, Entity, Page, document_of

PERCENT = 100.0
LOCAL_FILES = "/data/local-files/?d="
SAMPLE_DIGITS = 8  # hex digits of a digest, as fine as a share may be
BROUGHT, CHECKED, GENERATED = range(3)  # the order in which pages are annotated
CHECK = "a generated page of the evaluation set: check what is said to stand there"
NOBODY = "nothing read"  # whose reading a page without elements shows
PAGES_FOLDER = "pages"  # below Label Studio's document root

Control = tuple[str, str, dict[str, Any]]  # name in the layout, type, value


class TaskError(FabeyeError):
    """A pre-annotation does not fit the labelling layout; the text names the page."""


def worst_first(
    documents: Mapping[str, Document], elements: Mapping[str, Sequence[Element]], ranks: Mapping[str, int]
) -> list[str]:
    """Ids of the pages in `elements` (page_id -> its elements, perhaps none), in the order of annotation.

    ranks: place of a page in the review queue; a page that is not in it comes after those that are.
    """

    def key(page: str) -> tuple[int, int, float, str]:
        document = documents[document_of(page)]
        place = BROUGHT if not document.generated else CHECKED if document.is_generated_gold else GENERATED
        return place, ranks.get(page, len(ranks)), mean_score(elements[page]), page

    return sorted(elements, key=key)


def to_task(
    page: Page,
    document: Document,
    elements: Sequence[Element],
    layout: LabelInterface,
    entities: Iterable[Entity] = (),
    reason: str = "",
) -> dict[str, Any]:
    """One page as a task with a checked prediction. Raises TaskError.

    entities: values of a form that are known; of these the layout knows some. reason: why a person should look at it.
    """
    result = [*_read(elements, page), *_fields((one for one in entities if one.field in FIELDS), page)]
    return _task(page, document, [_prediction(_reader(elements), mean_score(elements), result, page, layout)], reason)


def to_settle(
    page: Page, document: Document, said: Sequence[Annotated], layout: LabelInterface, reason: str = ""
) -> dict[str, Any]:
    """A page on which people differ, with what each of them said as a prediction. Raises TaskError."""
    predictions = [_prediction(one.annotator, 1.0, _said(one, page), page, layout) for one in said]
    return _task(page, document, predictions, reason)


def _task(page: Page, document: Document, predictions: list[dict[str, Any]], reason: str) -> dict[str, Any]:
    return {
        "data": {
            "image": f"{LOCAL_FILES}{PAGES_FOLDER}/{page.page_id}.png",
            "page_id": page.page_id,
            "title": f"{document.path}, {page.number + 1}",
            "reason": reason,
        },
        "predictions": predictions,
    }


def _prediction(
    who: str, score: float, result: list[dict[str, Any]], page: Page, layout: LabelInterface
) -> dict[str, Any]:
    prediction = {"model_version": who, "score": score, "result": result}
    _check(prediction, page.page_id, layout)
    return prediction


def is_sampled(page_id: str, share: float) -> bool:
    """Whether a page is of the sample that is annotated twice; by a digest of its name, so always the same."""
    return int(hashlib.sha256(page_id.encode()).hexdigest()[:SAMPLE_DIGITS], 16) < share * 16**SAMPLE_DIGITS


def _reader(elements: Sequence[Element]) -> str:
    """Who has read a page: the teacher that its elements name; nobody where there are none."""
    return elements[0].source if elements else NOBODY


def mean_score(elements: Iterable[Element]) -> float:
    """Mean confidence of a page's elements; 0 for a page on which nothing was read."""
    scores = [element.score for element in elements]
    return round(fmean(scores), 4) if scores else 0.0


def _read(elements: Iterable[Element], page: Page) -> list[dict[str, Any]]:
    """Result items of the elements that a teacher read."""
    return [item for element in elements for item in _block(element, page)]


def _said(said: Annotated, page: Page) -> list[dict[str, Any]]:
    """Result items of everything that a person marked: blocks, the values of a form, defects."""
    elements = said.on_page(page)
    defects = (item for one in elements for item in _defects(one, page))
    return [*_read(elements, page), *_fields(said.values_on_page(page), page), *defects]


def _fields(entities: Iterable[Entity], page: Page) -> list[dict[str, Any]]:
    """Result items of the values of a form."""
    return [item for number, one in enumerate(entities) for item in _field(number, one, page)]


def _block(element: Element, page: Page) -> list[dict[str, Any]]:
    values: list[Control] = [
        ("block", "rectanglelabels", {"rectanglelabels": [element.category]}),
        ("transcription", "textarea", {"text": [element.text]}),
        ("order", "number", {"number": element.order}),
    ]
    notations = (("table_html", element.html), ("latex", element.latex))
    values += [(name, "textarea", {"text": [notation]}) for name, notation in notations if notation]
    return _region(f"r{element.order}", (element.x0, element.y0, element.x1, element.y1), values, page)


def _field(number: int, entity: Entity, page: Page) -> list[dict[str, Any]]:
    values: list[Control] = [
        ("field", "rectanglelabels", {"rectanglelabels": [entity.field]}),
        ("transcription", "textarea", {"text": [entity.text]}),
    ]
    return _region(f"k{number}", (entity.x0, entity.y0, entity.x1, entity.y1), values, page)


def _defects(figure: Element, page: Page) -> Iterator[dict[str, Any]]:
    """The defects of a figure, whose boxes are shares of its own, where the page shows them."""
    told = json.loads(figure.detail).get("image_gt", {}).get("defects", []) if figure.detail else []
    width, height = figure.x1 - figure.x0, figure.y1 - figure.y0
    for number, defect in enumerate(told):
        x0, y0, x1, y1 = defect["box"]
        box = (figure.x0 + x0 * width, figure.y0 + y0 * height, figure.x0 + x1 * width, figure.y0 + y1 * height)
        values: list[Control] = [("defect", "rectanglelabels", {"rectanglelabels": [defect["defect"]]})]
        yield from _region(f"d{figure.order}.{number}", box, values, page)


def _region(name: str, box: Box, values: Iterable[Control], page: Page) -> list[dict[str, Any]]:
    """The result items of one region: they are one because they have one id."""
    x0, x1 = (_percent(x, page.width) for x in (box[0], box[2]))
    y0, y1 = (_percent(y, page.height) for y in (box[1], box[3]))
    place = {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0, "rotation": 0}
    common = {
        "id": name,
        "to_name": "page",
        "original_width": page.width,
        "original_height": page.height,
        "image_rotation": 0,
    }
    return [
        {**common, "from_name": control, "type": kind, "value": {**place, **value}} for control, kind, value in values
    ]


def _percent(pixels: float, side: int) -> float:
    return min(max(PERCENT * pixels / side, 0.0), PERCENT)


def _check(prediction: dict[str, Any], page_id: str, layout: LabelInterface) -> None:
    errors = layout.validate_prediction(prediction, return_errors=True)
    if errors:
        raise TaskError(f"the pre-annotation of page {page_id} does not fit annotation/layout.xml: {errors[0]}")
    for item in prediction["result"]:
        value = item["value"]
        if min(value["width"], value["height"]) <= 0:
            raise TaskError(f"the pre-annotation of page {page_id} has a box without area: {item['id']}")
