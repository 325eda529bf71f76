"""Figures show the numbers they are given, through the one-line views that notebooks call."""

import json
from pathlib import Path

import plotly.graph_objects as go
import pytest

from fabeye.reporting.choices import choose_readings
from fabeye.reporting.differences import Run
from fabeye.reporting.inputs import ReportError, read_readings
from fabeye.reporting.pictures import wrapped
from fabeye.reporting.views import (
    ab_figure,
    audit_figure,
    baseline_figure,
    card_figure,
    corpus_figure,
    examples_figure,
    loss_figure,
    page_figure,
    probes_figure,
    quarantine_figure,
    robustness_figure,
    samples_figure,
    scores_figure,
    standing_figure,
    worst_figure,
)
from fabeye.settings import load_settings
from tests.reporting.tiny_project import HOSTILE, page_ids


def folders(project: Path) -> tuple[Path, Path, Path]:
    return project / "data" / "curated", project / "data" / "parses", project / "reports"


def readers(project: Path) -> dict[str, Path]:
    return {"teacher": project / "data" / "baseline", "v1.0": project / "data" / "evaluation"}


def test_readers_stand_side_by_side_with_intervals(project: Path) -> None:
    figure = standing_figure(readers(project))
    groups = [note.text for note in figure.layout.annotations]
    assert groups == ["all pages 全部", "domain 领域", "English 英文", "family jedec 文档族"]
    teacher, ours = figure.data[0], figure.data[1]
    text = list(teacher.x).index("text 文本")
    assert teacher.y[text] < ours.y[text] < 100, "v1.0 read the title right, and neither the text"
    assert teacher.error_y.array[text] >= 0 <= teacher.error_y.arrayminus[text]


def test_a_point_a_page_and_the_worst_pages_beside_the_truth(project: Path) -> None:
    weights = load_settings().evaluate.composite
    gold = project / "data" / "gold"
    points = ab_figure(gold, readers(project), weights).data[1]
    assert len(points.x) == 2
    assert all(one < other for one, other in zip(points.x, points.y, strict=True))
    figure = worst_figure(gold, readers(project)["teacher"], "teacher", weights, 1)
    shown = " ".join(note.text for note in figure.layout.annotations)
    assert "line-through" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_corpus_pages_are_stacked_by_split(project: Path) -> None:
    figure = corpus_figure(folders(project)[0])
    pages = {trace.name.split()[0]: sum(trace.y) for trace in figure.data}
    assert pages == {"train": 4, "validation": 2, "gold": 2}
    assert figure.layout.barmode == "stack"


def test_quarantine_lists_every_file_escaped(project: Path) -> None:
    corpus, parses, _ = folders(project)
    cells = quarantine_figure([corpus, parses]).data[0].cells.values
    assert [len(column) for column in cells] == [1, 1, 1, 1]
    assert "&lt;script&gt;" in cells[0][0]
    assert cells[1][0].startswith("all")


def test_the_audit_stacks_what_is_hidden_and_what_leaked(project: Path) -> None:
    hidden, leaked = audit_figure(folders(project)[0]).data
    assert list(hidden.y) == ["lot 批号", "person 人员"]
    assert (list(hidden.x), list(leaked.x)) == ([9, 5], [1, 0])


def test_the_card_counts_four_things_and_shows_samples(project: Path) -> None:
    elements, licences, hidden, distances = card_figure(folders(project)[0]).data
    assert dict(zip(elements.x, elements.y, strict=True)) == {"figure": 6, "table": 6, "title": 6}
    assert list(licences.y) == [8]
    assert list(hidden.x) == ["lot 批号", "person 人员"]
    assert sum(distances.y) == 0
    assert samples_figure(folders(project)[0]).layout.images[0].source.startswith("data:image/jpeg;base64,")


def test_an_empty_quarantine_says_so(project: Path) -> None:
    assert "every page was taken in" in str(quarantine_figure([folders(project)[1]]).data[0].cells.values)


def test_losses_have_train_and_validation_for_each_stage_and_loss(project: Path) -> None:
    figure = loss_figure(folders(project)[2])
    assert len(figure.data) == 3 * 3 * 2
    assert list(figure.data[0].y)[:1] == [6.0]
    assert len(loss_figure(folders(project)[2], ["native"]).data) == 3 * 2


def test_baseline_has_a_bar_for_each_group(project: Path) -> None:
    figure = baseline_figure(folders(project)[2])
    assert [len(trace.y) for trace in figure.data] == [2, 2, 2, 2]
    assert list(figure.data[3].y) == [0.02, 0.12]


def test_scores_put_the_model_beside_the_teacher(project: Path) -> None:
    (reading,) = scores_figure(folders(project)[2]).data
    assert list(reading.y) == [0.07, 0.9, 0.6]


def test_probes_have_a_bar_for_each_system_and_task(project: Path) -> None:
    bars = {trace.name: list(trace.y) for trace in probes_figure(folders(project)[2]).data}
    assert bars == {"v0.5": [0.6], "v1.0": [0.7, 0.5], "untrained 未训练": [0.4], "chance 随机": [0.1]}


def test_robustness_has_a_line_for_each_system(project: Path) -> None:
    (line,) = robustness_figure(folders(project)[2]).data
    assert (line.name, list(line.y)) == ("v1.0", [0.9, 0.8])


def test_a_page_has_a_shape_with_hover_text_for_each_element(project: Path) -> None:
    corpus, parses, _ = folders(project)
    first = page_ids()[0]
    figure = page_figure(corpus, corpus / "truth", first)
    assert len(figure.data) == 4
    assert figure.layout.images[0].source.startswith("data:image/jpeg;base64,")
    assert list(figure.data[0].x) == [40, 200, 200, 40, 40]
    assert "<script>" not in str(figure.data[1].text)
    assert len(page_figure(corpus, parses / "elements").data) == 2


def test_examples_show_a_crop_and_every_reader(project: Path) -> None:
    data = project / "data"
    figure = examples_figure(data / "gold", [data / "baseline", data / "evaluation"], 3)
    assert len(figure.layout.images) == 3
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert any("<b>v1.0</b>" in text for text in texts)
    assert not any("<script>" in text for text in texts)


def test_the_examples_reach_from_best_to_worst(project: Path) -> None:
    readings = read_readings(project / "data" / "baseline", project / "data" / "evaluation")
    chosen = choose_readings(readings, 2)
    assert chosen[0][0].truth == "JESD79 Timing"  # v1.0 reads it without a mistake
    assert HOSTILE in chosen[-1][0].truth
    assert len(choose_readings(readings, 100)) == len(readings)


def test_wrapping_counts_chinese_characters_twice_and_cuts() -> None:
    assert wrapped([Run("晶圆缺陷", "same")], columns=4, lines=9) == "晶圆<br>缺陷"
    assert wrapped([Run("abcdef", "same")], columns=2, lines=2) == "ab<br>cd…"


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (lambda root: corpus_figure(root / "data/curated"), "dvc repro"),
        (lambda root: card_figure(root / "data/curated"), "dvc repro curate"),
        (lambda root: loss_figure(root / "reports"), "dvc repro pretrain@base"),
        (lambda root: baseline_figure(root / "reports"), "dvc repro baseline"),
        (lambda root: scores_figure(root / "reports"), "dvc repro evaluate"),
    ],
)
def test_what_is_missing_is_named_with_its_command(view: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=said):
        view(tmp_path)


def test_damaged_inputs_are_a_sentence(own_project: Path) -> None:
    reports = own_project / "reports"
    (reports / "metrics" / "baseline.json").write_text('{"text_edit": ')
    with pytest.raises(ReportError, match="not valid JSON"):
        baseline_figure(reports)
    (reports / "plots" / "pretrain_base_train.csv").write_text("samples,text\n1,2\n")
    with pytest.raises(ReportError, match="damaged"):
        loss_figure(reports)
    (own_project / "data/curated/audit.json").write_text("{}")
    figure = audit_figure(own_project / "data/curated")
    assert "No report was audited" in figure.layout.title.text
    part = own_project / "data/curated/documents/part-00000.parquet"
    part.write_bytes(part.read_bytes()[:50])
    with pytest.raises(ReportError, match="cannot be read"):
        corpus_figure(own_project / "data/curated")


def test_no_figure_offers_to_send_its_data_away(project: Path) -> None:
    corpus, parses, reports = folders(project)
    figures: list[go.Figure] = [corpus_figure(corpus), loss_figure(reports), page_figure(corpus, parses / "elements")]
    for figure in figures:
        assert "sendChartToCloud" in json.loads(figure.to_json())["layout"]["modebar"]["remove"]
