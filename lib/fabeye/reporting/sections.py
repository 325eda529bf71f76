"""What each section of the report shows, as plain values for its template.

Notable:
- A section reads its own inputs and raises ReportError when they are missing; report.py turns that into a note.
- Every verdict (did the loss fall, is the model ahead) is computed from the numbers beside it.
"""

import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import yaml

from fabeye.paths import Paths
from fabeye.reporting.agreement import agreement_bars, read_agreement
from fabeye.reporting.choices import choose_pages, choose_readings
from fabeye.reporting.drawing import data_uri, draw_boxes, open_picture, shrunk
from fabeye.reporting.figures import STAGE_NAMES, baseline_bars, corpus_overview, loss_curves, score_bars
from fabeye.reporting.inputs import (
    LOSSES,
    ReportError,
    number,
    read_curve,
    read_documents,
    read_elements,
    read_json,
    read_metrics,
    read_page,
    read_quarantine,
    read_readings,
)
from fabeye.reporting.page_sections import sheets, verdict
from fabeye.reporting.probing import TASK_NAMES, probe_bars, robustness_lines
from fabeye.reporting.published import shown
from fabeye.reporting.theme import LOSS_NAMES, SYSTEM_NAMES, category_colour
from fabeye.schema import Category, Document
from fabeye.settings import STAGES, Settings

THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 640, 820  # pixels
THUMBNAIL_LINE = 4  # pixels of a box's outline before the page is scaled down
MAX_QUARANTINE = 500  # rows shown; the table itself has them all
COUNTS = ("pages", "doubted", "quarantined")  # of parse.json; what else it holds is what reading cost
NANO = "fabeye-nano"  # the weights that come with the project
SYSTEMS = ("rapidocr", "v0.5", "v1.0", NANO, "untrained", "pixels", "chance")
PACKAGES = (
    *("fabeye", "torch", "torchvision", "mosaicml", "mosaicml-streaming", "transformers", "tokenizers"),
    *("numpy", "scikit-learn", "pyarrow", "pydantic", "typst", "pypdfium2", "pillow", "rapidocr", "onnxruntime"),
    *("opencv-python-headless", "dvc", "papermill", "plotly", "gradio"),
)
EXECUTED_BY_REPORT = "report"  # in the name of the notebook that writes the report: it is not finished when we look


def summary(paths: Paths, settings: Settings) -> dict[str, Any]:
    """Key numbers as cards and the verdict in a sentence; numbers that are not there yet are left out."""
    found = [_quiet(card, paths) for card in (_corpus_cards, _baseline_cards, _training_cards, _evaluation_cards)]
    return {
        "profile": settings.profile,
        "cards": [card for cards in found for card in cards or []],
        "verdicts": [said for judge in VERDICTS if (said := _quiet(judge, paths))],
    }


def documents(paths: Paths, pages: int) -> dict[str, Any]:
    """Counts by family and language, and some pages with their boxes."""
    known = read_documents(paths.curated)
    return {
        "rows": _document_rows(known),
        "figure": corpus_overview(known),
        "pages": [
            _thumbnail(paths, page_id) for page_id in choose_pages(paths.curated, paths.parses / "elements", pages)
        ],
        "legend": [{"name": each.value, "colour": category_colour(each.value)} for each in Category],
    }


def quarantine(paths: Paths) -> dict[str, Any]:
    """Files and pages that were put aside, in corpus and in parsing."""
    rows = read_quarantine([paths.curated, paths.parses])
    return {"rows": rows[:MAX_QUARANTINE], "total": len(rows)}


def training(paths: Paths) -> dict[str, Any]:
    """Curves of the stages that have run and whether each loss fell on the validation set."""
    rows = [row for stage in STAGES for row in _quiet(_loss_rows, paths, stage) or []]
    curves = {stage: _quiet(_curves, paths, stage) for stage in STAGES}
    present = {stage: pair for stage, pair in curves.items() if pair}
    if not present:
        read_curve(paths.reports, STAGES[0], "train")  # says what is missing
    return {
        "rows": rows,
        "figure": loss_curves(present),
        "missing": [stage for stage in STAGES if stage not in present],
    }


def baseline(paths: Paths, settings: Settings) -> dict[str, Any]:
    """The teacher on the gold set: who it is, how it fares, what it costs, the pages that it read worst."""
    metrics = read_metrics(paths.reports, "baseline", "baseline")
    said, cost = read_json(paths.parses / "teacher.json", "parse"), read_metrics(paths.reports, "parse", "parse")
    return {
        "figure": baseline_bars(metrics),
        "pages": metrics.get("pages"),
        "regions": metrics.get("regions"),
        "teacher": SYSTEM_NAMES.get(str(said.get("teacher")), str(said.get("teacher"))),
        "parameters": said.get("parameters", {}),
        "cost": _cost_rows(cost),
        "worst": _quiet(sheets, paths.gold, paths.baseline, settings.evaluate.composite, settings.report.worst) or [],
        "agreement": agreement_bars(read_agreement(paths.gold)),
    }


def _cost_rows(cost: dict[str, Any]) -> list[dict[str, Any]]:
    """What reading cost in all and a page, but for seconds: no two runs share them, and a report is compared."""
    totals, pages = {key: cost[key] for key in cost if key not in COUNTS}, number(cost, "pages")
    return [{"name": key, "total": totals[key], "page": totals[key] / pages} for key in totals] if pages else []


def comparison(paths: Paths) -> dict[str, Any]:
    """Every score of every system, side by side."""
    metrics = read_metrics(paths.reports, "evaluate", "evaluate")
    rows = [
        _score_row("Character error rate, gold regions", "金标区域字错率", "lower", metrics, "reading", "region_cer")
    ]
    for task, name in TASK_NAMES.items():
        rows.append(_score_row("Probe", name, "higher", metrics, "probes", task))
    rows = [row for row in rows if any(value is not None for value in row["values"].values())]
    for loss in LOSSES:
        rows.append(_score_row("Validation", LOSS_NAMES[loss], "lower", metrics, "validation", loss))
    systems = [{"key": key, "name": SYSTEM_NAMES[key]} for key in SYSTEMS]
    figures = {"figure": score_bars(metrics), "probes": probe_bars(metrics), "robustness": robustness_lines(metrics)}
    return {**figures, "rows": rows, "systems": systems, "regions": metrics.get("regions")}


def readings(paths: Paths, count: int) -> dict[str, Any]:
    """Some gold regions with the truth and each reader's text, departures marked."""
    return shown(paths, choose_readings(read_readings(paths.baseline, paths.evaluation), count))


def parameters(settings: Settings) -> str:
    """All resolved settings as YAML."""
    return yaml.safe_dump(settings.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def software() -> list[dict[str, str]]:
    """Versions of what the numbers depend on."""
    rows = [{"name": "Python", "version": platform.python_version()}]
    return rows + [{"name": name, "version": _version(name)} for name in PACKAGES]


def notebooks(paths: Paths) -> list[dict[str, str]]:
    """The executed notebooks that exist, as links relative to the report."""
    found = sorted(path.name for path in (paths.reports / "notebooks").glob("*.html"))
    return [{"href": f"notebooks/{name}", "name": name[:-5]} for name in found if EXECUTED_BY_REPORT not in name]


def _quiet(build: Callable[..., Any], *inputs: Any) -> Any:
    """What `build` makes of the inputs, or None where they are missing: the section itself says so."""
    try:
        return build(*inputs)
    except ReportError:
        return None


def _corpus_cards(paths: Paths) -> list[dict[str, str]]:
    known = read_documents(paths.curated)
    pages = sum(document.pages for document in known)
    aside = _quiet(read_quarantine, [paths.curated, paths.parses])
    cards = [_card(f"{len(known):,}", "documents", "文档"), _card(f"{pages:,}", "pages", "页")]
    return cards + ([_card(f"{len(aside):,}", "quarantined", "隔离")] if aside is not None else [])


def _baseline_cards(paths: Paths) -> list[dict[str, str]]:
    metrics = read_metrics(paths.reports, "baseline", "baseline")
    cards = [_number_card(number(metrics, "pages"), "gold pages", "金标页", "{:,.0f}")]
    cards.append(_number_card(number(metrics, "text_edit", "all"), "teacher: text edit distance", "教师文本编辑距离"))
    return [card for card in cards if card]


def _training_cards(paths: Paths) -> list[dict[str, str]]:
    found = [metrics for stage in STAGES if (metrics := _stage_metrics(paths, stage))]
    if not found:
        return []
    samples = sum(number(metrics, "samples") or 0 for metrics in found)
    cards = [_number_card(samples, f"samples in {len(found)} stages", "训练样本", "{:,.0f}")]
    cards.append(_number_card(number(found[-1], "parameters"), "parameters", "参数量", "{:,.0f}"))
    return [card for card in cards if card]


def _evaluation_cards(paths: Paths) -> list[dict[str, str]]:
    metrics = read_metrics(paths.reports, "evaluate", "evaluate")
    cards = [
        _number_card(
            number(metrics, "reading", "rapidocr", "region_cer"), "RapidOCR: character error", "RapidOCR字错率"
        ),
        _number_card(number(metrics, "reading", "v1.0", "region_cer"), "v1.0: character error", "v1.0 字错率"),
        _number_card(number(metrics, "reading", NANO, "kind_cer"), f"{NANO}: error on its kind", f"{NANO} 同类字错率"),
        _number_card(number(metrics, "probes", "v1.0", "layout_patch"), "v1.0: layout of a patch", "v1.0 图块版面探针"),
    ]
    return [card for card in cards if card]


def _card(value: str, english: str, chinese: str) -> dict[str, str]:
    return {"value": value, "english": english, "chinese": chinese}


def _number_card(value: float | None, english: str, chinese: str, form: str = "{:.3f}") -> dict[str, str] | None:
    return None if value is None else _card(form.format(value), english, chinese)


def _loss_verdict(paths: Paths) -> dict[str, Any] | None:
    """In how many of the stages that ran the total validation loss fell."""
    totals = [row for stage in STAGES for row in _quiet(_loss_rows, paths, stage) or [] if row["total"]]
    fell = sum(row["fell"] for row in totals)
    english = f"The total validation loss fell in {fell} of {len(totals)} training stages that ran."
    chinese = f"已运行的 {len(totals)} 个训练阶段中，{fell} 个的总验证损失下降。"
    return {"good": fell == len(totals), "english": english, "chinese": chinese} if totals else None


def _reading_verdict(paths: Paths) -> dict[str, Any] | None:
    metrics = read_metrics(paths.reports, "evaluate", "evaluate")
    early, late = (number(metrics, "reading", name, "region_cer") for name in ("v0.5", "v1.0"))
    if early is None or late is None:
        return None
    recogniser = number(metrics, "reading", "rapidocr", "region_cer")
    beside = "" if recogniser is None else f"; RapidOCR's is {recogniser:.3f}"
    beside_chinese = "" if recogniser is None else f"；RapidOCR 为 {recogniser:.3f}"
    english = f"Reading error on gold regions went from {early:.3f} (v0.5) to {late:.3f} (v1.0){beside}."
    chinese = f"金标区域字错率由 {early:.3f}（v0.5）变为 {late:.3f}（v1.0）{beside_chinese}。"
    return {"good": late < early, "english": english, "chinese": chinese}


VERDICTS = (verdict, _loss_verdict, _reading_verdict)


def _document_rows(known: list[Document]) -> list[dict[str, Any]]:
    keys = sorted({(each.layer, each.family, each.language) for each in known})
    rows = []
    for key in keys:
        group = [each for each in known if (each.layer, each.family, each.language) == key]
        splits = {
            split: sum(each.pages for each in group if each.split == split) for split in ("train", "validation", "gold")
        }
        made = sum(each.generated for each in group)
        rows.append({"key": key, "documents": len(group), "generated": made, "pages": sum(splits.values()), **splits})
    return rows


def _thumbnail(paths: Paths, page_id: str) -> dict[str, str]:
    """A page with its boxes: the truth's blocks where the generator knows them, the teacher's lines elsewhere."""
    page = read_page(paths.curated, page_id)
    truth = _quiet(read_elements, paths.curated / "truth", page_id) or []
    elements = [each for each in truth if each.level == "block"] or read_elements(paths.parses / "elements", page_id)
    drawn = draw_boxes(open_picture(page.image), elements, width=THUMBNAIL_LINE)
    about = "truth 真值" if truth else "teacher 教师"
    return {"image": data_uri(shrunk(drawn, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT)), "page_id": page_id, "about": about}


def _stage_metrics(paths: Paths, stage: str) -> dict[str, Any] | None:
    return _quiet(read_metrics, paths.reports, f"pretrain_{stage}", f"pretrain@{stage}")


def _curves(paths: Paths, stage: str) -> tuple[Any, Any]:
    return read_curve(paths.reports, stage, "train"), read_curve(paths.reports, stage, "validation")


def _loss_rows(paths: Paths, stage: str) -> list[dict[str, Any]]:
    """First and last validation losses of a stage; `fell` is computed, equal counts as not fallen."""
    metrics = read_metrics(paths.reports, f"pretrain_{stage}", f"pretrain@{stage}")
    rows = []
    for loss in LOSSES:
        first, last = number(metrics, "validation_first", loss), number(metrics, "validation_last", loss)
        if first is not None and last is not None:
            names = {"stage": STAGE_NAMES[stage], "loss": LOSS_NAMES[loss], "total": loss == "total"}
            rows.append({**names, "first": first, "last": last, "fell": last < first})
    return rows


def _score_row(
    english: str, chinese: str, better: str, metrics: dict[str, Any], group: str, score: str | None = None
) -> dict[str, Any]:
    keys = [score] if score else []
    values = {system: number(metrics, group, system, *keys) for system in SYSTEMS}
    early, late = values["v0.5"], values["v1.0"]
    ahead = None if early is None or late is None or early == late else (late < early) == (better == "lower")
    return {"english": english, "chinese": chinese, "better": better, "values": values, "improved": ahead}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
