"""The `fabeye` command: what is not a notebook.

Notable:
- Notebooks, app and this command call the same functions; here are only arguments and messages.
- Every error that we know how to explain is one sentence on stderr and exit code 1; a wrong argument is exit code 2.
- Heavy imports happen inside the commands, so `--help` and shell completion answer at once.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer
from typer.core import TyperGroup

from fabeye.cli_model import model_app
from fabeye.errors import FabeyeError
from fabeye.paths import Paths
from fabeye.settings import CorpusSettings, load_settings
from fabeye.tables import write_json


class _PagesFirst(TyperGroup):
    """`evaluate GOLD PREDICTIONS`, options before or behind, means `evaluate pages GOLD PREDICTIONS`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where none of the commands is named first, nor help asked for."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["pages", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__.splitlines()[0])
corpus_app = typer.Typer(no_args_is_help=True, help="Make documents, take files in.")
gold_app = typer.Typer(no_args_is_help=True, help="The frozen evaluation set: make it, check it.")
notebook_app = typer.Typer(no_args_is_help=True, help="Keep notebooks in the form that is committed.")
PROVENANCE = "provenance"
OTHER_FORMS = (
    "This is what `evaluate GOLD PREDICTIONS` writes. `evaluate tables`, `cdm`, `olmocr` and `verdict` write forms of "
    "their own, each with this one's `provenance`."
)
evaluate_app = typer.Typer(cls=_PagesFirst, no_args_is_help=True, help="Score predictions against a gold set.")
app.add_typer(corpus_app, name="corpus")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(gold_app, name="gold")
app.add_typer(model_app, name="model")
app.add_typer(notebook_app, name="notebook")

Family = Literal["jedec", "efa_pfa", "process", "design", "general", "all"]
Language = Literal["en", "zh", "mixed", "all"]
Official = Literal["v15", "v16"]
Evaluator = Literal["v15", "v16", "fabeye"]
Out = Annotated[Path, typer.Option("--out", help="folder that is written")]
Profile = Annotated[str, typer.Option("--profile", help="a profile of conf/")]


@corpus_app.command("generate")
def generate(
    out: Out,
    family: Annotated[Family, typer.Option(help="kind of document")] = "jedec",
    language: Annotated[Language, typer.Option(help="of the wording")] = "en",
    count: Annotated[int, typer.Option(min=1, help="documents of each family; languages take turns")] = 1,
    seed: Annotated[int, typer.Option(help="start of every random draw")] = 0,
    pages: Annotated[bool, typer.Option("--pages", help="write each page as OUT/images/<page>.png too")] = False,
    clean: Annotated[bool, typer.Option("--clean", help="as typeset: no scans, notes, attachments")] = False,
) -> None:
    """Write generated documents as PDF files, and all that stands on their pages as OUT/gold.json and tables."""
    from fabeye.synthesis.records import write_gold_json
    from fabeye.synthesis.writing import write_documents

    settings = load_settings()
    families = [each for each in get_args(Family) if each != "all"] if family == "all" else [family]
    languages = [each for each in get_args(Language) if each != "all"] if language == "all" else [language]
    chosen: dict[str, object] = {"seed": seed, "languages": languages, "documents": dict.fromkeys(families, count)}
    if clean:
        chosen["finish"] = {}
    changed = CorpusSettings.model_validate(settings.corpus.model_dump() | chosen)
    written = write_documents(changed, settings.engine, out, out / "work", out)
    records = write_gold_json(out, written, changed.dpi, pages)
    typer.echo(
        f"{len(written)} documents of {records} pages in {out / 'generated'}, their truth in {out / 'gold.json'}"
    )


@corpus_app.command("check")
def check_folder(
    corpus: Annotated[Path, typer.Argument(help="folder that `generate` wrote, or a corpus", exists=True)],
) -> None:
    """Compare generated documents with their truth: boxes, letters, numbers that must agree; exit code 1 on a fault."""
    from fabeye.synthesis.checks.run import check_corpus

    settings = load_settings()
    report = check_corpus(corpus, settings.corpus.dpi, settings.engine)
    for fault in report.faults:
        typer.echo(fault, err=True)
    typer.echo(report.as_text())
    if report.faults:
        raise typer.Exit(1)


@corpus_app.command("ingest")
def ingest_folder(
    source: Annotated[
        Path,
        typer.Argument(help="folder with <general|domain>/<family>/ files, or one of `generate`", exists=True),
    ],
    out: Out,
) -> None:
    """Take in every file below SOURCE: tables documents, pages, pairs and quarantine in OUT.

    Of documents that `generate` wrote the truth comes too: tables truth, entities and origins.
    """
    typer.echo(_taken_in(source, out))


@corpus_app.command("redact")
def redact(
    corpus: Annotated[Path, typer.Argument(help="folder that `ingest` or `generate` wrote", exists=True)],
    out: Out,
    score: Annotated[bool, typer.Option("--score", help="compare with the truth; write OUT/score.json")] = False,
) -> None:
    """Hide people, lots, tools and all else that is sensitive: the tables of CORPUS in OUT, without it.

    --score needs documents whose truth is known: fabeye corpus generate --family efa_pfa --count 20 --out MADE, then
    fabeye corpus redact MADE --out CLEAN --score. It prints recall, leaks and precision by kind and lists every miss.
    """
    from fabeye.intake.redaction.corpus import redact_corpus
    from fabeye.intake.redaction.pseudonym import redaction_key
    from fabeye.intake.redaction.score import score_redaction

    settings, work = load_settings(), out.with_name(out.name + ".work")
    everything = settings.redact.model_copy(update={"generated": True})  # whoever asks by name means these documents
    if not (corpus / "pages").is_dir():
        typer.echo(_taken_in(corpus, work / "taken"))
        corpus = work / "taken"
    key = redaction_key(everything.key_variable, Paths.here().redaction_key)
    typer.echo(redact_corpus(corpus, out, work, everything, settings.engine, key))
    if score:
        scored = score_redaction(corpus, out, work, everything, settings.engine)
        typer.echo(scored.as_text())
        write_json(out / "score.json", scored.as_dict())


@app.command("parse")
def parse(
    corpus: Annotated[Path, typer.Argument(help="folder with the tables documents and pages", exists=True)], out: Out
) -> None:
    """Read every page of CORPUS with the teacher: tables elements, pages and quarantine in OUT."""
    from fabeye.parsing.parse import parse_corpus

    settings = load_settings()
    typer.echo(parse_corpus(corpus, out, out / "work", settings.parse, settings.engine))


@app.command("annotate")
def annotate(port: Annotated[int, typer.Option(help="port on the loopback address")] = 8080) -> None:
    """Start Label Studio with the pages to check; stop it with Ctrl-C."""
    from fabeye.annotation.server import serve

    serve(Paths.here(), port, load_settings().annotate)


@gold_app.command("build")
def gold_build(out: Out) -> None:
    """Make the whole evaluation set: PDF files, OUT/gold.json, OUT/images, OUT/DATASHEET.md."""
    from fabeye.annotation.datasheet import write_datasheet
    from fabeye.synthesis.frozen import read_hashes
    from fabeye.synthesis.orders import whole_set
    from fabeye.synthesis.records import write_gold_json
    from fabeye.synthesis.writing import write_documents

    settings, paths = load_settings(), Paths.here()
    written = write_documents(whole_set(settings.corpus), settings.engine, out, out / "work", out)
    pages = write_gold_json(out, written, settings.corpus.dpi, True)
    write_datasheet(out, read_hashes(paths.frozen))
    typer.echo(f"{len(written)} documents of {pages} pages in {out}")


@gold_app.command("verify")
def gold_verify(
    sample: Annotated[int, typer.Option(min=0, help="documents spread over the set; 0 for all of them")] = 8,
) -> None:
    """Make documents of the evaluation set anew and compare them with the committed hashes; exit code 1 on a change."""
    from fabeye.synthesis.frozen import verify

    settings, paths = load_settings(), Paths.here()
    compared = verify(settings.corpus, settings.engine, paths.frozen, sample)
    typer.echo(f"{compared} documents are the ones that {paths.frozen.name} froze")


@gold_app.command("freeze")
def gold_freeze() -> None:
    """Write the hashes of the evaluation set that corpus.gold describes; scores on an older one compare no more."""
    from fabeye.synthesis.frozen import freeze

    settings, paths = load_settings(), Paths.here()
    typer.echo(f"{freeze(settings.corpus, settings.engine, paths.frozen)} documents in {paths.frozen}")


@evaluate_app.command("pages")
def evaluate_pages(
    gold: Annotated[Path, typer.Argument(help="gold set in OmniDocBench's form", exists=True)],
    predictions: Annotated[Path, typer.Argument(help="folder of <page>.md or layout <page>.json", exists=True)],
    evaluator: Annotated[Evaluator, typer.Option(help="ours, or OmniDocBench's number for number")] = "fabeye",
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the scores")] = None,
) -> None:
    """Score a folder of predictions against a gold set; the word `pages` may be left out."""
    from fabeye.engine import mapping
    from fabeye.evaluation.fabeye_scores import score_fabeye
    from fabeye.evaluation.official.scores import score_like_omnidocbench
    from fabeye.evaluation.official.version import Version

    mapped = mapping(load_settings().engine)
    if evaluator == "fabeye":
        scores = score_fabeye(gold, predictions, mapped)
    else:
        scores = score_like_omnidocbench(gold, predictions, Version(evaluator), mapped)
    _show(scores.model_dump(mode="json"), out)


@evaluate_app.command("tables")
def evaluate_tables(
    pairs: Annotated[Path, typer.Argument(help="JSON list of {id, gt, pred}, the two in HTML", exists=True)],
    evaluator: Annotated[Official, typer.Option(help="whose normalisation is meant")] = "v15",
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the scores")] = None,
) -> None:
    """Score pairs of tables as OmniDocBench does: TEDS, its structure, edit distance."""
    from fabeye.evaluation.official.tables import read_table_pairs, score_table_pairs
    from fabeye.evaluation.official.version import REVISIONS, Version
    from fabeye.evaluation.results import provenance

    made = provenance(evaluator, REVISIONS[evaluator], pairs, [pairs])
    _show(score_table_pairs(read_table_pairs(pairs), Version(evaluator)) | {PROVENANCE: made.model_dump()}, out)


@evaluate_app.command("cdm")
def evaluate_cdm(
    gold: Annotated[Path, typer.Argument(help="gold set in OmniDocBench's form", exists=True)],
    predictions: Annotated[Path, typer.Argument(help="folder of <page>.md or layout <page>.json", exists=True)],
    tool: Annotated[Path, typer.Option(help="folder cdm/ of UniMERNet, with what its README asks for")],
    python: Annotated[str, typer.Option(help="interpreter that has its packages")] = "python3",
    processes: Annotated[int, typer.Option(min=1, help="formulas set at the same time")] = 2,
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the scores")] = None,
) -> None:
    """Compare formulas as TeX sets them, by CDM's own program: overall, by group and by page."""
    from fabeye.evaluation.cdm import EVALUATOR, score_cdm
    from fabeye.evaluation.fabeye_scores import REVISION
    from fabeye.evaluation.results import files_below, provenance

    scores = score_cdm(gold, predictions, tool, python, processes)
    made = provenance(EVALUATOR, REVISION, gold, files_below(predictions))
    _show(scores | {PROVENANCE: made.model_dump()}, out)


@evaluate_app.command("schema")
def evaluate_schema() -> None:
    """Print the JSON schema of the scores that `evaluate GOLD PREDICTIONS` writes."""
    from fabeye.evaluation.results import Scores

    _show({"$comment": OTHER_FORMS, **Scores.model_json_schema()}, None)


@evaluate_app.command("olmocr")
def evaluate_olmocr(
    tests: Annotated[Path, typer.Argument(help="JSONL file of tests", exists=True)],
    predictions: Annotated[Path, typer.Argument(help="folder of <pdf>_pg<page>_repeat<n>.md files", exists=True)],
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the pass rates")] = None,
) -> None:
    """Run olmOCR-bench's unit tests on a folder of readings: pass rates by type with their intervals."""
    from fabeye.evaluation.olmocr import EVALUATOR, REVISION, read_tests, score_tests
    from fabeye.evaluation.results import files_below, provenance

    made = provenance(EVALUATOR, REVISION, tests, files_below(predictions))
    _show(score_tests(read_tests(tests), predictions) | {PROVENANCE: made.model_dump()}, out)


@evaluate_app.command("verdict")
def evaluate_verdict(
    gold: Annotated[Path, typer.Argument(help="gold set that both were scored on", exists=True)],
    baseline: Annotated[Path, typer.Argument(help="scores of the fabeye evaluator", exists=True)],
    candidate: Annotated[Path, typer.Argument(help="scores of the fabeye evaluator", exists=True)],
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the verdict")] = None,
) -> None:
    """Say whether CANDIDATE is better than BASELINE by the margins of evaluate.gate."""
    from fabeye.evaluation.fabeye_scores import EVALUATOR, REVISION, read_scores
    from fabeye.evaluation.gold import read_gold
    from fabeye.evaluation.results import provenance
    from fabeye.evaluation.verdict import judge

    settings = load_settings().evaluate
    sides = (read_scores(baseline), read_scores(candidate))
    verdict = judge(read_gold(gold), *sides, settings.composite, settings.gate)
    made = provenance(EVALUATOR, REVISION, gold, [baseline, candidate])
    _show(verdict.as_json() | {PROVENANCE: made.model_dump()}, out)


@app.command("plan")
def plan(
    profile: Profile = "cluster",
    as_json: Annotated[bool, typer.Option("--json")] = False,
    simulate: Annotated[bool, typer.Option("--simulate", help="play a million samples of each stage through")] = False,
    ranks: Annotated[int, typer.Option(min=1, help="processes of the simulation; half of them go on")] = 64,
) -> None:
    """What a profile asks for: parameters, FLOPs, tokens, days, and what that demands of disks, network and memory."""
    from fabeye.training.plan import plan_training, simulate_stages

    settings = load_settings(overrides={"profile": profile})
    if simulate:
        played = simulate_stages(settings, ranks)
        for stage, one in played.items():
            typer.echo(json.dumps({stage: one.as_dict()}) if as_json else f"{stage:8} {one.as_text()}")
        raise typer.Exit(0 if all(one.holds for one in played.values()) else 1)
    planned = plan_training(settings)
    if as_json:
        _show(planned.as_dict(), None)
    else:
        typer.echo(planned.as_text())


@app.command("bench")
def bench(
    subjects: Annotated[list[str] | None, typer.Argument(help="what to measure; default: everything")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the figures")] = None,
) -> None:
    """Measure what the stages cost on this machine; everything takes about a quarter of an hour."""
    from fabeye.bench import SUBJECTS, measure

    for figures in measure(load_settings(), subjects or SUBJECTS):
        if out:
            write_json(out, figures)  # after each subject: an interrupted run keeps what it has measured
    _show(figures, out)


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


def _taken_in(source: Path, out: Path) -> object:
    """Take a folder's files in, with their truth where they were generated; returns what was counted."""
    from fabeye.intake.find import find_files
    from fabeye.intake.ingest import ingest
    from fabeye.synthesis.written import copy_truth, written_documents

    settings = load_settings()
    written = written_documents(source)
    taken = ingest(written or find_files(source, source), out, out / "work", settings.corpus, settings.engine)
    if written:
        copy_truth(source, out)
    return taken


def _show(content: dict[str, object], out: Path | None) -> None:
    if out is None:
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
    else:
        write_json(out, content)
        typer.echo(f"written: {out}")


if __name__ == "__main__":
    main()
