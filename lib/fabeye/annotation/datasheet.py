"""The datasheet of a gold set: what is in it, how it was made, by whom checked, how far people agree, known faults.

Notable:
- Everything is counted from gold.json and from what people exported; nothing is typed in but the known faults.
- It has no date, so that two runs write the same bytes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fabeye.evaluation.gold import GoldPage, load_gold

NAME = "JEDEC document parsing evaluation set V1.0"
FILE = "DATASHEET.md"
ID_DIGITS = 16  # hex digits of a file's sha256 that are its document_id
FAULTS = (
    "The documents are generated. They look like standards, reports and manuals, but nobody's real page is among them.",
    "Their truth comes from the typesetter. No person has checked a page unless it is counted under *Checked by*.",
    "A text's truth is in Markdown with inline LaTeX; a reader that writes the same thing otherwise can lose points.",
    "Only English, Chinese and the two mixed; no handwriting, no photographs of paper.",
    "Reading order beside floats and in margins is one of several that a person would accept.",
)
ASKED = (
    ("pages", "pages annotated by two people"),
    ("region_f1_50", "F1 of regions at IoU 0.5"),
    ("region_f1_75", "F1 of regions at IoU 0.75"),
    ("label_kappa", "Cohen's kappa of labels"),
    ("text_edit", "edit distance of texts, 0 is best"),
    ("teds", "TEDS of tables"),
    ("order_edit", "edit distance of reading order, 0 is best"),
)

Hashes = Mapping[str, Sequence[str]]  # file name -> sha256 of the file, then of its truth


def write_datasheet(gold: Path, frozen: Hashes, agreement: Mapping[str, Any], checked: Collection[str] = ()) -> None:
    """Write <gold>/DATASHEET.md about <gold>/gold.json.

    frozen: hashes of the evaluation set's documents. agreement: as agreement.summary gives it, {} where nobody was
    asked. checked: page_id of what people have annotated. Raises GoldError where there is no gold.json.
    """
    pages = load_gold(gold)
    contents, strata, people = _contents(pages, frozen), _strata(pages), _people(pages, agreement, checked)
    faults = ["## Known faults", "", *(f"- {fault}" for fault in FAULTS), ""]
    lines = [f"# {NAME}", "", *contents, "", *strata, *people, "", *faults]
    (gold / FILE).write_text("\n".join(lines), encoding="utf-8")


def _contents(pages: list[GoldPage], frozen: Hashes) -> list[str]:
    documents = {page.document_id for page in pages}
    here = len(documents & {hashes[0][:ID_DIGITS] for hashes in frozen.values()})
    values = sum(len(page.kie) for page in pages)
    elements = sum(len(page.layout_dets) for page in pages)
    return [
        f"{len(pages)} pages of {len(documents)} documents with {elements} elements and {values} form values.",
        f"{here} of the {len(frozen)} documents of V1.0 are here, with the bytes that were frozen; "
        f"{len(documents) - here} documents are others.",
        "",
        "Made by the generator from the seed `corpus.gold.seed`, which no training document is drawn from; languages",
        "and difficulties (clean, altered files, scans) are crossed within each family. `fabeye gold verify` makes",
        "documents anew and compares them. The form is OmniDocBench's JSON; `kie` holds form values, `chart_data`,",
        "`timing` and `image_gt` what figures show; values with units are read from the texts by the evaluator.",
    ]


def _strata(pages: list[GoldPage]) -> list[str]:
    kinds = Counter(one.category_type for page in pages for one in page.layout_dets)
    said = [page.page_info.page_attribute.model_extra or {} for page in pages]
    return [
        "## Strata",
        "",
        *_table("family", Counter(page.family for page in pages), "pages"),
        *_table("language", Counter(page.language for page in pages), "pages"),
        *_table("difficulty", Counter(str(more.get("difficulty", "not said")) for more in said), "pages"),
        *_table("element", kinds, "elements"),
    ]


def _people(pages: list[GoldPage], agreement: Mapping[str, Any], checked: Collection[str]) -> list[str]:
    number = len({page.page_id for page in pages} & set(checked))
    head = [f"{number} of {len(pages)} pages were annotated by people; on these their word is the truth.", ""]
    if not agreement.get("pages"):
        return ["## Checked by", "", *head, "Agreement is not measured: no page has been annotated by two people."]
    rows = [f"| {name} | {agreement[key]} |" for key, name in ASKED if agreement.get(key) is not None]
    return ["## Checked by", "", *head, "| agreement of two people | |", "|---|---|", *rows]


def _table(name: str, counts: Mapping[str, int], unit: str) -> Iterable[str]:
    return (f"| {name} | {unit} |", "|---|---|", *(f"| {key} | {counts[key]} |" for key in sorted(counts)), "")
