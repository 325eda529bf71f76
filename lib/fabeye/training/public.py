"""Public benchmarks through the teacher, v0.5, v1.0 and the published weights: is general ability kept?

Notable:
- Their files come from outside, so they are taken in, rendered and scored as all brought files are, in processes that
  may be killed; a page that cannot be opened counts as read empty. What the teacher has read is kept in the work
  folder, so a killed run reads on; the encoders, which are fast, begin anew.
- OmniDocBench is scored by our evaluator and number for number as its versions 1.5 and 1.6 do, olmOCR-bench by its
  tests.
- General ability is kept where v1.0 is surely not more than the gate's `general_loss` below v0.5, the same encoder
  after its first stage; of OmniDocBench alone, as tests that pass or fail have no composite.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from fabeye.engine import mapping
from fabeye.evaluation.gold import GoldPage, PageAttribute, PageInfo, read_gold
from fabeye.evaluation.official.scores import score_like_omnidocbench
from fabeye.evaluation.official.version import Version
from fabeye.evaluation.olmocr import score_tests
from fabeye.evaluation.public import Form, PublicSet, find_public
from fabeye.evaluation.results import Scores
from fabeye.evaluation.standing import DIGITS, summary
from fabeye.evaluation.verdict import judge
from fabeye.intake.ingest import ingest
from fabeye.parsing.parse import parse_corpus
from fabeye.parsing.reader_scores import PREDICTIONS, elements_of, score_reader
from fabeye.parsing.writing import page_markdown
from fabeye.paths import file_sha256
from fabeye.schema import Document, Element, Incoming, Layer, Page
from fabeye.settings import Settings
from fabeye.tables import read_table, write_json

from .evaluate import TEACHER
from .page_reading import read_pages
from .readers import NEWEST, VERSIONS, Reader, load_readers

BEFORE = next(iter(VERSIONS))
IMAGES = "images"

Found = Mapping[str, Sequence[Element]]  # page -> its elements


@dataclass(frozen=True, slots=True)
class _Taken:
    """A benchmark's pages as we see them: by their names there; folder holds images/, found is the teacher's.

    asked: pages that the benchmark has, opened or not.
    """

    asked: int
    folder: Path
    pages: Mapping[str, GoldPage]
    found: Found


def score_public(
    folder: Path, checkpoints: Path, out: Path, work: Path, metrics: Path, settings: Settings
) -> dict[str, Any]:
    """Score each benchmark below `folder`: predictions to `out`/<benchmark>/<reader>, numbers to the file `metrics`.

    Returns what the file says: benchmark -> its form, pages, and each reader's scores; {} where there is none. Raises
    PublicError for a folder that is no benchmark, IntakeError when none of its pages can be opened, and what the
    teacher and load_readers() raise.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    said: dict[str, Any] = {}
    sets = find_public(folder)
    if sets:
        torch.set_num_threads(settings.pretrain.threads)
        published = settings.evaluate.published
        readers = load_readers(checkpoints, Path(published) if published else None)
        said = {one.name: _score_set(one, readers, out / one.name, work / one.name, settings) for one in sets}
    else:
        print(f"public: no benchmark in {folder}; its README.md says how to bring one", flush=True)
    write_json(metrics, said)
    return said


def _score_set(
    one: PublicSet, readers: Mapping[str, Reader], out: Path, work: Path, settings: Settings
) -> dict[str, Any]:
    taken = _take_in(one, work, settings)
    read = {TEACHER: taken.found} | {name: _read(reader, taken, settings) for name, reader in readers.items()}
    named = {reader: _by_name(found, taken) for reader, found in read.items()}
    if one.form is Form.OMNIDOCBENCH:
        scored = _as_omnidocbench(one, named, out, settings)
    else:
        scored = _as_olmocr(one, named, out)
    return {"form": one.form.value, "pages": taken.asked, "opened": len(taken.pages), **scored}


def _take_in(one: PublicSet, work: Path, settings: Settings) -> _Taken:
    """The benchmark's pages as pictures, and what the teacher finds on them."""
    places, corpus, parses = one.places(), work / "corpus", work / "parses"
    files = {path: _incoming(path, one) for path, _ in places.values() if path.is_file()}
    ingest(list(files.values()), corpus, work / "intake", settings.corpus, settings.engine)
    parse_corpus(corpus, parses, work / "parse", settings.parse, settings.engine)
    ids = {document.sha256: document.document_id for document in read_table(corpus / "documents", Document)}
    of_file = {
        path: ids.get(file_sha256(path)) for path in files
    }  # the same bytes twice are one document, and two pages
    wanted = {name: f"{of_file.get(path)}-{number:04d}" for name, (path, number) in places.items()}
    shutil.rmtree(work / IMAGES, ignore_errors=True)
    named = set(wanted.values())
    unpacked = {one.page_id: _unpacked(one, work) for one in read_table(corpus / "pages", Page) if one.page_id in named}
    pages = {name: unpacked[page] for name, page in wanted.items() if page in unpacked}
    return _Taken(len(places), work, pages, elements_of(parses, pages.values()))


def _incoming(path: Path, one: PublicSet) -> Incoming:
    return Incoming(
        path=path,
        name=path.relative_to(one.folder.parent).as_posix(),
        layer=Layer.GENERAL.value,
        family=one.name,
        language="und",
        split="",
        generated=False,
        licence="as the benchmark says",
    )


def _unpacked(page: Page, work: Path) -> GoldPage:
    """The page without a truth, its picture in a file."""
    file = work / IMAGES / f"{page.page_id}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(page.image)
    attribute = PageAttribute(data_source="public", language="und")
    info = PageInfo(
        page_no=page.number, width=page.width, height=page.height, image_path=file.name, page_attribute=attribute
    )
    return GoldPage(page_info=info, layout_dets=[])


def _read(reader: Reader, taken: _Taken, settings: Settings) -> Found:
    pages, tokens = list({page.page_id: page for page in taken.pages.values()}.values()), settings.evaluate.max_tokens
    return read_pages(reader.model, reader.tokenizer, pages, taken.folder, taken.found, reader.side, tokens)


def _by_name(found: Found, taken: _Taken) -> dict[str, Sequence[Element]]:
    return {name: found.get(page.page_id, ()) for name, page in taken.pages.items()}


def _as_omnidocbench(one: PublicSet, read: Mapping[str, Found], out: Path, settings: Settings) -> dict[str, Any]:
    truth, evaluate = one.truth[0], settings.evaluate
    pages, mapped = read_gold(truth), mapping(settings.engine)
    gate = evaluate.gate.model_copy(update={"general_families": tuple({page.family for page in pages})})
    scores, said = {}, {}
    for name, found in read.items():
        scores[name] = score_reader(truth, pages, found, out / name, evaluate.composite, gate, mapped)
        official = {
            version.value: _overall(score_like_omnidocbench(truth, out / name / PREDICTIONS, version, mapped))
            for version in Version
        }
        said[name] = {**summary(scores[name], pages, evaluate.composite, gate), **official}
        print(f"public: scored {name} on {one.name}", flush=True)
    verdict = judge(pages, scores[BEFORE], scores[NEWEST], evaluate.composite, gate).general
    difference = asdict(verdict.comparison) if verdict.comparison else {}
    kept = {"outcome": verdict.outcome.value, "margin": verdict.margin, **difference}
    return {"readers": said, "kept": kept}


def _overall(scores: Scores) -> dict[str, float]:
    return {
        name: round(metric.overall, DIGITS) for name, metric in scores.metrics.items() if metric.overall is not None
    }


def _as_olmocr(one: PublicSet, read: Mapping[str, Found], out: Path) -> dict[str, Any]:
    tests, said = one.tests(), {}
    for name, found in read.items():
        for page, elements in found.items():
            file = out / name / PREDICTIONS / f"{page}_repeat1.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page_markdown(elements), encoding="utf-8")
        scored = score_tests(tests, out / name / PREDICTIONS)
        said[name] = {key: scored[key] for key in ("all", "by_type")}
        print(f"public: scored {name} on {one.name}", flush=True)
    return {"readers": said}
