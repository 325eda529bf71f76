"""SOURCES.yaml: what people say of the files beside it: licence, confidentiality, language.

Notable:
- `default:` holds for the folder and all folders below it, `files:` for single files by name; the nearest word wins.
- A file that cannot be read is never passed over: what it meant to say may have been "secret".
"""

from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from fabeye.schema import Confidentiality

TAGS_FILE = "SOURCES.yaml"
MOST_BYTES = 2**20  # a longer one is not something a person wrote


class Tags(BaseModel):
    """What is said of one file; "" where nothing is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    licence: str = ""
    confidentiality: Confidentiality | Literal[""] = ""
    language: Literal["en", "zh", "mixed", ""] = ""

    def over(self, wider: "Tags") -> "Tags":
        """These tags, filled up with those of a wider folder."""
        return Tags(**{**wider.model_dump(), **{key: value for key, value in self.model_dump().items() if value}})


class _TagsFile(BaseModel):
    """The content of one SOURCES.yaml."""

    model_config = ConfigDict(extra="forbid")

    default: Tags = Tags()
    files: dict[str, Tags] = {}


class TagReader:
    """The tags of files below one folder; each SOURCES.yaml is read once."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._folders: dict[Path, _Folder] = {}

    def tags_of(self, path: Path) -> tuple[Tags, str]:
        """Tags of a file, and "" or why they are not known, as a sentence for the quarantine."""
        tags, objection = Tags(), ""
        here = path.parent
        while here.is_relative_to(self._top):
            folder = self._folders.setdefault(here, _Folder(here))
            said = folder.content.files.get(path.name, Tags()) if here == path.parent else Tags()
            tags = tags.over(said).over(folder.content.default)
            objection = objection or folder.objection
            here = here.parent
        return tags, objection


class _Folder:
    """One folder's SOURCES.yaml, read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / TAGS_FILE
        self.objection = ""

    @cached_property
    def content(self) -> _TagsFile:
        """What it says; empty where there is none, or where it cannot be read: then `objection` says so."""
        if not self._path.is_file():
            return _TagsFile()
        try:
            if self._path.stat().st_size > MOST_BYTES:
                raise ValueError(f"it has more than {MOST_BYTES} bytes")
            return _TagsFile.model_validate(yaml.safe_load(self._path.read_text(encoding="utf-8")) or {})
        except ValidationError as error:
            first = error.errors()[0]
            why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
            why = " ".join(str(error).split())
        self.objection = f"{self._path.parent.name}/{TAGS_FILE} cannot be understood ({why}); mend it"
        return _TagsFile()
