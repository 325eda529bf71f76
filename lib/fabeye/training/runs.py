"""The folder of an unfinished run: what it may be taken up with, and what it holds.

Notable:
- One training at a time works in it: whoever finds it taken waits a little for a killed one's last process, and is
  then told who has it.
- Its name ends in a digest of all that decides the result; run.json in it says the same in words. Whoever comes with
  other settings while a run of the same stage is unfinished is told which they are, and neither run is lost.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.tables import write_json

from .processes import is_first, wait_for_all

RUN_FILE = "run.json"  # all that decides the result
LEFT_OUT = "left_out.json"  # steps that are not learned from
BRANCH = "branch"  # folder with the weights from which the next stage starts, where they are not those of the end
DIGITS = 12  # of the digest in a folder's name
SHOWN = 6  # changed settings that a message names
LOCK = "lock"  # held by the first process of a training; its data workers let go of it seconds after it has died
PATIENCE_S, LOOK_S = 20.0, 0.5  # how long a taken folder is waited for, and between two looks


class TrainingError(FabeyeError):
    """A stage cannot be trained; the text says why and what to do."""


def open_run(work: Path, stage: str, decisive: Mapping[str, Any]) -> Path:
    """The folder of the run of `stage` that `decisive` decides, new or to be taken up.

    Raises TrainingError where a run of this stage with other settings is unfinished, and says which they are.
    """
    digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()
    run = work / f"{stage}-{digest[:DIGITS]}"
    for other in sorted(work.glob(f"{stage}-*/{RUN_FILE}")):
        if other.parent != run and any(other.parent.glob("checkpoints/step*")):
            raise TrainingError(_refusal(other, decisive))
    if is_first():
        write_json(run / RUN_FILE, decisive)
    wait_for_all()
    return run


@contextmanager
def claimed(run: Path, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Keep the run to this training. Raises TrainingError where another one still works in it after `patience_s`."""
    if not is_first():
        yield
        return
    with (run / LOCK).open("a+") as handle:
        until = time.monotonic() + patience_s
        while not _taken(handle.fileno()):
            if time.monotonic() > until:
                handle.seek(0)
                raise TrainingError(f"process {handle.read().strip()} is training in {run}; wait for it or stop it")
            time.sleep(LOOK_S)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refusal(other: Path, decisive: Mapping[str, Any]) -> str:
    before = json.loads(other.read_text(encoding="utf-8"))
    changed = list(_changes(before, json.loads(json.dumps(decisive))))
    more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    return (
        f"{other.parent} is an unfinished run of this stage with other settings: {'; '.join(changed[:SHOWN])}{more}. "
        f"Set them back to finish it, or remove that folder to start anew"
    )


def _changes(before: Mapping[str, Any], now: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """Everything that differs, as `pretrain.base.lr was 0.003, is 0.001`."""
    for key in sorted({*before, *now}):
        was, said = before.get(key), now.get(key)
        if isinstance(was, dict) and isinstance(said, dict):
            yield from _changes(was, said, f"{name}{key}.")
        elif was != said:
            yield f"{name}{key} was {was}, is {said}"
