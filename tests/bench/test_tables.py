"""The gold set that is scored for its speed is one: read nearly right, tables too."""

from pathlib import Path

from fabeye.bench import tables
from fabeye.evaluation.fabeye_scores import score_fabeye


def test_the_made_up_pages_are_read_with_a_few_errors(tmp_path: Path) -> None:
    gold, predictions = tables._write_pages(tmp_path, count=4)
    scores = score_fabeye(gold, predictions).metrics
    assert 0.0 < scores["text_edit"].overall < 0.05
    assert 0.9 < scores["teds"].overall < 1.0
    assert scores["teds_structure"].overall == 1.0


def test_ours_and_apted_agree_on_a_table() -> None:
    said = tables._beside_apted(4, 3)
    assert said["ratio"] > 0
