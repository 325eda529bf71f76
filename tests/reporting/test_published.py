"""The section on the weights that come with the project: only regions of their kind, worst last, and their curve."""

import shutil
from pathlib import Path

import pytest

from fabeye.paths import Paths
from fabeye.reporting.inputs import ReportError
from fabeye.reporting.published import published
from fabeye.schema import Reading
from fabeye.settings import EvaluateSettings, KindSettings, load_settings
from fabeye.tables import read_table, write_table


@pytest.fixture
def paths(project: Path, tmp_path: Path) -> Paths:
    """The project with readings of a published model, the first of them right."""
    paths = Paths(Path(shutil.copytree(project, tmp_path / "own")))
    table = paths.evaluation / "readings"
    rows = list(read_table(table, Reading))
    first = [one for one in rows if one.reader == "v1.0"]
    ours = [dict(vars_of(one), reader="nano", text=one.truth if at == 0 else "?") for at, one in enumerate(first)]
    write_table(table, Reading, [*rows, *(Reading(**one) for one in ours)])
    curve = paths.pretrained / "nano" / "curve.csv"
    curve.parent.mkdir(parents=True)
    curve.write_text("stage,samples,text,image\nbase,0,7.0,1.0\nbase,100,2.0,0.5\n")
    return paths


def vars_of(one: Reading) -> dict[str, object]:
    return {name: getattr(one, name) for name in Reading.__slots__}


def asked(paths: Paths, longest: int = 60) -> EvaluateSettings:
    settings = load_settings().evaluate
    kind = KindSettings(languages=("en", "zh", "mixed"), longest=longest)
    return settings.model_copy(update={"published": str(paths.pretrained / "nano"), "kind": kind})


def test_examples_go_from_the_best_to_the_worst(paths: Paths) -> None:
    said = published(paths, asked(paths), 2)
    assert said["readers"][-1] == "nano"
    right, wrong = (row["texts"][-1] for row in said["rows"])
    assert {run.kind for run in right} == {"same"}
    assert {run.kind for run in wrong} != {"same"}
    assert list(said["figure"].data[0].x) == [0.0, 100.0]


def test_regions_of_another_kind_are_left_out(paths: Paths) -> None:
    truths = {len(one.truth) for one in read_table(paths.evaluation / "readings", Reading)}
    few, all_of_them = (published(paths, asked(paths, longest), 9)["regions"] for longest in (min(truths), max(truths)))
    assert 0 < few <= all_of_them


def test_what_is_missing_is_told(paths: Paths) -> None:
    with pytest.raises(ReportError, match=r"evaluate\.published names none"):
        published(paths, asked(paths).model_copy(update={"published": ""}), 2)
    (paths.pretrained / "nano" / "curve.csv").write_text("stage,samples\nbase,many\n")
    with pytest.raises(ReportError, match=r"curve\.csv cannot be read"):
        published(paths, asked(paths), 2)
