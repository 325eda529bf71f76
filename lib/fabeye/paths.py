"""Where everything lies, in one place; every other module takes its folders as arguments."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fabeye.errors import FabeyeError


class OutsideProjectError(FabeyeError):
    """A command was called outside a clone of the project."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders of one project, all below `root`."""

    root: Path

    @classmethod
    def here(cls, start: Path | None = None) -> "Paths":
        """The project at or above `start` (default: the working folder), known by its dvc.yaml.

        Raises OutsideProjectError when there is none.
        """
        folder = (start or Path.cwd()).resolve()
        for candidate in (folder, *folder.parents):
            if (candidate / "dvc.yaml").is_file():
                return cls(candidate)
        raise OutsideProjectError(f"{folder} is not in a fabeye project (no dvc.yaml here or above); go to a clone")

    @property
    def raw(self) -> Path:
        """Files people bring: raw/<general|domain>/<family>/."""
        return self.root / "data" / "raw"

    @property
    def corpus(self) -> Path:
        """Documents and pages as they came, the generator's truth, the quarantine: may hold what must not leave."""
        return self.root / "data" / "corpus"

    @property
    def curated(self) -> Path:
        """The corpus without sensitive things and near-duplicates: what every later stage sees."""
        return self.root / "data" / "curated"

    @property
    def parses(self) -> Path:
        """What the teacher read on every page."""
        return self.root / "data" / "parses"

    @property
    def gold(self) -> Path:
        """gold.json in OmniDocBench's form, and its images."""
        return self.root / "data" / "gold"

    @property
    def exports(self) -> Path:
        """Annotations exported from Label Studio."""
        return self.root / "annotation" / "exports"

    @property
    def frozen(self) -> Path:
        """Hashes of the frozen evaluation set's documents."""
        return self.root / "annotation" / "gold-v1.0.json"

    @property
    def baseline(self) -> Path:
        """What the teacher makes of the gold set."""
        return self.root / "data" / "baseline"

    @property
    def shards(self) -> Path:
        """MDS shards, one folder a source, and the tokenizer."""
        return self.root / "data" / "shards"

    @property
    def checkpoints(self) -> Path:
        """The finished weights, one folder a training stage."""
        return self.root / "data" / "checkpoints"

    @property
    def pretrained(self) -> Path:
        """Weights that come with the project or that people bring, one folder each."""
        return self.root / "data" / "pretrained"

    @property
    def public(self) -> Path:
        """Public benchmarks that people bring, one folder each."""
        return self.root / "data" / "public"

    @property
    def benchmarks(self) -> Path:
        """What the encoders and the teacher make of the public benchmarks."""
        return self.root / "data" / "benchmarks"

    @property
    def evaluation(self) -> Path:
        """What the encoders make of the gold set."""
        return self.root / "data" / "evaluation"

    @property
    def experiments(self) -> Path:
        """Weights of trials, one folder an arm and seed."""
        return self.root / "data" / "experiments"

    @property
    def trials(self) -> Path:
        """What trials have measured, one file an arm and seed."""
        return self.reports / "experiments"

    @property
    def work(self) -> Path:
        """Half-finished work that a rerun takes up again; may be deleted at any time."""
        return self.root / "data" / "work"

    @property
    def redaction_key(self) -> Path:
        """Key of the placeholders where the environment brings none; for this machine's eyes only."""
        return self.work / "redaction.key"

    @property
    def reports(self) -> Path:
        """Metrics, plots, executed notebooks and the report."""
        return self.root / "reports"


def file_sha256(path: Path) -> str:
    """The file's sha256 in hex digits, read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
