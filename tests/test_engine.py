"""One promise for both engines: outcomes in order, trouble costs its item alone, a full disk ends the run."""

import errno
import itertools
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from fabeye.engine import EngineError, Outcome, Trouble, run
from fabeye.errors import FabeyeError
from fabeye.settings import EngineSettings

LOCAL = EngineSettings(engine="processes", workers=2, seconds=60, mib=4096)
OBJECT_STORE_BYTES = 80 * 2**20  # the smallest that Ray accepts is 75 MiB

PLAY = ["word", "die", "hang", "eat", "fail", "refuse", "late", "word"]
PLAYED = [
    Outcome(value="word!"),
    Outcome(trouble=Trouble.DIED),
    Outcome(trouble=Trouble.TIMEOUT),
    Outcome(trouble=Trouble.MEMORY),
    Outcome(trouble=Trouble.ERROR, said="UnicodeError: odd", foreign=True),
    Outcome(trouble=Trouble.ERROR, said="the page is blank; scan it again"),
    Outcome(value="late!"),
    Outcome(value="word!"),
]


class RefusalError(FabeyeError):
    """A task's own sentence."""


def play(what: str, ending: str = "!") -> str:
    """Do to this process what the item says."""
    match what:
        case "die":
            os.kill(os.getpid(), 9)
        case "hang":
            time.sleep(1000)
        case "eat":
            bytearray(1 << 40)
        case "fail":
            raise UnicodeError("odd")
        case "refuse":
            raise RefusalError("the page is blank; scan it again")
        case "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        case "late":
            time.sleep(0.3)
    return what + ending


def weight(kilobytes: int) -> bytes:
    return bytes(1024 * kilobytes)


def test_trouble_costs_its_item_alone_and_order_is_kept() -> None:
    assert list(run(play, PLAY, LOCAL.model_copy(update={"seconds": 3}))) == PLAYED


def test_items_are_drawn_a_little_ahead_only() -> None:
    drawn = itertools.count()
    endless: Iterator[str] = (f"item {next(drawn)}" for _ in itertools.repeat(None))
    outcomes = run(partial(play, ending="?"), endless, LOCAL)
    assert [next(outcomes).value for _ in range(3)] == ["item 0?", "item 1?", "item 2?"]
    assert next(drawn) < 30
    outcomes.close()  # type: ignore[attr-defined]


def test_a_full_disk_ends_the_run() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        list(run(play, ["word", "full", "word"], LOCAL))
    assert caught.value.errno == errno.ENOSPC


def test_nothing_gives_nothing() -> None:
    assert list(run(play, [], LOCAL)) == []


def test_trouble_is_told_in_sentences() -> None:
    said = [Outcome(trouble=trouble, said="own words").sentence("the page", LOCAL) for trouble in Trouble]
    assert "the page took more than 60 s (engine.seconds)" in said
    assert "the page took more than 4096 MiB of memory (engine.mib)" in said
    assert sum("the page died" in one or "on the page died" in one for one in said) == 1
    assert "own words" in said
    foreign = Outcome(trouble=Trouble.ERROR, said="UnicodeError: odd", foreign=True)
    assert foreign.sentence("the page", LOCAL).startswith("the page cannot be worked on (UnicodeError: odd); ")


def test_an_engine_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(EngineError, match="uv sync --group ray"):
        list(run(play, PLAY, LOCAL.model_copy(update={"engine": "ray"})))


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[EngineSettings]:
    """A Ray cluster of two nodes of one core each, on this machine, whose object store is too small for the results."""
    pytest.importorskip("ray")
    import ray
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)  # where a node finds `play`
        cluster = Cluster()
        for _ in range(2):
            _add_node(cluster)
        ray.init(cluster.address, log_to_driver=False)
        yield EngineSettings(engine="ray", workers=0, seconds=6, mib=8192)
        ray.shutdown()
        cluster.shutdown()


def _add_node(cluster: object, tries: int = 3) -> None:
    """Ray gives a node 30 s to start, which is short on a machine that does something else besides."""
    try:
        cluster.add_node(num_cpus=1, object_store_memory=OBJECT_STORE_BYTES, include_dashboard=False)  # type: ignore[attr-defined]
    except Exception:
        if tries == 1:
            raise
        _add_node(cluster, tries - 1)


@pytest.mark.slow
def test_two_nodes_give_what_one_machine_gives(two_nodes: EngineSettings) -> None:
    assert list(run(play, PLAY, two_nodes)) == PLAYED


@pytest.mark.slow
def test_results_larger_than_the_object_store_come_through_in_order(two_nodes: EngineSettings) -> None:
    sizes = [1500 + number for number in range(100)]
    assert [len(outcome.value or b"") // 1024 for outcome in run(weight, sizes, two_nodes)] == sizes


@pytest.mark.slow
def test_the_intake_writes_the_same_tables_on_two_nodes(two_nodes: EngineSettings, tmp_path: Path) -> None:
    from fabeye.bench.ingest import make_files  # here, as every process of the other tests imports this module
    from fabeye.intake.find import find_files
    from fabeye.intake.ingest import ingest
    from fabeye.settings import load_settings

    make_files(tmp_path / "raw", pages=30)
    corpus = load_settings(Path(__file__).parents[1]).corpus.model_copy(update={"dpi": 72})
    for name, engine in (("local", LOCAL), ("cluster", two_nodes)):
        files = find_files(tmp_path / "raw", tmp_path)
        ingest(files, tmp_path / name, tmp_path / f"{name}.work", corpus, engine)
    for path in sorted((tmp_path / "local").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "cluster" / path.relative_to(tmp_path / "local")).read_bytes()


@pytest.mark.slow
def test_a_full_disk_ends_the_run_on_ray_too(two_nodes: EngineSettings) -> None:
    with pytest.raises(OSError, match="No space left"):
        list(run(play, ["word", "full"], two_nodes))
