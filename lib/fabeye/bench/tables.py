"""What it costs to compare tables, beside the package that defines the result, and to score a large gold set.

Notable:
- Ours and apted compare the same pair in turn, in one process; their answers must agree before a ratio is given.
- The gold set is made here: dense pages of words, a third of them with a table, read with a few errors.
- Peaks of memory never go down again, so the small set is scored first; what the large one adds is what pages cost.
"""

import json
import random
import re
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import html

from fabeye.engine import run
from fabeye.evaluation.fabeye_scores import score_fabeye
from fabeye.evaluation.official.scores import Mapped, score_like_omnidocbench
from fabeye.evaluation.official.version import Version
from fabeye.evaluation.results import Scores
from fabeye.metrics.table import teds
from fabeye.settings import EngineSettings, Settings

SIZES = ((30, 8), (64, 18))  # rows, columns
PAGES, FEWER, TABLE_EVERY = 1000, 250, 3
PARAGRAPHS, WORDS = 12, 60  # of a page, of a paragraph
WRONG = 0.05  # share of words and cells that are read wrong
SAME = 1e-9  # as alike as two sums of the same numbers in another order
WORD_LETTERS = "abcdefghijklmnopqrstuvwxyz"
KIB_PER_MIB = 1024
CELL = re.compile("<td>(.*?)</td>")


def measure_tables(settings: Settings) -> dict[str, Any]:
    """Seconds and ratio of each size of table; what scoring PAGES pages takes."""
    return {  # in this order: apted's trees would hide what pages take
        "official_scores": _gold_set(partial(score_like_omnidocbench, version=Version.V15), settings.engine),
        "fabeye_scores": _gold_set(score_fabeye, settings.engine),
        "teds": {f"{rows}x{columns}": _beside_apted(rows, columns) for rows, columns in SIZES},
    }


def _beside_apted(rows: int, columns: int) -> dict[str, float]:
    rng = random.Random(rows)
    gold = [[_word(rng) for _ in range(columns)] for _ in range(rows)]
    source, read = _table(gold), _table([[_misread(rng, cell) for cell in row] for row in gold])
    teds(source, read)  # compiles, and warms what is kept
    ours, score = _timed(partial(teds, f"<!-- -->{read}", source))  # another text, or its tree would be at hand
    theirs, expected = _timed(partial(_teds_by_apted, read, source))
    if abs(score - expected) > SAME:
        raise AssertionError(f"a {rows} x {columns} table scores {score}, by apted {expected}")
    return {"seconds": ours, "apted_seconds": theirs, "ratio": theirs / ours}


def _teds_by_apted(read: str, gold: str) -> float:
    from apted import APTED, Config

    class Costs(Config):
        """A cell's rename costs its characters' distance."""

        def rename(self, node1: Any, node2: Any) -> float:
            from rapidfuzz.distance import Levenshtein

            if node1["tag"] != node2["tag"]:
                return 1.0
            return Levenshtein.normalized_distance(node1["text"], node2["text"])

        def children(self, node: Any) -> Any:
            return node["children"]

    trees = [_nodes(html.fromstring(source)) for source in (read, gold)]
    distance = float(APTED(*trees, Costs()).compute_edit_distance())
    return 1 - distance / max(_count(tree) - 1 for tree in trees)


def _nodes(element: Any) -> dict[str, Any]:
    is_cell = element.tag == "td"
    children = [] if is_cell else [_nodes(child) for child in element]
    return {"tag": element.tag, "text": element.text or "" if is_cell else "", "children": children}


def _count(node: dict[str, Any]) -> int:
    return 1 + sum(_count(child) for child in node["children"])


def _gold_set(score: Callable[..., Scores], engine: EngineSettings) -> dict[str, float]:
    small, large = (_scored(pages, score, engine) for pages in (FEWER, PAGES))
    return large | {f"peak_mib_after_{FEWER}_pages": small["peak_mib"]}


def _scored(count: int, score: Callable[..., Scores], engine: EngineSettings) -> dict[str, float]:
    with TemporaryDirectory(prefix="fabeye-") as name:
        gold, predictions = _write_pages(Path(name), count)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent, _ = _timed(partial(score, gold, predictions, mapped=_pool(engine)))
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "pages": count,
        "seconds": spent,
        "pages_per_s": count / spent,
        "processor_seconds_of_workers": workers.ru_utime + workers.ru_stime - before.ru_utime - before.ru_stime,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB,
        "peak_mib_of_a_worker": workers.ru_maxrss / KIB_PER_MIB,
    }


def _pool(engine: EngineSettings) -> Mapped:
    return lambda task, items: (outcome.value for outcome in run(task, items, engine))


def _write_pages(folder: Path, count: int) -> tuple[Path, Path]:
    rng = random.Random(0)
    predictions = folder / "predictions"
    predictions.mkdir()
    pages = []
    for number in range(count):
        blocks = list(_blocks(rng, with_table=number % TABLE_EVERY == 0))
        info = {"page_no": number, "width": 1000, "height": 1400, "image_path": f"page{number:04d}.png"}
        info["page_attribute"] = {"data_source": "bench", "language": "english"}
        pages.append({"page_info": info, "layout_dets": blocks, "extra": {"relation": []}})
        (predictions / f"page{number:04d}.md").write_text(_markdown(rng, blocks), encoding="utf-8")
    (folder / "gold.json").write_text(json.dumps(pages), encoding="utf-8")
    return folder / "gold.json", predictions


def _blocks(rng: random.Random, with_table: bool) -> Iterator[dict[str, Any]]:
    poly = [0, 0, 9, 0, 9, 9, 0, 9]
    for order in range(PARAGRAPHS):
        text = " ".join(_word(rng) for _ in range(WORDS))
        yield {"anno_id": order, "category_type": "text_block", "order": order + 1, "poly": poly, "text": text}
    if with_table:
        table = _table([[_word(rng) for _ in range(8)] for _ in range(30)])
        yield {"anno_id": PARAGRAPHS, "category_type": "table", "order": PARAGRAPHS + 1, "poly": poly, "html": table}


def _markdown(rng: random.Random, blocks: list[dict[str, Any]]) -> str:
    return "\n\n".join(_read(rng, block) for block in blocks)


def _read(rng: random.Random, block: dict[str, Any]) -> str:
    if "html" in block:
        return CELL.sub(lambda cell: f"<td>{_misread(rng, cell[1])}</td>", block["html"])
    return " ".join(_misread(rng, word) for word in block["text"].split())


def _table(rows: list[list[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{body}</table>"


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(WORD_LETTERS, k=rng.randint(2, 10)))


def _misread(rng: random.Random, word: str) -> str:
    return word[:-1] + rng.choice(WORD_LETTERS) if rng.random() < WRONG else word


def _timed(work: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
