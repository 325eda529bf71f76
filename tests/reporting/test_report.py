"""The report: complete, self-contained, deaf to hostile text, the same bytes each time."""

import base64
import hashlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fabeye.reporting.report import write_report
from fabeye.settings import STAGES, Settings, load_settings
from tests.reporting.tiny_project import HOSTILE, HOSTILE_FAMILY

SECTIONS = {
    "summary",
    "documents",
    "card",
    "redaction",
    "quarantine",
    "training",
    "baseline",
    "comparison",
    "pages",
    "readings",
    "parameters",
    "software",
    "notebooks",
}


class Tags(HTMLParser):
    """Collects what a browser would make of the page: ids, addresses, the scripts it would run, the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self.policy = ""
        self._script = False
        self._data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "poster")
        ]
        self._script = tag == "script" and found.get("type") is None
        self._data = tag in ("script", "style")
        if self._script:
            self.scripts.append("")
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._script = self._data = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[-1] += data
        elif not self._data:
            self.texts.append(data)


def parsed(path: Path) -> Tags:
    tags = Tags()
    tags.feed(path.read_text(encoding="utf-8"))
    return tags


@pytest.fixture(scope="module")
def settings(project: Path) -> Settings:
    return load_settings(project)


@pytest.fixture(scope="module")
def report(project: Path, settings: Settings) -> Path:
    return write_report(project, settings)


@pytest.fixture(scope="module")
def tags(report: Path) -> Tags:
    return parsed(report)


def test_every_section_is_there(report: Path, tags: Tags, project: Path) -> None:
    assert report == project / "reports" / "index.html"
    assert set(tags.ids) >= SECTIONS
    text = " ".join(tags.texts)
    for heading in ("概要", "数据卡", "脱敏", "隔离", "训练", "基线", "识读示例", "参数"):
        assert heading in text


def test_nothing_comes_from_outside(tags: Tags) -> None:
    assert tags.addresses
    for address in tags.addresses:
        assert address.startswith(("data:image/", "#", "notebooks/")), address[:80]


def test_two_known_scripts_run_and_hostile_text_stays_text(tags: Tags) -> None:
    assert len(tags.scripts) == 2
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in tags.scripts]
    assert re.findall(r"'sha256-([^']+)'", tags.policy) == hashes
    assert "default-src 'none'" in tags.policy
    text = "".join(tags.texts)
    assert HOSTILE in text
    assert HOSTILE_FAMILY in text


def test_two_writes_give_the_same_bytes(report: Path, project: Path, settings: Settings) -> None:
    before = report.read_bytes()
    assert write_report(project, settings).read_bytes() == before


def test_the_place_of_the_project_is_not_in_the_report(
    report: Path, project: Path, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = Path(shutil.copytree(project, tmp_path / "elsewhere"))
    assert write_report(elsewhere, settings).read_bytes() == report.read_bytes()
    shutil.rmtree(elsewhere / "data" / "curated")
    assert str(tmp_path) not in write_report(elsewhere, settings).read_text(encoding="utf-8")


def test_ticks_and_crosses_follow_the_losses(tags: Tags) -> None:
    text = "".join(tags.texts)
    assert text.count("✗ no") == len(STAGES)  # the image loss rose in every stage
    assert text.count("✓ yes") == 2 * len(STAGES)
    assert "fell in 3 of 3" in text
    assert "from 0.900 (v0.5) to 0.600 (v1.0); RapidOCR's is 0.070" in text


def test_the_teachers_cost_and_worst_pages_are_shown(tags: Tags) -> None:
    text = " ".join("".join(tags.texts).split())
    assert "tokens_out1234617.00" in text
    assert "seconds30" not in text, "what the clock says differs from run to run, and the report must not"
    assert "The pages that the teacher read worst" in text
    assert text.count("JESD79 Tim") >= 2


def test_the_card_and_what_leaked_are_told(tags: Tags) -> None:
    text = " ".join("".join(tags.texts).split())
    assert "6 of 8 pages passed as they are, 9 things were hidden on the others, 1 pages could not be cleaned" in text
    assert "11 of 12 painted boxes hide something sensitive" in text
    assert "pixels 像素" in text


def test_only_notebooks_that_exist_are_linked(tags: Tags) -> None:
    assert [address for address in tags.addresses if address.startswith("notebooks/")] == ["notebooks/01_corpus.html"]


def test_all_parameters_are_shown(tags: Tags, settings: Settings) -> None:
    text = "".join(tags.texts)
    assert f"vocabulary: {settings.shards.vocabulary}" in text
    assert f"profile: {settings.profile}" in text


def test_an_empty_project_has_a_report_that_says_what_to_run(settings: Settings, tmp_path: Path) -> None:
    text = "".join(parsed(write_report(tmp_path, settings)).texts)
    for command in ("dvc repro", "dvc repro baseline", "dvc repro evaluate", "dvc repro pretrain@base"):
        assert f"run `{command}`" in text


def test_a_damaged_input_leaves_the_other_sections_alone(own_project: Path, settings: Settings) -> None:
    (own_project / "reports/metrics/evaluate.json").write_text("[1]")
    (own_project / "reports/metrics/baseline.json").write_text('{"text_edit": {"all": "NaN"}, "region_cer": 3}')
    text = "".join(parsed(write_report(own_project, settings)).texts)
    assert "evaluate.json does not hold named numbers" in text
    assert "Pages with their boxes" in text
    assert "Evenly spread from the best-read region" in text
