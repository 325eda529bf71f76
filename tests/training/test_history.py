"""The history of a run survives kills, and its curve is the mean of what was seen."""

from pathlib import Path

import pytest

from fabeye.training.history import PLOTTED, History, Row, write_curve
from fabeye.training.validation import Losses


def test_a_resumed_run_forgets_what_came_after_its_checkpoint(tmp_path: Path) -> None:
    history = History(tmp_path / "run" / "history.jsonl")
    for step in range(1, 6):
        history.append("train", step, step * 4, Losses.of(1 / step, 0.5, 0.4))
    with history.path.open("a") as file:
        file.write('{"kind": "train", "step": 6, "sam')
    history.cut(3)
    assert [row.step for row in history.rows()] == [1, 2, 3]
    history.append("validation", 3, 12, Losses.of(0.1, 0.2, 0.4))
    assert history.rows("validation") == [Row("validation", 3, 12, 0.1, 0.2, 0.1 + 0.4 * 0.2)]
    assert history.rows("train")[2].text == 1 / 3


@pytest.mark.parametrize(("steps", "points"), [(0, 0), (1, 1), (PLOTTED, PLOTTED), (PLOTTED + 1, PLOTTED // 2 + 1)])
def test_a_long_curve_is_thinned_by_means(tmp_path: Path, steps: int, points: int) -> None:
    rows = [Row("train", step, step * 2, float(step), 0.0, 1.0) for step in range(1, steps + 1)]
    write_curve(tmp_path / "plots" / "curve.csv", rows)
    lines = (tmp_path / "plots" / "curve.csv").read_text().splitlines()
    assert lines[0] == "samples,text,image,total"
    assert len(lines) - 1 == points
    if points:
        assert lines[-1].split(",")[0] == str(2 * steps)
    if steps > PLOTTED:
        assert lines[1] == "4,1.5,0.0,1.0"
