"""The folder that generated documents were written to, taken up again: its files and the tables of their truth."""

import shutil
from pathlib import Path

from fabeye.schema import OUR_LICENCE, Incoming
from fabeye.synthesis.generate import layer_of
from fabeye.synthesis.writing import NOUNS


def written_documents(folder: Path) -> list[Incoming]:
    """The documents that write_documents wrote to a folder, in order of name; [] where it wrote none there.

    Family and language are said by the files' names; a split is left to whoever takes the files in.
    """
    if not all((folder / table).is_dir() for table in NOUNS):
        return []
    return [
        Incoming(
            path=path,
            name=path.relative_to(folder).as_posix(),
            layer=layer_of(path.parent.name).value,
            family=path.parent.name,
            language=path.stem.removeprefix(f"{path.parent.name}-").split("-")[0],
            split="",
            generated=True,
            licence=OUR_LICENCE,
        )
        for path in sorted((folder / "generated").glob("*/*.pdf"))
    ]


def copy_truth(folder: Path, out: Path) -> None:
    """Put the tables truth, entities and origins of such a folder beside the pages that were read from its files."""
    for table in NOUNS:
        shutil.copytree(folder / table, out / table, dirs_exist_ok=True)
