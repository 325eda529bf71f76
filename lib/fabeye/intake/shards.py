"""Shards of public pairs, tar and Parquet, taken in batch by batch; a finished shard is never read again.

Notable:
- Each shard's pairs lie in the work folder as a table of their own until all are there.
- A batch that hangs, eats memory or kills its worker is tried again pair by pair, so the one to blame is refused by
  name and its neighbours come in.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby, tee
from pathlib import Path

from fabeye.engine import Outcome, run
from fabeye.intake.pairs import Rules, Taken, index_shard, take_batch
from fabeye.intake.raw_pairs import Batch, Index, Refused
from fabeye.intake.worker import Looked
from fabeye.progress import Progress
from fabeye.schema import Pair, Quarantined
from fabeye.settings import CorpusSettings, EngineSettings
from fabeye.tables import read_table, write_json, write_table

PAIRS_PER_PART = 4096  # a captioned picture has some 20 kB, a tenth of a page
WHOLE_FILE = -1
DONE = "done.json"  # written last: a shard with it is finished
NAME_DIGITS = 16

Work = tuple[Looked, Batch]


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard to take in: name as it stands in the tables, licence for pairs that name none, stage of its refusals."""

    file: Looked
    name: str
    licence: str
    stage: str


@dataclass(frozen=True, slots=True)
class ShardFacts:
    """What came of one shard; left_out: how many pairs for which reason."""

    pairs: int
    left_out: dict[str, int]


class ShardStore:
    """The finished shards in a work folder."""

    def __init__(self, work: Path, settings: CorpusSettings, engine: EngineSettings) -> None:
        self._work, self._engine = work, engine
        self._rules = Rules(**settings.pairs.model_dump(), max_side=settings.max_side)

    def take(self, shards: Sequence[Shard]) -> None:
        """Take in every shard that is not finished yet. Raises OSError when the disk is full."""
        todo = {shard.file.sha256: shard for shard in shards if not (self._folder(shard) / DONE).is_file()}
        progress = Progress("intake: shards of pairs", len(todo))
        flaws: dict[str, str] = {}
        batches, again = tee(self._batches(list(todo.values()), flaws))
        outcomes = run(partial(take_batch, self._rules), batches, self._engine)
        for sha256, group in groupby(zip(again, outcomes, strict=False), key=lambda done: done[0][0].sha256):
            self._keep(todo.pop(sha256), group, flaws)
            progress.advance()
        for shard in todo.values():  # those without a single batch
            self._keep(shard, [], flaws)
            progress.advance()

    def keep_only(self, shards: Sequence[Shard]) -> None:
        """Forget the shards that are not among these, or were taken in by other rules."""
        kept = {self._folder(shard) for shard in shards}
        for folder in sorted(self._work.glob("*")):
            if folder not in kept:
                shutil.rmtree(folder)

    def facts(self, shard: Shard) -> ShardFacts:
        """What came of a finished shard."""
        return ShardFacts(**json.loads((self._folder(shard) / DONE).read_text(encoding="utf-8")))

    def pairs(self, shard: Shard) -> Iterator[Pair]:
        """Pairs of a finished shard."""
        return read_table(self._folder(shard) / "pairs", Pair)

    def refused(self, shard: Shard) -> Iterator[Quarantined]:
        """What was refused of a finished shard."""
        return read_table(self._folder(shard) / "quarantine", Quarantined)

    def _folder(self, shard: Shard) -> Path:
        """Named after the shard's bytes, its name and the rules: other ones are another folder."""
        rules = json.dumps([asdict(self._rules), shard.name, shard.licence])
        fingerprint = hashlib.sha256(rules.encode()).hexdigest()
        return self._work / f"{shard.file.sha256[:NAME_DIGITS]}-{fingerprint[:NAME_DIGITS]}"

    def _batches(self, shards: Sequence[Shard], flaws: dict[str, str]) -> Iterator[Work]:
        """All batches, shard by shard; notes on the way what is wrong with a shard as a whole."""
        files = [shard.file for shard in shards]
        for file, outcome in zip(files, run(index_shard, files, self._engine), strict=True):
            index = outcome.value or Index([], outcome.sentence("listing the shard's members", self._engine))
            if index.flaw:
                flaws[file.sha256] = index.flaw
            yield from ((file, batch) for batch in index.batches)

    def _keep(self, shard: Shard, done: Iterable[tuple[Work, Outcome[Taken]]], flaws: dict[str, str]) -> None:
        folder = self._folder(shard)
        left_out: Counter[str] = Counter()
        refused: list[Quarantined] = []

        def pairs() -> Iterator[Pair]:
            for (_, batch), outcome in done:
                taken = outcome.value or self._one_by_one(shard, batch)
                left_out.update(taken.left_out)
                refused.extend(_quarantined(shard, one) for one in taken.refused)
                yield from (replace(pair, licence=pair.licence or shard.licence) for pair in taken.pairs)

        count = write_table(folder / "pairs", Pair, pairs(), PAIRS_PER_PART)
        if flaw := flaws.get(shard.file.sha256):
            refused.insert(0, Quarantined(path=shard.name, page=WHOLE_FILE, stage=shard.stage, reason=_clean(flaw)))
        write_table(folder / "quarantine", Quarantined, refused)
        write_json(folder / DONE, asdict(ShardFacts(count, dict(sorted(left_out.items())))))

    def _one_by_one(self, shard: Shard, batch: Batch) -> Taken:
        """The pairs of a batch that failed as a whole, each on its own."""
        whole = Taken()
        singles = batch.singles()
        works = [(shard.file, single) for single in singles]
        for single, outcome in zip(singles, run(partial(take_batch, self._rules), works, self._engine), strict=True):
            if outcome.value is None:
                whole.refused.append(Refused(*single.begins(), outcome.sentence("the picture", self._engine)))
            else:
                whole.pairs += outcome.value.pairs
                whole.refused += outcome.value.refused
                whole.left_out += outcome.value.left_out
        return whole


def _quarantined(shard: Shard, refused: Refused) -> Quarantined:
    reason = _clean(f"{refused.key}: {refused.reason}")
    return Quarantined(path=shard.name, page=refused.place, stage=shard.stage, reason=reason)


def _clean(text: str) -> str:
    """In one line, and without what a table cannot hold."""
    return " ".join(text.split()).encode("utf-8", errors="replace").decode("utf-8")
