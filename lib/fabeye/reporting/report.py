"""reports/index.html: one page with everything, for whoever was not here.

Notable:
- One file that works offline: plotly.js, figures and pictures are inside it, and nothing is ever fetched.
- Text of documents is hostile. Jinja escapes it, and the page's own security policy runs two scripts, known by
  their hashes, and nothing else: a `<script>` in a table cell would stay text even if escaping failed.
- The same inputs give the same bytes: no date, no random ids, no absolute path.
- A section whose inputs are missing says so and names the command; the others are not held up.
"""

import base64
import hashlib
import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from fabeye.paths import Paths
from fabeye.reporting import curation, sections
from fabeye.reporting.benchmarks import benchmarks
from fabeye.reporting.experiments import experiments
from fabeye.reporting.inputs import ReportError
from fabeye.reporting.page_sections import whole_pages
from fabeye.reporting.published import published
from fabeye.reporting.theme import FONT_STACK, MONO_STACK
from fabeye.settings import Settings

TEMPLATES = Path(str(files("fabeye.reporting") / "templates"))


def write_report(root: Path, settings: Settings) -> Path:
    """Write reports/index.html of the project at `root` from what its stages made; returns the path."""
    paths = Paths(root)
    content = {
        "summary": sections.summary(paths, settings),
        "documents": _attempt(root, lambda: sections.documents(paths, settings.report.pages)),
        "card": _attempt(root, lambda: curation.data_card(paths.curated)),
        "redaction": _attempt(root, lambda: curation.redaction(paths.curated)),
        "quarantine": _attempt(root, lambda: sections.quarantine(paths)),
        "training": _attempt(root, lambda: sections.training(paths)),
        "baseline": _attempt(root, lambda: sections.baseline(paths, settings)),
        "comparison": _attempt(root, lambda: sections.comparison(paths)),
        "pages": _attempt(root, lambda: whole_pages(paths, settings.evaluate, settings.report.worst)),
        "readings": _attempt(root, lambda: sections.readings(paths, settings.report.readings)),
        "published": _attempt(root, lambda: published(paths, settings.evaluate, settings.report.readings)),
        "benchmarks": _attempt(root, lambda: benchmarks(paths)),
        "experiments": _attempt(root, lambda: experiments(paths)),
        "parameters": sections.parameters(settings),
        "software": sections.software(),
        "notebooks": sections.notebooks(paths),
    }
    return _write(paths.reports / "index.html", _rendered(content))


def _attempt(root: Path, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A section's content, or a note that says what is missing, with paths as the reader of the page knows them."""
    try:
        return {"note": "", **build()}
    except ReportError as error:
        return {"note": str(error).replace(f"{root}{os.sep}", "")}


def _rendered(content: dict[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure_json"] = figure_json
    scripts = [get_plotlyjs(), (TEMPLATES / "figures.js").read_text(encoding="utf-8")]
    return environment.get_template("report.html.j2").render(
        **content,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        fonts=Markup(FONT_STACK),
        mono=Markup(MONO_STACK),
        scripts=[Markup(script) for script in scripts],
        hashes=Markup(" ".join(_source_hash(script) for script in scripts)),
    )


def figure_json(figure: go.Figure) -> Markup:
    """A figure as JSON that is safe between script tags: `<` is written as an escape, so no tag can end there."""
    return Markup(figure.to_json().replace("<", "\\u003c"))


def _source_hash(script: str) -> str:
    """How a content security policy names a script it lets run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
    return path
