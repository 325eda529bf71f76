"""What a training stage reads: its plan, its batches, its validation pairs.

Notable:
- One place that knows which setting belongs to which part of fabeye.shards, for training, evaluation and measurement.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fabeye.schema import Split
from fabeye.settings import STAGES, PretrainSettings, StageSettings
from fabeye.shards.batch import Collator
from fabeye.shards.budget import Frame
from fabeye.shards.cache import Place
from fabeye.shards.index import read_index
from fabeye.shards.loader import Samples, TrainLoader, ValidationLoader
from fabeye.shards.plan import Plan, read_plan
from fabeye.shards.store import Store
from fabeye.shards.tokenizer import TOKENIZER, TextTokenizer

from .plan import stage_filling

GIB = 1 << 30
VALIDATION_BATCH = 32  # pairs at once


@dataclass(frozen=True)
class StageData:
    """The data of stage `name`; shards: their folder, work: where they are unpacked unless the settings say where."""

    name: str
    shards: Path
    work: Path
    settings: PretrainSettings

    @property
    def stage(self) -> StageSettings:
        """The stage's own settings."""
        return self.settings.stage(self.name)

    @property
    def seed(self) -> int:
        """Of the stage's draws: a later stage sees the pairs in another order than the one before it."""
        return self.settings.seed + STAGES.index(self.name)

    @cached_property
    def tokenizer(self) -> TextTokenizer:
        """The shards' tokenizer. Raises TokenizerError."""
        return TextTokenizer.load(self.shards / TOKENIZER)

    def plan(self) -> Plan:
        """Which samples each step holds. Raises ShardsError when there are none, or the mixture does not fit them."""
        filling = stage_filling(self.settings, self.name)
        return read_plan(self.shards, self.stage.mixture, filling, self.seed, self.settings.window)

    def train(self, rank: int = 0, ranks: int = 1) -> TrainLoader:
        """Batches of one of `ranks` processes, from the stage's first step on. Raises ShardsError as plan() does."""
        plan, place, data = self.plan(), self._place(), self.settings.data
        place.check(self.shards, plan.names, Split.TRAIN, self.settings.window)
        counts = {source.name: len(source.sizes) for source in plan.sources}
        collator = Collator(self.tokenizer, self.settings.patch, self.max_text, self.settings.augment, self.seed)
        samples = Samples(Store(self.shards, Split.TRAIN, place), collator, counts)
        return TrainLoader(plan, samples, rank, ranks, data.workers, pin=self.settings.device == "cuda")

    def validation(self, at_most: int | None = None, rank: int = 0, ranks: int = 1) -> ValidationLoader:
        """Validation pairs at the stage's side, at most so many. Raises ShardsError when there are none."""
        stage, patch = self.stage, self.settings.patch
        collator, frame = Collator(self.tokenizer, patch, self.max_text), Frame((stage.side // patch) ** 2)
        return ValidationLoader(self.shards, self._place(), collator, frame, VALIDATION_BATCH, at_most, rank, ranks)

    @property
    def max_text(self) -> int:
        """Tokens of the longest text. Raises ShardsError."""
        return read_index(self.shards).max_text

    def _place(self) -> Place:
        data = self.settings.data
        cache = Path(data.cache) if data.cache else self.work / "cache"
        return Place(data.remote or str(self.shards), cache, int(data.cache_gib * GIB))
