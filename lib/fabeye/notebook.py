"""The one way a notebook is run, and the one form in which it is kept.

Notable:
- `python -m fabeye.notebook 01_corpus corpus` executes notebooks/01_corpus.ipynb with the resolved section `corpus`,
  nothing else. A parameter that the notebook does not declare, or a section that params.yaml does not have, is an
  error that names it (Papermill alone only warns).
- The executed notebook becomes reports/notebooks/<name>.html; the source is never written to.
- `clean` brings a notebook into the one form that does not depend on who opened it last: no outputs, no counts, no
  language_info, numbered cell ids. A stage depends on these bytes.
- A run killed hard may leave a kernel behind for a second; the lock makes the next run wait instead of racing it.
"""

import argparse
import fcntl
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from fabeye.errors import FabeyeError
from fabeye.paths import Paths
from fabeye.settings import Settings, SettingsError, load_settings

KERNEL = "python3"
KERNEL_START = 600  # seconds that a kernel may take to answer: a busy machine is no fault
REMOTE_SCRIPT = re.compile(r'<script\b[^>]*\bsrc="https?://[^"]*"[^>]*></script>')
DISK_FULL = "No space left on device"


class NotebookError(FabeyeError):
    """A notebook cannot be run or has failed; the text names the notebook, and the cell if there is one."""


def run_notebook(name: str, sections: list[str], extra: dict[str, str], root: Path | None = None) -> Path:
    """Execute notebooks/<name>.ipynb and return the HTML it became.

    sections: sections of params.yaml that the notebook receives, fully resolved, as dictionaries.
    extra: further parameters, such as {"stage": "base"}; their values end the report's name: 07_pretrain-base.html.
    Raises NotebookError (which names notebook, cell and last line) and SettingsError.
    """
    root = root or Paths.here().root
    source = root / "notebooks" / f"{name}.ipynb"
    parameters = _parameters(source, sections, extra, load_settings(root))
    report = root / "reports" / "notebooks" / ("-".join([name, *extra.values()]) + ".html")
    with _only_one(root / "data" / "work" / "locks" / f"{report.stem}.lock"), tempfile.TemporaryDirectory() as folder:
        executed = Path(folder) / source.name
        try:
            _execute(source, executed, parameters, root)
        except PapermillExecutionError as error:
            _export(executed, report)
            raise NotebookError(_explain(source, error, report, root)) from None
        _export(executed, report)
    return report


def clean(notebook: NotebookNode) -> NotebookNode:
    """The same notebook without any trace of having been opened or run; cleaning twice changes nothing more."""
    for index, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{index:02d}"
        tags = cell.metadata.get("tags")
        cell.metadata = NotebookNode({"tags": tags}) if tags else NotebookNode()
        if not cell.get("attachments"):
            cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    spec = NotebookNode({"display_name": KERNEL, "language": "python", "name": KERNEL})
    notebook.metadata = NotebookNode({"kernelspec": spec})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def cleaned_text(path: Path) -> str:
    """What the file at `path` should say. Raises NotebookError when it is not a notebook."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path} is not a notebook: {str(error).splitlines()[0]}") from error
    return nbformat.writes(clean(notebook)) + "\n"


def _parameters(source: Path, sections: list[str], extra: dict[str, str], settings: Settings) -> dict[str, Any]:
    if not source.is_file():
        known = ", ".join(sorted(path.stem for path in source.parent.glob("*.ipynb")))
        raise NotebookError(f"there is no notebook {source.name}; notebooks/ has {known}")
    for section in sections:
        if section not in Settings.model_fields:
            raise SettingsError(f"params.yaml has no section {section!r}, which {source.name} was to receive")
    declared = papermill.inspect_notebook(str(source))
    for name in [*sections, *extra]:
        if name not in declared:
            raise NotebookError(f"{source.name} declares no parameter {name!r}; its parameters cell has {[*declared]}")
    return {name: getattr(settings, name).model_dump(mode="json") for name in sections} | extra


class LocalKernelManager(AsyncKernelManager):
    """Talks to the kernel over sockets in a private folder, not over TCP that any local user could listen to."""

    transport = "ipc"


def _execute(source: Path, executed: Path, parameters: dict[str, Any], root: Path) -> None:
    # The kernel must be this environment's, whatever "python3" a user has registered elsewhere.
    os.environ["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")
    os.environ["JUPYTER_RUNTIME_DIR"] = str(executed.parent)
    os.environ["PLOTLY_RENDERER"] = "notebook"
    # Threads that wait should sleep: on shared cores, spinning ones cost a training step five times its time.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    papermill.execute_notebook(
        str(source),
        str(executed),
        parameters=parameters,
        kernel_name=KERNEL,
        language="python",
        cwd=str(root),
        start_timeout=KERNEL_START,
        progress_bar=False,
        stdout_file=sys.stdout,
        stderr_file=sys.stderr,
        kernel_manager_class=LocalKernelManager,
    )


def _export(executed: Path, report: Path) -> None:
    # An executed notebook must open on a machine without internet: what is not inside the page is left out.
    exporter = HTMLExporter(mathjax_url="", require_js_url="", jquery_url="", mermaid_js_url="")
    body, _ = exporter.from_filename(str(executed))
    body = REMOTE_SCRIPT.sub("", body)
    report.parent.mkdir(parents=True, exist_ok=True)
    draft = report.with_name(report.name + ".draft")
    draft.write_text(body, encoding="utf-8")
    os.replace(draft, report)


def _explain(source: Path, error: PapermillExecutionError, report: Path, root: Path) -> str:
    last = f"{error.ename}: {error.evalue}".strip().splitlines()[-1]
    if DISK_FULL in last:
        last = "the disk is full; free some space and run the same command again, finished work is kept"
    where = f"{source.relative_to(root)}, cell {error.cell_index + 1}"
    return f"{where}: {last}\nThe notebook up to that cell: {report.relative_to(root)}"


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another run of {path.stem} has not ended yet; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """Command line of the runner; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fabeye.notebook", description="Run one notebook as a stage.")
    parser.add_argument("name", help="notebook in notebooks/, without .ipynb")
    parser.add_argument("sections", nargs="*", help="sections of params.yaml that it receives")
    parser.add_argument("--set", dest="extra", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args(arguments)
    try:
        extra = dict(item.split("=", 1) for item in given.extra)
        print(f"executed: {run_notebook(given.name, given.sections, extra)}", flush=True)
    except FabeyeError as error:
        print(f"fabeye: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"fabeye: {DISK_FULL if DISK_FULL in str(error) else error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
