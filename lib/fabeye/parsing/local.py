"""Teachers that work on this machine, or on a cluster's, in killable processes: they differ in who reads the lines."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from itertools import tee
from typing import Any

from fabeye.engine import run
from fabeye.parsing.picture import VERSION, Seen
from fabeye.parsing.structure import to_elements
from fabeye.parsing.teacher import Failure, Parsed, Raw, Sheet
from fabeye.schema import Page, Source
from fabeye.settings import EngineSettings, ParseSettings


class LocalTeacher(ABC):
    """A teacher (see fabeye.parsing.teacher.Teacher) whose reading is what it has seen on the page."""

    def __init__(self, settings: ParseSettings, engine: EngineSettings):
        self.settings = settings
        self.engine = engine.model_copy(update={"workers": settings.workers})

    @property
    @abstractmethod
    def source(self) -> Source:
        """Under which name its elements go."""

    @abstractmethod
    def task(self) -> Callable[[Any], Raw]:
        """What a worker process does with an item: a function of a module, or a partial of one."""

    @abstractmethod
    def reader(self) -> dict[str, Any]:
        """Who reads the lines, as far as it decides what is read."""

    def item(self, page: Page) -> Any:
        """What of a page is sent to a worker."""
        return page.image

    def parameters(self) -> dict[str, Any]:
        """All that decides what is read."""
        return {**self.reader(), "seen": VERSION}

    def key(self, page: Page) -> bytes:
        """What of a page decides what is read on it."""
        return page.image

    def read(self, pages: Iterable[tuple[str, Page]]) -> Iterator[tuple[str, Raw | Failure]]:
        """What is seen on each page, in the pages' order."""
        pages, again = tee(pages)
        items = (self.item(page) for _, page in pages)
        for (name, _), outcome in zip(again, run(self.task(), items, self.engine), strict=True):
            yield name, outcome.value or Failure(outcome.sentence("the page", self.engine))

    def parse(self, sheet: Sheet, raw: Raw) -> Parsed:
        """Blocks and lines of one page."""
        seen = Seen.from_json(raw)
        elements = to_elements(sheet, seen, self.settings.min_score, self.source)
        return Parsed(elements, cost={"seconds": seen.seconds})
