r"""CDM, which compares formulas as TeX sets them, by its authors' own program where somebody has it.

Notable:
- Nothing of it is made anew: `evaluation.py` of the folder cdm/ of UniMERNet does all, with the TeX, Node.js,
  ImageMagick and Python packages that its README asks for, so the numbers are its own. Which formula was read for which
  is ours to say; a lost formula and an invented one count 0.
- Formulas come from readers, so TeX may read and write nothing outside of its folder and run no command.

Source: Wang et al., "CDM: A Reliable Metric for Fair and Accurate Formula Recognition Evaluation", arXiv 2409.03643.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.evaluation.blocks import Kind
from fabeye.evaluation.fabeye_scores import pooled_score, problem
from fabeye.evaluation.gold import GoldPage, read_gold
from fabeye.evaluation.matched_page import MatchedPage, match_page
from fabeye.evaluation.predictions import read_prediction
from fabeye.evaluation.results import page_groups
from fabeye.metrics.tally import Tally

PROGRAM = "evaluation.py"
BOUND = {"openin_any": "p", "openout_any": "p", "shell_escape": "f"}  # of TeX, which its environment can only narrow
SECONDS = 60  # that a formula may take; the program gives one up after 30
LAST_SAID = 300  # characters of what the program said when it failed

Pairs = Sequence[tuple[str, str]]  # LaTeX of a gold formula, and what was read for it


class CdmError(FabeyeError):
    """CDM's program is missing or fails; the text says how."""


def score_cdm(gold: Path, predictions: Path, tool: Path, python: str, processes: int) -> dict[str, Any]:
    """CDM of the predictions in a folder: overall, by group, by page.

    tool: UniMERNet's folder cdm/. python: the interpreter that has its packages. Raises CdmError, and GoldError or
    PredictionError as score_fabeye().
    """
    pages = read_gold(gold)
    matched = {page.page_id: _matched(page, predictions) for page in pages}
    pairs = {page: _pairs(one) for page, one in matched.items()}
    values = iter(cdm_values([pair for some in pairs.values() for pair in some], tool, python, processes))
    tallies = {
        page: Tally(sum(next(values) for _ in pairs[page]), len(pairs[page]) + _alone(one))
        for page, one in matched.items()
    }
    score = pooled_score(tallies, {page.page_id: page_groups(page) for page in pages})
    by_page = {page: tally.got / tally.of for page, tally in tallies.items() if tally.of}
    return {"cdm": score.overall, "formulas": sum(one.of for one in tallies.values()), "by_page": by_page} | {
        "by_group": score.by_group
    }


def cdm_values(pairs: Pairs, tool: Path, python: str, processes: int = 1) -> list[float]:
    """CDM's F1 of each pair, 0 to 1; 0 where TeX cannot set what was read. Raises CdmError."""
    if not (tool / PROGRAM).is_file():
        raise CdmError(f"there is no {tool / PROGRAM}; give the folder cdm/ of github.com/opendatalab/UniMERNet")
    if not pairs:
        return []
    asked = [{"img_id": f"f{number}", "gt": gold, "pred": read} for number, (gold, read) in enumerate(pairs)]
    with TemporaryDirectory() as place:
        said = _run(asked, Path(place), tool.resolve(), python, processes)
    return [float(said.get(one["img_id"], {}).get("F1_score", 0.0)) for one in asked]


def _run(
    asked: list[dict[str, str]], place: Path, tool: Path, python: str, processes: int
) -> Mapping[str, Mapping[str, float]]:
    """The program's details by formula."""
    (place / "formulas.json").write_text(json.dumps(asked), encoding="utf-8")
    arguments = ["-i", str(place / "formulas.json"), "-o", str(place / "out"), "-p", str(processes)]
    environment = os.environ | BOUND | {"TEXMFOUTPUT": str(place), "MPLBACKEND": "agg"}
    try:
        done = subprocess.run(
            [python, PROGRAM, *arguments],
            cwd=tool,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS * len(asked),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CdmError(f"CDM's program took more than {SECONDS} s a formula; is its TeX installation whole?") from error
    except OSError as error:
        raise CdmError(f"CDM's program fails ({error}); its README says what it needs") from error
    result = place / "out/formulas/metrics_res.json"
    if not result.is_file():
        raise CdmError(f"CDM's program fails ({done.stderr.strip()[-LAST_SAID:]}); its README says what it needs")
    details: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))["details"]
    return details


def _matched(page: GoldPage, predictions: Path) -> MatchedPage:
    prediction = read_prediction(predictions, Path(page.page_info.image_path).name)
    return match_page(page, "" if problem(prediction) else prediction.markdown)


def _pairs(matched: MatchedPage) -> Pairs:
    detections = matched.page.layout_dets
    return [(detections[index].latex, block.content) for index, block in matched.formulas]


def _alone(matched: MatchedPage) -> int:
    """Gold formulas that were lost, and read ones that stand for none."""
    lost = sum(not matched.page.layout_dets[index].html for index in matched.lost)
    return lost + sum(block.kind == Kind.FORMULA for block in matched.extra)
