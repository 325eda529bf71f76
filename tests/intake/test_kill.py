"""kill -9 at random moments: the tables are those of an undisturbed run, and no finished page is read twice."""

import io
import random
import subprocess
import sys
import tarfile
import textwrap
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from fabeye.intake.ledger import FILE, Ledger

READ_BEFORE_A_KILL = (0, 3, 11, 20, 16, 0)  # parts; about all of them, so the last kills come among pairs and tables
LONGEST_REST_S = 0.4
RUN = """
import sys
from pathlib import Path
from fabeye.intake import ingest as module
from fabeye.intake.find import find_files
from fabeye.settings import EngineSettings, load_settings
import noting_reader

module.read_part = noting_reader.read_part
root = Path({root!r})
settings = load_settings(Path({project!r})).corpus.model_copy(update={{"dpi": 72}})
engine = EngineSettings(engine="processes", workers=2, seconds=60, mib=4096)
out, work = root / sys.argv[1], root / (sys.argv[1] + ".work")
print(module.ingest(find_files(root / "raw", root), out, work, settings, engine))
"""
READER = """
import os, time
from pathlib import Path
from fabeye.intake.worker import Part, read_part as good

def read_part(part: Part) -> object:
    read = good(part)
    with open(Path(__file__).with_name("read.log"), "a") as log:
        log.write(f"{part.file.sha256} {part.number}\\n")
    time.sleep(0.05)
    return read
"""


def make(raw: Path) -> None:
    """Four PDFs of twelve pages, one of them spoilt, and two shards of pairs."""
    rng = random.Random(3)
    for name in "abcd":
        pdf = pikepdf.new()
        for _ in range(12):
            pdf.add_blank_page(page_size=(rng.randint(50, 90), rng.randint(50, 90)))
        pdf.pages[3].MediaBox = [0, 0, 1e9, 9]
        (raw / "domain/f").mkdir(parents=True, exist_ok=True)
        pdf.save(raw / f"domain/f/{name}.pdf")
    (raw / "domain/f/broken.pdf").write_bytes(b"%PDF-1.4")
    (raw / "general/g").mkdir(parents=True)
    for shard in range(2):
        with tarfile.open(raw / f"general/g/{shard}.tar", "w") as archive:
            for number in range(100):
                buffer = io.BytesIO()
                Image.frombytes("L", (70, 70), rng.randbytes(4900)).save(buffer, "JPEG")
                for suffix, content in (("jpg", buffer.getvalue()), ("txt", b"a caption of some words")):
                    info = tarfile.TarInfo(f"{number:04d}.{suffix}")
                    info.size = len(content)
                    archive.addfile(info, io.BytesIO(content))


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    make(tmp_path / "raw")
    (tmp_path / "noting_reader.py").write_text(READER)
    (tmp_path / "run.py").write_text(textwrap.dedent(RUN).format(root=str(tmp_path), project=str(project())))
    log = tmp_path / "read.log"
    assert run(tmp_path, "whole").wait() == 0
    rng = random.Random(17)
    for parts in READ_BEFORE_A_KILL:
        known = kept(tmp_path / "killed.work")
        log.write_text("")
        process = run(tmp_path, "killed")
        while process.poll() is None and len(log.read_text().splitlines()) < parts:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, LONGEST_REST_S))
        process.kill()
        process.wait()
        time.sleep(LONGEST_REST_S)  # its workers die with it, a moment later
        assert not known & set(log.read_text().splitlines())
    assert run(tmp_path, "killed").wait() == 0
    for path in sorted((tmp_path / "whole").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "killed" / path.relative_to(tmp_path / "whole")).read_bytes(), path.name
    assert len(kept(tmp_path / "killed.work")) == 4 * 13


def project() -> Path:
    return Path(__file__).resolve().parents[2]


def run(root: Path, out: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, str(root / "run.py"), out], cwd=root, stdout=subprocess.DEVNULL)


def kept(work: Path) -> set[str]:
    """Parts in the ledger, as the log names them."""
    if not (work / FILE).exists():
        return set()
    with Ledger(work) as ledger:
        rows = ledger._database.execute("SELECT file, number FROM parts").fetchall()
    return {f"{file.partition(' ')[0]} {number}" for file, number in rows}
