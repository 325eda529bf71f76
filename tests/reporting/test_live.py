"""The losses are shown once and then brought up to date in their place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from IPython.display import HTML

from fabeye.reporting import live
from fabeye.reporting.live import LiveLosses


class Handle:
    """What a notebook gives for an output that may change."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def update(self, shown: HTML) -> None:
        self.shown.append(shown.data)


def test_one_figure_follows_the_losses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetched: Callable[[str], list[str]]
) -> None:
    handle, first = Handle(), []

    def display(shown: HTML, display_id: bool) -> Handle:
        assert display_id
        first.append(shown.data)
        return handle

    monkeypatch.setattr(live, "display", display)
    show = LiveLosses(tmp_path, "base")
    for text in (5.5078, 4.2578, 3.1378):
        for part in ("train", "validation"):
            table = tmp_path / "plots" / f"pretrain_base_{part}.csv"
            table.parent.mkdir(exist_ok=True)
            table.write_text(f"samples,text,image,total\n48,{text},0.5,6\n")
        show()
    assert [("5.5078" in one, fetched(one)) for one in first] == [(True, [])]
    assert ["4.2578" in handle.shown[0], "3.1378" in handle.shown[1]] == [True, True]


def test_before_the_first_step_there_is_a_figure_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr(live, "display", lambda bundle, **_: shown.append(bundle))
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "pretrain_base_train.csv").write_text("samples,text,image,total\n")
    (tmp_path / "plots" / "pretrain_base_validation.csv").write_text("samples,text,image,total\n0,7,1,7.4\n")
    LiveLosses(tmp_path, "base")()
    assert shown
