"""The training stages base, highres and native: shards and the stage before in, a checkpoint and its losses out.

Notable:
- One function for all three; they differ in the settings of their section and in what they start from.
- Kill it at any moment and call it again: it goes on. What it goes on from is named by a fingerprint of everything
  that decides the result, so a changed setting, shard or start never meets an old run; which one changed is said.
- A loss that is not to be learned from takes the stage back to its last checkpoint, without the step that gave it.
- The losses lie beside the finished weights, as they were written on the way.
- The checkpoint folder appears whole or not at all, and the same inputs give the same bytes.
- Mistakes that can be seen before training (no GPU, no pairs, a foreign start) are told before Composer is loaded.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from fabeye.model import PretrainModel, save_pretrained
from fabeye.schema import Split
from fabeye.settings import STAGES, PretrainSettings
from fabeye.shards.index import read_index
from fabeye.shards.tokenizer import TOKENIZER, TextTokenizer
from fabeye.tables import write_json

from .card import stage_card
from .fingerprint import fingerprint
from .history import HISTORY, History, StageSummary, write_curve
from .processes import is_first, wait_for_all
from .runs import BRANCH, LEFT_OUT, RUN_FILE, TrainingError, claimed, open_run
from .start import Start

TRAINING = "training.json"  # file of a checkpoint beside its weights

if TYPE_CHECKING:
    from .fit import Fitted


def train_stage(
    stage: str,
    shards: Path,
    start: Path | None,
    out: Path,
    work: Path,
    reports: Path,
    settings: PretrainSettings,
    watch: Callable[[], object] = lambda: None,
) -> StageSummary:
    """Train one stage and write its checkpoint to `out`, its metrics and curves below `reports`.

    start: checkpoint folder of the stage before, None for the first. work: where a killed run is taken up again.
    watch: called after each validation, when the curves have been written anew.
    Raises TrainingError, ShardsError or TokenizerError before anything slow begins.
    """
    _check_device(settings)
    index = read_index(shards)
    for split in (Split.TRAIN, Split.VALIDATION):
        index.filled(split)
    tokenizer = TextTokenizer.load(shards / TOKENIZER)
    beginning = Start.of(start, settings, tokenizer.vocabulary, index.max_text)
    beginning.check(shards / TOKENIZER)
    run = open_run(work, stage, fingerprint(stage, shards, beginning, settings))
    with claimed(run):
        curves = _Curves(stage, reports, watch)
        fitted = _trained(stage, shards, beginning, run, settings, curves)
        summary = _summary(stage, fitted)
        wait_for_all()  # until all have read the history
        if is_first():
            curves(fitted.history)  # once more: a run taken up after its last step has validated nothing
            _publish(fitted.model.cpu().eval(), summary, run, shards, out, reports, settings)
            shutil.rmtree(run)
        wait_for_all()
    return summary


def start_of(stage: str, checkpoints: Path) -> Path | None:
    """Checkpoint folder of the stage before `stage`, None for the first one."""
    before = STAGES[: STAGES.index(stage)]
    return checkpoints / before[-1] if before else None


@dataclass(frozen=True, slots=True)
class _Curves:
    """Writes a run's losses as the tables that are plotted, and tells whoever watches."""

    stage: str
    reports: Path
    watch: Callable[[], object]

    def __call__(self, history: History) -> None:
        for kind in ("train", "validation"):
            write_curve(self.reports / "plots" / f"pretrain_{self.stage}_{kind}.csv", history.rows(kind))
        self.watch()


def _trained(
    stage: str, shards: Path, beginning: Start, run: Path, settings: PretrainSettings, curves: _Curves
) -> "Fitted":
    from .fit import fit, quiet  # Composer takes seconds to load
    from .guard import LeftOut, LossError
    from .stage_data import StageData

    quiet()
    torch.set_num_threads(settings.threads)
    left_out = LeftOut(run / LEFT_OUT)
    while True:
        model = beginning.model(settings.seed).train()
        try:
            fitted = fit(model, StageData(stage, shards, run, settings), run, validated=curves)
        except LossError as error:
            if len(left_out) >= settings.guard.returns:
                raise TrainingError(
                    f"{error}; {len(left_out)} steps are left out already. Look at these samples and at the learning "
                    f"rate; the last good checkpoint is in {run / 'checkpoints'}"
                ) from error
            left_out.add(error)
            print(f"pretrain {stage}: {error}; back to the last checkpoint, without this step", flush=True)
        except (RuntimeError, ConnectionError, EOFError) as error:
            if not _is_lost_worker(error):
                raise
            raise TrainingError(
                "a process that makes batches was killed, perhaps for want of memory; run the same command again to "
                "go on from the last checkpoint"
            ) from error
        else:
            return fitted


def _is_lost_worker(error: Exception) -> bool:
    """Whether a data worker has died: torch says so from a signal's handler, wherever the trainer is just then."""
    return isinstance(error, ConnectionError | EOFError) or "DataLoader worker" in str(error)


def _publish(
    model: PretrainModel,
    summary: StageSummary,
    run: Path,
    shards: Path,
    out: Path,
    reports: Path,
    settings: PretrainSettings,
) -> None:
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    card = stage_card(summary, settings)
    save_pretrained(model, draft, card)
    save_pretrained(model.encoder, draft / "encoder", card)
    shutil.copy(run / RUN_FILE, draft / TRAINING)
    shutil.copy(run / HISTORY, draft / HISTORY)
    shutil.copy(shards / TOKENIZER, draft / TOKENIZER)
    if (run / BRANCH).is_dir():
        shutil.copytree(run / BRANCH, draft / BRANCH)
    content = asdict(summary)
    name = content.pop("stage")
    write_json(reports / "metrics" / f"pretrain_{name}.json", content)
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)


def _summary(stage: str, fitted: "Fitted") -> StageSummary:
    rows = fitted.history.rows("validation")
    first, last = ({"text": row.text, "image": row.image, "total": row.total} for row in (rows[0], rows[-1]))
    parameters = sum(weight.numel() for weight in fitted.model.parameters())
    return StageSummary(stage, rows[-1].samples, parameters, fitted.damaged, first, last)


def _check_device(settings: PretrainSettings) -> None:
    if settings.device == "cuda" and not torch.cuda.is_available():
        raise TrainingError(
            "pretrain.device is cuda and this machine shows torch no GPU; use `profile: cpu` in params.yaml"
        )
