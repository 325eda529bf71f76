"""What is used of Streaming: the writer and the reader of MDS shards, and the stream that fetches them.

Notable:
- `import streaming` loads all of its example datasets and with them transformers: many seconds at the start of every
  stage and of every worker. Here its modules are loaded below hollow packages, which are taken away again, so whoever
  imports `streaming` later gets the whole of it.
- Only what stands here of Streaming is used. Its dataset, with its own order, state and shared memory, is not.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

PACKAGES = ("streaming", "streaming.base")


@contextmanager
def _hollow_packages() -> Iterator[None]:
    hollow = []
    for name in PACKAGES:
        if name not in sys.modules:
            spec = find_spec(name)
            if spec is None:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            package = ModuleType(name)
            package.__path__ = list(spec.submodule_search_locations or ())
            sys.modules[name] = package
            hollow.append(name)
    try:
        yield
    finally:
        for name in hollow:
            del sys.modules[name]


with _hollow_packages():
    from streaming.base.format.mds.reader import MDSReader
    from streaming.base.format.mds.writer import MDSWriter
    from streaming.base.stream import Stream

__all__ = ["MDSReader", "MDSWriter", "Stream"]
