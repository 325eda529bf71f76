"""Many items through one function, in processes that may be killed: on this machine or on a Ray cluster.

Notable:
- Outcomes come in the order of the items, so what is written does not depend on which worker was fastest, nor on how
  many there are, nor on which engine runs them.
- An item that hangs, eats memory or crashes its process costs itself alone and comes back as a Trouble. A full disk is
  nobody's fault: it ends the run.
- Items are drawn only a little ahead of the outcomes taken: neither input nor results are ever all in memory.
- On Ray every worker keeps a killable child of its own: one code guards an item on both engines.
- What a task's process imports before it starts is only this file and what says of which instructions numpy may make
  use: settings and Ray are named for the types, or late.
"""

import ctypes
import errno
import logging
import os
import pickle
import resource
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import islice
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from fabeye.errors import FabeyeError
from fabeye.processor import hold_to_avx2

if TYPE_CHECKING:
    from fabeye.settings import EngineSettings

Item = TypeVar("Item")
Value = TypeVar("Value")

MIB = 2**20
WAITING_PER_WORKER = 8  # items under way or waiting to be taken, so that one slow item does not idle the other workers
ITEMS_PER_BLOCK = 4  # of Ray Data: one of its tasks; small, so that a slow item holds up few others
BLOCKS_PER_CORE = 16  # in one of Ray's executions: many, as the next one starts when the last block of this one is done
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class EngineError(FabeyeError):
    """The engine that the settings name cannot run here; the text says what to install."""


class Trouble(StrEnum):
    """Why an item has no value."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    DIED = "died"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Value]):
    """What became of one item: its value, or the trouble it made.

    said: the error's own words where trouble is ERROR; a FabeyeError's are a sentence already, of any other error (then
    `foreign`) they begin with its type. errno: of an OSError, 0 otherwise.
    """

    value: Value | None = None
    trouble: Trouble | None = None
    said: str = ""
    foreign: bool = False
    errno: int = 0

    def sentence(self, what: str, settings: "EngineSettings") -> str:
        """The trouble as a sentence for the quarantine; `what` is the item's noun, such as "the page"."""
        match self.trouble:
            case Trouble.TIMEOUT:
                return f"{what} took more than {settings.seconds:g} s (engine.seconds)"
            case Trouble.MEMORY:
                return f"{what} took more than {settings.mib} MiB of memory (engine.mib)"
            case Trouble.DIED:
                return f"the process that worked on {what} died: it is damaged, or too large for engine.mib"
            case _ if self.foreign:
                return f"{what} cannot be worked on ({self.said}); check it with another program"
            case _:
                return self.said


def run(task: Callable[[Item], Value], items: Iterable[Item], settings: "EngineSettings") -> "Iterator[Outcome[Value]]":
    """Call `task` on every item in worker processes; yields one Outcome an item, in the items' order.

    task: a function of a module (never of the program itself), or a functools.partial of one. Items and values travel
    between processes, so keep them to a few MB. A worker may serve many items, one after the other. Raises EngineError
    where the engine is not installed, OSError when a task has found the disk full.
    """
    engines = {"processes": _run_locally, "ray": _run_on_ray}
    for outcome in engines[settings.engine](task, items, settings):
        if outcome.errno in DISK_FULL:
            raise OSError(outcome.errno, os.strerror(outcome.errno))
        yield outcome


def mapping(settings: "EngineSettings") -> Callable[..., Iterator[Any]]:
    """What maps a function over items in worker processes: its values in order, None where a process was killed.

    It raises RuntimeError where the function itself does.
    """

    def mapped(task: Callable[..., Any], items: Iterable[Any]) -> Iterator[Any]:
        for outcome in run(task, items, settings):
            if outcome.trouble is Trouble.ERROR:
                raise RuntimeError(outcome.said)  # an item's own faults are in its value: this one is ours
            yield outcome.value

    return mapped


def cores(settings: "EngineSettings") -> int:
    """How many local workers the settings mean: 0 is every core that this process may use."""
    return settings.workers or len(os.sched_getaffinity(0))


def _run_locally(task: Callable[..., Any], items: Iterable[Any], settings: "EngineSettings") -> Iterator[Outcome[Any]]:
    workers = cores(settings)
    waiting: deque[ProcessFuture[Outcome[Any]]] = deque()
    with _pool(workers, settings.mib) as pool:
        try:
            for item in items:
                waiting.append(pool.schedule(_attempt, args=[task, item], timeout=settings.seconds))
                if len(waiting) >= WAITING_PER_WORKER * workers:
                    yield _settled(waiting.popleft())
            while waiting:
                yield _settled(waiting.popleft())
        except BaseException:
            pool.stop()  # or leaving the pool would wait for every item still in it
            raise


def _pool(workers: int, mib: int) -> ProcessPool:
    return ProcessPool(workers, initializer=_begin, initargs=[mib], context=_BareContext())


class _BareProcess(SpawnProcess):
    """A spawned process that does not import the program that started it: a test runner, a notebook, Ray's worker."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802, as multiprocessing calls it
        with _one_start:
            program = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return SpawnProcess._Popen(process_obj)  # type: ignore[attr-defined]
            finally:
                sys.modules["__main__"] = program


class _BareContext(SpawnContext):
    """Processes of a pool that import only what their tasks need, so that one is up again soon after another died."""

    Process = _BareProcess


_one_start = Lock()


def _begin(mib: int) -> None:
    """First thing in a worker: what the libraries of its tasks may use of the processor, and of memory."""
    hold_to_avx2()
    _confine(mib)


def _confine(mib: int) -> None:
    """Give this process `mib` MiB of address space at most, and let it die with its parent, however that one ends.

    To Linux the parent is the thread that started this process: take a run's outcomes in the thread that began it.
    """
    resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, mib * MIB))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def _attempt(task: Callable[[Any], Any], item: Any) -> Outcome[Any]:
    """Runs in the worker: an error becomes an Outcome here, as not every exception survives the way to the parent."""
    try:
        return Outcome(value=task(item))
    except MemoryError:
        return Outcome(trouble=Trouble.MEMORY)
    except FabeyeError as error:
        return Outcome(trouble=Trouble.ERROR, said=str(error))
    except Exception as error:  # a decoder may raise anything
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        return Outcome(trouble=Trouble.ERROR, said=said, foreign=True, errno=getattr(error, "errno", None) or 0)


def _settled(future: "ProcessFuture[Outcome[Any]]") -> Outcome[Any]:
    try:
        return future.result()
    except FutureTimeoutError:
        return Outcome(trouble=Trouble.TIMEOUT)
    except ProcessExpired:
        return Outcome(trouble=Trouble.DIED)
    except Exception as error:  # the value could not be sent
        return Outcome(trouble=Trouble.ERROR, said=f"{type(error).__name__}: {error}", foreign=True)


def _run_on_ray(task: Callable[..., Any], items: Iterable[Any], settings: "EngineSettings") -> Iterator[Outcome[Any]]:
    """Ray Data in windows: it wants to know all of its input before it starts, and ours may not fit into memory."""
    ray = _ray()
    rest = iter(items)
    in_child = partial(_outcome_row, task, settings.seconds, settings.mib)
    while True:
        window = ITEMS_PER_BLOCK * BLOCKS_PER_CORE * (settings.workers or _ray_cores(ray))
        rows = [{"item": pickle.dumps(item)} for item in islice(rest, window)]
        if not rows:
            return
        blocks = -(-len(rows) // ITEMS_PER_BLOCK)
        data = ray.data.from_items(rows, override_num_blocks=blocks).map(in_child, concurrency=settings.workers or None)
        for row in data.iter_rows():
            yield pickle.loads(row["outcome"])


def _ray() -> Any:
    """Ray, connected to RAY_ADDRESS or to a cluster of its own on this machine."""
    try:
        import ray.data
    except ImportError as error:
        raise EngineError("engine: ray needs Ray; run `uv sync --group ray`, or set engine: processes") from error
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # what runs in the house is nobody's business
    ray.init(ignore_reinit_error=True, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    return ray


def _ray_cores(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _outcome_row(task: Callable[..., Any], seconds: float, mib: int, row: dict[str, bytes]) -> dict[str, bytes]:
    """Runs in a Ray worker: hands the item to that worker's own killable child."""
    future = _child(mib).schedule(_attempt, args=[task, pickle.loads(row["item"])], timeout=seconds)
    return {"outcome": pickle.dumps(_settled(future))}


@cache
def _child(mib: int) -> ProcessPool:
    """The killable child of this Ray worker, kept from one item to the next."""
    return _pool(1, mib)
