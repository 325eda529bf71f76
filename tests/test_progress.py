"""Progress lines: the time left is right, and a log is never flooded."""

import pytest

from fabeye.progress import Progress, duration, track


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_line_a_tick_with_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = Progress("parse", 100, every_s=5, clock=clock)
    for _ in range(50):
        clock.now += 1
        progress.advance()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[-1] == "parse: 50/100 (50 %), 1/s, 50 s left"


def test_the_last_item_is_always_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(range(3), "pages", 3)) == [0, 1, 2]
    assert capsys.readouterr().out.startswith("pages: 3/3 (100 %)")


@pytest.mark.parametrize(("seconds", "said"), [(8.4, "8 s"), (130, "2 min 10 s"), (11100, "3 h 5 min")])
def test_durations_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said
