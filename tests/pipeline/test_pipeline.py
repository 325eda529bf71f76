"""The whole graph, as a user runs it: `dvc repro` with the smoke profile in a clone of its own.

The first run is left alone; a second one, in another clone, is killed again and again and must end with the same
dvc.lock. Every other test looks at what the first run left.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
import torch
import yaml
from moto.server import ThreadedMotoServer
from PIL import Image, ImageDraw, ImageFont

from fabeye.paths import Paths
from fabeye.schema import Document, Page, Quarantined
from fabeye.settings import STAGES
from fabeye.tables import read_columns, read_table

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHROMIUM = shutil.which("chromium")
KILLS = 6  # times the second run is killed before it may finish

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


def environment(clone: Path) -> dict[str, str]:
    ours = {"PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONPATH": f"{clone / 'lib'}:{clone}"}
    return os.environ | ours | {"FABEYE_REDACT_KEY": "the same in every run"}


@contextmanager
def s3_server() -> Iterator[str]:
    """A real S3 API on a free loopback port, with the bucket `fabeye`; gives its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=endpoint, **keys).create_bucket(Bucket="fabeye")
    try:
        yield endpoint
    finally:
        server.stop()


def run(clone: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=clone, env=environment(clone), capture_output=True, text=True, timeout=1200)
    assert not check or done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done


def make_clone(folder: Path, profile: str = "smoke") -> Path:
    """The working tree's own files, committed in a repository of their own, set to a small profile."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and name != "dvc.lock" and not name.startswith("reports/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    params = (folder / "params.yaml").read_text()
    (folder / "params.yaml").write_text(params.replace("profile: cpu", f"profile: {profile}", 1))
    identity = (["config", "user.name", "A Test"], ["config", "user.email", "test@localhost"])
    for command in (["init", "-q"], *identity, ["add", "-A"], ["commit", "-qm", "clone"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def bring_files(clone: Path) -> None:
    """What people drop into data/raw: a good scan with a Chinese name, and three files that cannot be read."""
    folder = clone / "data" / "raw" / "domain" / "process"
    folder.mkdir(parents=True)
    page = Image.new("RGB", (900, 400), "white")
    ImageDraw.Draw(page).text((60, 60), "Etch step 42: 38 nm, 65 °C", "black", ImageFont.load_default(36))
    page.save(folder / "蚀刻 工艺 手册.png", dpi=(150, 150))
    (folder / "truncated.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "letter.docx").write_bytes(b"not a page at all")
    Image.new("1", (30000, 10)).save(folder / "huge.png")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which `dvc repro` has run once, undisturbed."""
    made = make_clone(tmp_path_factory.mktemp("first"))
    bring_files(made)
    run(made, "dvc", "repro")
    return made


def test_a_second_run_does_nothing_and_says_so(clone: Path) -> None:
    started = time.monotonic()
    assert "up to date" in run(clone, "dvc", "repro").stdout
    assert time.monotonic() - started < 20


def test_every_brought_file_is_accounted_for(clone: Path) -> None:
    paths = Paths(clone)
    taken = {document.path for document in read_table(paths.corpus / "documents", Document)}
    refused = {row.path: row.reason for row in read_table(paths.corpus / "quarantine", Quarantined)}
    assert "data/raw/domain/process/蚀刻 工艺 手册.png" in taken
    assert {Path(path).name for path in refused} == {"truncated.pdf", "letter.docx", "huge.png"}
    assert "30000" in refused["data/raw/domain/process/huge.png"]
    assert all(reason for reason in refused.values())


def test_every_page_is_read_or_quarantined(clone: Path) -> None:
    paths = Paths(clone)
    pages = set(read_columns(paths.curated / "pages", "page_id")["page_id"].to_pylist())
    documents = list(read_table(paths.curated / "documents", Document))
    read = set(read_columns(paths.parses / "elements", "page_id")["page_id"].to_pylist())
    assert len(pages) == sum(document.pages for document in documents)
    assert read <= pages
    assert len(pages - read) <= 1, "only a page without any text has no element"


def test_no_gold_page_is_trained_on(clone: Path) -> None:
    paths = Paths(clone)
    gold = {page["page_info"]["image_path"] for page in json.loads((paths.gold / "gold.json").read_text())}
    splits = {document.document_id: document.split for document in read_table(paths.curated / "documents", Document)}
    assert gold
    assert all(splits[Path(name).name.split("-")[0]] == "gold" for name in gold)


@pytest.mark.parametrize("stage", STAGES)
def test_validation_loss_falls_in_each_stage(clone: Path, stage: str) -> None:
    metrics = json.loads((clone / "reports" / "metrics" / f"pretrain_{stage}.json").read_text())
    assert metrics["validation_last"]["total"] < metrics["validation_first"]["total"]


def test_dvc_shows_metrics_and_plots(clone: Path) -> None:
    shown = json.loads(run(clone, "dvc", "metrics", "show", "--json").stdout)
    assert {"baseline.json", "evaluate.json", *(f"pretrain_{stage}.json" for stage in STAGES)} <= {
        Path(name).name for name in shown[""]["data"]
    }
    run(clone, "dvc", "plots", "show", "-o", "shown")
    page = (clone / "shown" / "index.html").read_text()
    assert all(f"pretrain_{stage}_validation.csv" in page for stage in STAGES)
    assert all(f"{name}.csv" in page for name in ("reading", "probes", "losses", "standing", "pages"))


def test_the_report_stands_alone(clone: Path, fetched: Callable[[str], list[str]]) -> None:
    page = (clone / "reports" / "index.html").read_text()
    assert not [source for source in fetched(page) if source.startswith(("http", "//"))]
    assert "truncated.pdf" in page, "the quarantine is shown"
    assert all(stage in page for stage in STAGES)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine to show a page")
@pytest.mark.parametrize("page", ["index.html", "notebooks/01_corpus.html", "notebooks/07_pretrain-base.html"])
def test_a_browser_draws_the_figures(clone: Path, tmp_path: Path, page: str) -> None:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    profile = f"--user-data-dir={tmp_path}"
    shown = run(
        clone,
        CHROMIUM,
        *flags,
        profile,
        "--virtual-time-budget=15000",
        "--dump-dom",
        (clone / "reports" / page).as_uri(),
    )
    assert 'class="main-svg"' in shown.stdout, "plotly has drawn"


def test_push_and_pull_through_s3(clone: Path, tmp_path: Path) -> None:
    with s3_server() as endpoint:
        run(clone, "dvc", "remote", "add", "-f", "-d", "store", "s3://fabeye/cache")
        for key, value in {"endpointurl": endpoint, "access_key_id": "x", "secret_access_key": "x"}.items():
            run(clone, "dvc", "remote", "modify", "--local", "store", key, value)
        run(clone, "dvc", "push")
        other = tmp_path / "other"
        shutil.copytree(
            clone,
            other,
            ignore=shutil.ignore_patterns("cache", "corpus", "curated", "parses", "checkpoints", "shards", "work"),
        )
        run(other, "dvc", "pull", "--allow-missing")
    assert not (other / "data" / "corpus" / "pages").exists(), "pages as they came never leave the machine"
    for out in ("curated/pages/manifest.json", "checkpoints/native/model.safetensors", "shards/tokenizer.json"):
        assert (other / "data" / out).read_bytes() == (clone / "data" / out).read_bytes()


def test_an_experiment_changes_one_number(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "experiment"
    shutil.copytree(clone, other)
    run(other, "git", "add", "-A")
    run(other, "git", "commit", "-qm", "ran")
    done = run(other, "dvc", "exp", "run", "--single-item", "-S", "pretrain.base.alpha=0.2", "pretrain@base")
    assert "07_pretrain" in done.stdout
    assert yaml.safe_load((other / "params.yaml").read_text())["pretrain"]["base"]["alpha"] == 0.2
    assert "# weight of the pixel loss" in (other / "params.yaml").read_text(), "comments survive"
    weights = "data/checkpoints/base/model.safetensors"
    assert (other / weights).read_bytes() != (clone / weights).read_bytes()
    assert "pretrain@base" not in run(other, "dvc", "status").stdout


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the GPU that the profile asks for")
def test_a_missing_gpu_is_one_sentence(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "gpu"
    shutil.copytree(clone, other)
    done = run(other, "dvc", "exp", "run", "--single-item", "-S", "profile=gpu", "pretrain@base", check=False)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "notebooks/07_pretrain.ipynb, cell" in said
    assert "GPU" in said
    assert "Traceback" not in said


def test_nothing_to_read_is_one_sentence(tmp_path: Path) -> None:
    empty = make_clone(tmp_path)
    conf = empty / "conf" / "smoke.yaml"
    conf.write_text(re.sub(r"(jedec|efa_pfa|process|design|general): \d+", r"\1: 0", conf.read_text()))
    done = run(empty, "dvc", "repro", "corpus", check=False)
    assert done.returncode != 0
    assert "data/raw" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a disk that is full")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    clone = make_clone(tmp_path)
    (clone / "data" / "corpus").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(clone / "data" / "corpus")])
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        done = run(clone, "python", "-m", "fabeye.notebook", "01_corpus", "corpus", check=False)
    finally:
        subprocess.run(["umount", str(clone / "data" / "corpus")], check=True)
    assert done.returncode != 0
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(clone: Path, tmp_path: Path) -> None:
    """Kill -9 the whole process tree at random moments, run again, compare dvc.lock: floats included.

    Stages are compared by name: dvc writes them in the order in which they ended, and independent ones may swap.
    """
    second = make_clone(tmp_path)
    bring_files(second)
    moments = random.Random(11)
    for _ in range(KILLS):
        process = subprocess.Popen(
            ["dvc", "repro"],
            cwd=second,
            env=environment(second),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(timeout=moments.uniform(8, 35))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    run(second, "dvc", "repro")
    undisturbed = yaml.safe_load((clone / "dvc.lock").read_text())
    assert yaml.safe_load((second / "dvc.lock").read_text()) == undisturbed


def test_tables_hold_the_pages_they_promise(clone: Path) -> None:
    for page in read_table(Paths(clone).curated / "pages", Page):
        assert page.image.startswith(b"\x89PNG")
        assert page.width > 0
        assert page.height > 0
