"""The loader beside the training step that it feeds, and beside a WebDataset loader on the same samples.

Notable:
- The samples are lines of generated documents, at stage `base` (see stage.py).
- Loaders are timed in this process and on one thread, as they run in a worker, so that their numbers are of work done
  and not of cores that were idle.
- What is compared is timed in turn, and the median of the pairwise ratios is given: WebDataset's loader without damage
  to the pictures, which it has not; the step on the batches that the loader has just made, with damage.
- The loop without a model is the whole training, callbacks and all, with a model that does nothing.
"""

import io
import statistics
import tarfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from fabeye.bench.stage import stage_data, stage_model
from fabeye.bench.timing import RUNS
from fabeye.model import PretrainModel
from fabeye.objectives.aimv2 import aimv2_losses
from fabeye.objectives.sums import LossSums
from fabeye.settings import Settings
from fabeye.shards.batch import Batch, Collator, Origin
from fabeye.shards.budget import Frame, frame_of
from fabeye.shards.index import read_index
from fabeye.shards.store import Damage
from fabeye.training import fit
from fabeye.training.composer_model import ComposerPretrainModel, make_optimizer
from fabeye.training.prefixes import keyed_prefixes
from fabeye.training.stage_data import StageData

BATCHES = 6  # that a loader makes in one run, and that the step is timed on
STEPS = 12  # of one training
CHANCES = ("resolution", "blur", "noise", "jpeg", "skew", "occlusion")


@dataclass(frozen=True, slots=True)
class Trained:
    """Samples a second of a training, and the share of its time in which it waited for data."""

    rate: float
    waited: float


def measure_loader(settings: Settings) -> dict[str, float]:
    """Samples a second of both loaders, of training with the model and without it; ratios, and the share of waiting."""
    with TemporaryDirectory(prefix="fabeye-") as name:
        data = stage_data(Path(name), settings, STEPS)
        tar = _write_tar(Path(name) / "samples.tar", data)
        pairs = [(_rate(_plain(data).train()), _rate(_webdataset(tar, data))) for _ in range(RUNS)]
        steps = _loader_and_step(data)
        full = _train(data, Path(name) / "full", ComposerPretrainModel)
        idle = _train(data, Path(name) / "idle", _Idle)
    return {
        "samples_per_s": statistics.median(ours for ours, _ in pairs),
        "webdataset_samples_per_s": statistics.median(theirs for _, theirs in pairs),
        "ratio_to_webdataset": statistics.median(ours / theirs for ours, theirs in pairs),
        "damaging_samples_per_s": statistics.median(loader for loader, _ in steps),
        "step_samples_per_s": statistics.median(step for _, step in steps),
        "ratio_to_step": statistics.median(loader / step for loader, step in steps),
        "training_samples_per_s": full.rate,
        "without_model_samples_per_s": idle.rate,
        "waiting_share": full.waited,
    }


class _Idle(ComposerPretrainModel):
    """A model that does nothing, and yet has a gradient."""

    def forward(self, batch: Batch) -> LossSums:
        """Nothing, for all patches and tokens of the batch."""
        nothing = next(self.model.parameters()).sum() * 0
        return LossSums(nothing, nothing, len(batch.text.targets_S), sum(batch.images.lengths))


def _alone(data: StageData) -> StageData:
    """The same without worker processes."""
    own = data.settings.data.model_copy(update={"workers": 0})
    return replace(data, settings=data.settings.model_copy(update={"data": own}))


def _plain(data: StageData) -> StageData:
    """The same without worker processes and damage."""
    augment = data.settings.augment.model_copy(update=dict.fromkeys(CHANCES, 0.0))
    return replace(_alone(data), settings=_alone(data).settings.model_copy(update={"augment": augment}))


def _rate(batches: Iterable[Batch]) -> float:
    """Samples a second on one thread, after the first batch."""
    return _made(batches)[0]


def _made(batches: Iterable[Batch]) -> tuple[float, list[Batch]]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    stream = iter(batches)
    next(stream)
    started = time.perf_counter()
    made = list(islice(stream, BATCHES))
    spent = time.perf_counter() - started
    torch.set_num_threads(threads)
    return sum(map(len, made)) / spent, made


def _loader_and_step(data: StageData) -> list[tuple[float, float]]:
    """Samples a second of the loader with damage, and of a training step on what it has made, run after run."""
    model = stage_model(data)
    optimizer = make_optimizer(model, data.stage.lr, data.settings.betas, data.stage.weight_decay)
    rates = []
    for _ in range(RUNS):
        rate, batches = _made(_alone(data).train())
        started = time.perf_counter()
        for batch in batches:
            _step(model, optimizer, batch, data)
        rates.append((rate, sum(map(len, batches)) / (time.perf_counter() - started)))
    return rates


def _step(model: PretrainModel, optimizer: torch.optim.Optimizer, batch: Batch, data: StageData) -> None:
    prefixes = keyed_prefixes(batch.images.lengths, batch.origin.draws, data.seed)
    sums = aimv2_losses(model, batch.images, batch.text, prefixes, data.settings.variance_floor)
    optimizer.zero_grad()
    (sums.text / sums.tokens + data.stage.alpha * sums.image / max(sums.patches, 1)).backward()
    optimizer.step()


def _write_tar(path: Path, data: StageData) -> Path:
    """Every training sample, picture and text, as WebDataset has them; in the order of the first epoch."""
    loader = _plain(data).train()
    with tarfile.open(path, "w") as tar:
        for source in loader.plan.sources:
            for index in source.order.take(0, len(source.sizes))[0].tolist():
                record = loader.samples.store.read(source.name, index)
                assert not isinstance(record, Damage), "these shards have just been written"
                for suffix, content in (("png", record["image"]), ("txt", record["text"].encode())):
                    entry = tarfile.TarInfo(f"{record['pair_id']}.{suffix}")
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))
    return path


def _webdataset(tar: Path, data: StageData) -> Iterator[Batch]:
    import webdataset  # a peer to compare with, of the development environment only

    stage, patch = data.stage, data.settings.patch
    collator = Collator(data.tokenizer, patch, read_index(data.shards).max_text)
    frame = frame_of(stage.pictures, stage.side, patch, data.seed, 0)
    stream = webdataset.WebDataset(str(tar), shardshuffle=False, empty_check=False).shuffle(1000).repeat()
    samples = iter(stream)
    while True:
        yield _packed(list(islice(samples, stage.batch)), collator, frame)


def _packed(samples: list[dict[str, Any]], collator: Collator, frame: Frame) -> Batch:
    pictures = [collator.picture({"image": one["png"]}, frame, "", 0, 0) for one in samples]
    names = tuple(one["__key__"] for one in samples)
    return collator.batch(pictures, [one["txt"].decode() for one in samples], Origin(names, tuple(range(len(names)))))


def _train(data: StageData, run: Path, kind: type[ComposerPretrainModel]) -> Trained:
    """A whole stage with a model of this kind, validation apart."""
    fitted = fit.fit(stage_model(data), data, run, kind)
    return Trained(data.stage.samples / fitted.seconds, fitted.waited)
