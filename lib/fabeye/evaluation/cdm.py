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
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_scores import pooled_score, problem
from fabeye.evaluation.gold import GoldPage, read_gold
from fabeye.evaluation.matched_page import MatchedPage, match_page
from fabeye.evaluation.predictions import read_prediction
from fabeye.evaluation.results import page_groups
from fabeye.metrics.tally import Tally

EVALUATOR = "cdm"
PROGRAM = "evaluation.py"
BOUND = {"openin_any": "p", "openout_any": "p", "shell_escape": "f"}  # of TeX, which its environment can only narrow
RESULT = "out/formulas/metrics_res.json"
SECONDS = 60  # that a formula may take; the program gives one up after 30
LAST_SAID = 300  # characters of what the program said when it failed

Pairs = Sequence[tuple[str, str]]  # LaTeX of a gold formula, and what was read for it


class CdmError(FabeyeError):
    """CDM's program is missing or fails; the text says how."""


def score_cdm(gold: Path, predictions: Path, tool: Path, python: str, processes: int) -> dict[str, Any]:
    """CDM of the predictions in a folder: overall, by group, by page; left_out: gold formulas that TeX cannot set.

    tool: UniMERNet's folder cdm/. python: the interpreter that has its packages. Raises CdmError, and GoldError or
    PredictionError as score_fabeye().
    """
    pages = read_gold(gold)
    matched = {page.page_id: _matched(page, predictions) for page in pages}
    pairs = {page: one.formula_pairs for page, one in matched.items()}
    values = iter(cdm_values([pair for some in pairs.values() for pair in some], tool, python, processes))
    of_page = {page: [next(values) for _ in some] for page, some in pairs.items()}
    set_ = {page: [value for value in some if value is not None] for page, some in of_page.items()}
    tallies = {page: Tally(sum(set_[page]), len(set_[page]) + one.lone_formulas) for page, one in matched.items()}
    score = pooled_score(tallies, {page.page_id: page_groups(page) for page in pages})
    return {
        "cdm": score.overall,
        "formulas": sum(one.of for one in tallies.values()),
        "left_out": sum(value is None for some in of_page.values() for value in some),
        "by_group": score.by_group,
        "by_page": {page: got / of for page, (got, of) in score.by_page.items()},
    }


def cdm_values(pairs: Pairs, tool: Path, python: str, processes: int = 1) -> list[float | None]:
    """CDM's F1 of each pair, 0 to 1: 0 where TeX cannot set what was read, None where it cannot set the truth.

    Raises CdmError, also where it can set nothing at all.
    """
    if not (tool / PROGRAM).is_file():
        raise CdmError(f"there is no {tool / PROGRAM}; give the folder cdm/ of github.com/opendatalab/UniMERNet")
    if not pairs:
        return []
    asked = [{"img_id": f"f{number}", "gt": gold, "pred": read} for number, (gold, read) in enumerate(pairs)]
    with TemporaryDirectory() as place:
        said = _run(asked, Path(place), tool.resolve(), python, processes)
    if not said:
        raise CdmError("CDM's program has set no formula; are pdflatex, node and magick all there, as its README asks?")
    return [float(said[one["img_id"]]["F1_score"]) if one["img_id"] in said else None for one in asked]


def _run(
    asked: list[dict[str, str]], place: Path, tool: Path, python: str, processes: int
) -> Mapping[str, Mapping[str, float]]:
    """The program's details by formula."""
    (place / "formulas.json").write_text(json.dumps(asked), encoding="utf-8")
    arguments = ["-i", str(place / "formulas.json"), "-o", str(place / "out"), "-p", str(processes)]
    complaint, environment = "", os.environ | BOUND | {"TEXMFOUTPUT": str(place), "MPLBACKEND": "agg"}
    try:
        process = subprocess.Popen(
            [Path(shutil.which(python) or python).absolute(), PROGRAM, *arguments],  # it runs in another folder
            cwd=tool,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        _, complaint = process.communicate(timeout=SECONDS * len(asked))
        details: dict[str, Any] = json.loads((place / RESULT).read_text(encoding="utf-8"))["details"]
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)  # TeX and all
        process.communicate()
        raise CdmError(f"CDM's program took more than {SECONDS} s a formula; is its TeX installation whole?") from error
    except (OSError, ValueError, KeyError) as error:
        last = complaint.strip()[-LAST_SAID:] or str(error)
        raise CdmError(f"CDM's program fails ({last}); its README says what it needs") from error
    return details


def _matched(page: GoldPage, predictions: Path) -> MatchedPage:
    prediction = read_prediction(predictions, Path(page.page_info.image_path).name)
    return match_page(page, "" if problem(prediction) else prediction.markdown)
