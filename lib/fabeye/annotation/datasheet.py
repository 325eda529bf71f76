"""The datasheet of a gold set: what is in it, how it was made, by whom checked, how far people agree, known faults.

Notable:
- Everything is counted from gold.json and from what people exported; nothing is typed in but the known faults.
- It has no date, so that two runs write the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from fabeye.annotation.agreement import compare_pages, disagreements, summary
from fabeye.annotation.exports import Annotated, settled
from fabeye.evaluation.gold import GoldElement, GoldPage, load_gold
from fabeye.omnidoc import FIGURE_KEYS

NAME = "JEDEC document parsing evaluation set V1.0"
OWN_NAME = "Own documents, annotated by people"
FILE = "DATASHEET.md"
ID_DIGITS = 16  # hex digits of a file's sha256 that are its document_id
FAULTS = (
    "The documents are generated. They look like standards, reports and manuals, but nobody's real page is among them.",
    "Their truth comes from the typesetter. No person has checked a page unless it is counted under *Checked by*.",
    "A text's truth is in Markdown with inline LaTeX; a reader that writes the same thing otherwise can lose points.",
    "Only English, Chinese and the two mixed; no handwriting, no photographs of paper.",
    "Reading order beside floats and in margins is one of several that a person would accept.",
)
OWN_FAULTS = (
    "People annotate the pages that are most in doubt first, so the set is harder than the documents it is from.",
    "Annotation began from a teacher's reading; what a person overlooked in it favours that teacher.",
    "Where one person has annotated a page alone, nobody has checked it.",
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

LEAST = 10  # elements of a kind in a language, from which on a score on them says something

Said = Mapping[str, Sequence[Annotated]]  # page_id -> what people say of the page
Hashes = Mapping[str, Sequence[str]]  # file name -> sha256 of the file, then of its truth


def write_datasheet(
    gold: Path, frozen: Hashes, said: Said | None = None, agreed: float = 0.0, name: str = NAME
) -> None:
    """Write <gold>/DATASHEET.md about <gold>/gold.json.

    frozen: hashes of the evaluation set's documents. said: by page_id what people have said of its pages; below
    `agreed` two of them differ. name: NAME or OWN_NAME. Raises GoldError where there is no gold.json.
    """
    pages, said = load_gold(gold), said or {}
    contents, faults = (_own(pages), OWN_FAULTS) if name == OWN_NAME else (_contents(pages, frozen), FAULTS)
    people = ["## Checked by", "", *_people(pages, said), *_agreement(said, agreed)]
    lines = [f"# {name}", "", *contents, "", *_strata(pages), *people, "", "## Known faults", ""]
    (gold / FILE).write_text("\n".join([*lines, *(f"- {fault}" for fault in faults), ""]), encoding="utf-8")


def thin_kinds(pages: Sequence[GoldPage], least: int = LEAST) -> dict[str, int]:
    """What the set has too little of: "kind, language" -> elements, fewer than `least`, of every kind that it has."""
    counts = Counter((kind, page.language) for page in pages for one in page.layout_dets for kind in _kinds_of(one))
    kinds, languages = sorted({kind for kind, _ in counts}), sorted({page.language for page in pages})
    every = ((kind, language) for kind in kinds for language in languages)
    return {f"{kind}, {language}": counts[kind, language] for kind, language in every if counts[kind, language] < least}


def _kinds_of(element: GoldElement) -> list[str]:
    """An element's category, and what is known behind a figure."""
    return [element.category_type, *(name for name in FIGURE_KEYS if getattr(element, name) is not None)]


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
        "documents anew and compares them. The form is OmniDocBench's JSON; `kie` holds form values, `values` numbers",
        "with relation and unit as the evaluator finds them, `chart_data`, `timing` and `image_gt` what figures show.",
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
        f"Of these there are fewer than {LEAST} in a language, so that a score on them says little: {_thin(pages)}.",
        "",
    ]


def _thin(pages: Sequence[GoldPage]) -> str:
    return "; ".join(f"{name} ({count})" for name, count in thin_kinds(pages).items()) or "none"


def _own(pages: list[GoldPage]) -> list[str]:
    files = {page.document_id: str(page.provenance.get("sha256", "")) for page in pages}
    elements, values = sum(len(page.layout_dets) for page in pages), sum(len(page.kie) for page in pages)
    return [
        f"{len(pages)} pages of {len(files)} documents with {elements} elements and {values} form values.",
        "",
        "Pages that people have annotated from what the teacher had read of them. Their documents are not trained on.",
        "The form is OmniDocBench's JSON; `kie` holds form values, `values` those with units.",
        "",
        "| document | sha256 | pages |",
        "|---|---|---|",
        *(f"| {one} | {files[one]} | {sum(page.document_id == one for page in pages)} |" for one in sorted(files)),
    ]


def _people(pages: list[GoldPage], said: Said) -> list[str]:
    """How many pages were checked, and who, under the digest that exports name them by, has checked how many."""
    head = f"{len(said)} of {len(pages)} pages were annotated by people; on these their word is the truth."
    work = Counter((one.annotator, one.round, page) for page, all_said in said.items() for one in all_said)
    if not work:
        return [head, ""]
    counts = Counter((who, round_name) for who, round_name, _ in work)
    rows = [f"| {who} | {round_name} | {counts[who, round_name]} |" for who, round_name in sorted(counts)]
    return [head, "", "| annotator | round | pages |", "|---|---|---|", *rows, ""]


def _agreement(said: Said, agreed: float) -> list[str]:
    """How far two people agree, and which pages are still to be settled."""
    pages = compare_pages(said)
    if not pages:
        return ["Agreement is not measured: no page has been annotated by two people."]
    scores = summary(pages)
    rows = [f"| {name} | {scores[key]} |" for key, name in ASKED if scores.get(key) is not None]
    open_pages = [one["page_id"] for one in disagreements(pages, agreed, settled(said))]
    named = f"To settle: {', '.join(open_pages)}." if open_pages else "No page is left to settle."
    return ["| agreement of two people | |", "|---|---|", *rows, "", named]


def _table(name: str, counts: Mapping[str, int], unit: str) -> Iterable[str]:
    return (f"| {name} | {unit} |", "|---|---|", *(f"| {key} | {counts[key]} |" for key in sorted(counts)), "")
