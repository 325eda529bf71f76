"""The `fabeye` command: what is not a notebook.

Notable:
- Notebooks, app and this command call the same functions; here are only arguments and messages.
- Every error that we know how to explain is one sentence on stderr and exit code 1; a wrong argument is exit code 2.
- Heavy imports happen inside the commands, so `--help` and shell completion answer at once.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from fabeye.errors import FabeyeError
from fabeye.paths import Paths
from fabeye.settings import CorpusSettings, load_settings
from fabeye.tables import write_json

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__.splitlines()[0])
corpus_app = typer.Typer(no_args_is_help=True, help="Make documents, take files in.")
notebook_app = typer.Typer(no_args_is_help=True, help="Keep notebooks in the form that is committed.")
app.add_typer(corpus_app, name="corpus")
app.add_typer(notebook_app, name="notebook")

Out = Annotated[Path, typer.Option("--out", help="folder that is written")]
Profile = Annotated[str, typer.Option("--profile", help="a profile of conf/")]


@corpus_app.command("generate")
def generate(
    out: Out,
    family: Annotated[str, typer.Option(help="jedec or efa_pfa")] = "jedec",
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    count: Annotated[int, typer.Option(min=1, help="documents")] = 1,
    seed: Annotated[int, typer.Option(help="start of every random draw")] = 0,
) -> None:
    """Write generated documents as PDF files, and what stands on their pages as the table OUT/truth."""
    from fabeye.synthesis.generate import write_documents

    settings = load_settings().corpus
    chosen = {"seed": seed, "languages": [language], "documents": {family: count}}
    changed = CorpusSettings.model_validate(settings.model_dump() | chosen)
    written = write_documents(changed, out / "generated", out / "truth", out)
    typer.echo(f"{len(written)} documents in {out / 'generated'}")


@corpus_app.command("ingest")
def ingest_folder(
    source: Annotated[Path, typer.Argument(help="folder with <general|domain>/<family>/ files", exists=True)], out: Out
) -> None:
    """Take in every file below SOURCE: tables documents, pages and quarantine in OUT."""
    from fabeye.intake.find import find_files
    from fabeye.intake.ingest import ingest

    typer.echo(ingest(find_files(source, source), out, load_settings().corpus))


@app.command("parse")
def parse(
    corpus: Annotated[Path, typer.Argument(help="folder with the tables documents and pages", exists=True)], out: Out
) -> None:
    """Read every page of CORPUS with the teacher: tables elements and quarantine in OUT."""
    from fabeye.parsing.parse import parse_corpus

    typer.echo(parse_corpus(corpus, out, out / "work", load_settings().parse))


@app.command("annotate")
def annotate(port: Annotated[int, typer.Option(help="port on the loopback address")] = 8080) -> None:
    """Start Label Studio with the pages to check; stop it with Ctrl-C."""
    from fabeye.annotation.server import serve

    serve(Paths.here(), port)


@app.command("evaluate")
def evaluate(
    gold: Annotated[Path, typer.Argument(help="gold.json in OmniDocBench's form", exists=True)],
    predictions: Annotated[Path, typer.Argument(help="folder of <image stem>.md files", exists=True)],
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the scores")] = None,
) -> None:
    """Score a folder of Markdown files against a gold set; a missing file counts as empty."""
    from fabeye.evaluation.gold import load_gold
    from fabeye.evaluation.scoring import score_folder

    scores = score_folder(load_gold(gold.parent), predictions)
    _show(scores, out)


@app.command("plan")
def plan(profile: Profile = "cluster", as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """What a profile asks for: parameters, FLOPs, tokens, accelerator hours, checkpoint sizes."""
    from fabeye.training.plan import plan_training

    settings = load_settings(overrides={"profile": profile})
    planned = plan_training(settings.pretrain, settings.shards.vocabulary, settings.shards.max_text)
    if as_json:
        _show(planned.as_dict(), None)
    else:
        typer.echo(planned.as_text())


@app.command("bench")
def bench(out: Annotated[Path | None, typer.Option("--out", help="JSON file for the figures")] = None) -> None:
    """Measure generator, teacher, loader and training step on this machine."""
    from fabeye.bench import measure

    _show(measure(load_settings()), out)


@notebook_app.command("clean")
def clean(
    files: Annotated[list[Path] | None, typer.Argument(help="notebooks; default: all of notebooks/")] = None,
    check: Annotated[bool, typer.Option("--check", help="change nothing, fail if something would change")] = False,
) -> None:
    """Bring notebooks into the one form that is committed: no outputs, no counts, numbered cells."""
    from fabeye.notebook import cleaned_text

    chosen = files or sorted((Paths.here().root / "notebooks").glob("*.ipynb"))
    unclean = [path for path in chosen if path.read_text(encoding="utf-8") != cleaned_text(path)]
    for path in unclean:
        typer.echo(f"{path} is not clean; run `make format`" if check else f"cleaned {path}", err=check)
        if not check:
            path.write_text(cleaned_text(path), encoding="utf-8")
    if unclean and check:
        raise typer.Exit(1)


def main() -> None:
    """Entry point: errors that have a name are one sentence, anything else is a bug and shows its traceback."""
    try:
        app()
    except (FabeyeError, OSError) as error:
        print(f"fabeye: {error}", file=sys.stderr)
        sys.exit(1)


def _show(content: dict[str, object], out: Path | None) -> None:
    if out is None:
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
    else:
        write_json(out, content)
        typer.echo(f"written: {out}")
