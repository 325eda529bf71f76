"""dots.ocr over a real connection: what is sent, what is made of good and bad answers, and who stops the run."""

import json
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from fabeye.errors import FabeyeError
from fabeye.parsing.dots_ocr import client
from fabeye.parsing.dots_ocr.prompts import IMAGE_TOKENS, OWN, Mode, PromptError, find_prompts
from fabeye.parsing.dots_ocr.teacher import WAITING_PER_QUESTION, DotsOcr
from fabeye.parsing.parse import ParseSummary, parse_corpus
from fabeye.schema import Element, Page, ParsedPage, Quarantined
from fabeye.settings import EngineSettings, ParseSettings, load_settings
from fabeye.tables import read_table
from tests.parsing.dots_ocr.chat_server import SIDE, Asked, ChatServer, Reply, chat_server, region, sound, tiny_page
from tests.parsing.tiny_corpus import write_corpus

ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)
QUICK = {"upscale": False, "attempts": 3, "seconds": 5.0, "concurrency": 4, "max_tokens": 200}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 0.02)


def settings_for(*addresses: str, **changed: Any) -> ParseSettings:
    given = load_settings().parse
    dots = given.dots_ocr.model_copy(update={"endpoints": addresses, **QUICK, **changed})
    return given.model_copy(update={"engine": "dots_ocr", "dots_ocr": dots})


def parsed(tmp_path: Path, pages: int, settings: ParseSettings) -> ParseSummary:
    corpus = write_corpus(tmp_path / "corpus", [tiny_page(number) for number in range(pages)])
    return parse_corpus(corpus, tmp_path / "out", tmp_path / "work", settings, ENGINE, tmp_path / "metrics.json")


def elements(tmp_path: Path) -> list[Element]:
    return list(read_table(tmp_path / "out" / "elements", Element))


def answering(*replies: Reply) -> Callable[[Asked], Reply]:
    """The replies in turn, the last one again and again."""
    turn, lock = count(), threading.Lock()

    def answer(_: Asked) -> Reply:
        with lock:
            return replies[min(next(turn), len(replies) - 1)]

    return answer


def asked_modes(server: ChatServer) -> list[Mode]:
    words = {IMAGE_TOKENS + text: mode for mode, text in OWN.items()}
    return [next(mode for text, mode in words.items() if one.words.startswith(text)) for one in server.asked]


def test_a_page_is_asked_as_the_model_knows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABEYE_DOTS_OCR_KEY", "secret")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with chat_server(lambda asked: Reply(sound(asked.page))) as server:
        assert parsed(tmp_path, 3, settings_for(server.address)).elements == 3
    one = server.asked[0]
    assert one.path == "/v1/chat/completions"
    assert one.headers["authorization"] == "Bearer secret"
    assert one.words.startswith(IMAGE_TOKENS)
    assert (one.body["model"], one.body["max_completion_tokens"]) == ("rednote-hilab/dots.ocr", 200)
    assert [(e.page_id[-1], e.text, e.source, (e.x0, e.y0, e.x1, e.y1)) for e in elements(tmp_path)] == [
        (str(n), f"page {n}", "dots_ocr", (1, 2, 50, 40)) for n in range(3)
    ]
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert (metrics["questions"], metrics["prompt_tokens"], metrics["completion_tokens"]) == (3, 300, 30)
    assert "seconds" not in metrics, "what the clock says differs from run to run"


def test_what_passes_is_asked_again_elsewhere(tmp_path: Path) -> None:
    broken = [Reply(status=500), Reply(status=429, headers={"retry-after": "0"}), Reply(text="x", drop=True)]
    with chat_server(lambda _: Reply(status=503)) as dead, chat_server(answering(*broken, Reply(sound(0)))) as server:
        summary = parsed(tmp_path, 1, settings_for(dead.address, server.address, attempts=10))
    assert (summary.elements, summary.quarantined) == (1, 0)
    assert len(server.asked) == 4


def test_a_page_without_an_answer_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    def late(asked: Asked) -> Reply:
        return Reply(sound(asked.page), wait=1.0 if asked.page == 1 else 0.0)

    with chat_server(late) as server:
        summary = parsed(tmp_path, 2, settings_for(server.address, seconds=0.3, attempts=1))
        assert (summary.elements, summary.quarantined) == (1, 1)
        (lost,) = read_table(tmp_path / "out" / "quarantine", Quarantined)
        assert "no answer in one attempt" in lost.reason
        assert parsed(tmp_path, 2, settings_for(server.address)) == ParseSummary(2, 1, 2, 0, 0, 0)


def test_a_broken_answer_is_asked_again_then_read_box_by_box(tmp_path: Path) -> None:
    whole = {"bbox": [0, 0, 56, 10], "category": "Section-header", "text": "# Timing"}
    cut = json.dumps([whole])[:-1] + ', {"bbox": [0, 20, 56, 40], "category": "Text", "text": "tRCD is'
    places = (([0, 0, 55, 10], "Section-header"), ([0, 20, 56, 40], "Text"), ([0, 42, 56, 56], "Picture"))
    boxes = [{"bbox": place, "category": kind} for place, kind in places]

    def answer(asked: Asked) -> Reply:
        if asked.words.startswith(IMAGE_TOKENS + OWN[Mode.REGION]):
            assert region(asked.words) == [0, 20, 56, 40]
            return Reply("tRCD is 14 ns.\n")
        only_boxes = asked.words == IMAGE_TOKENS + OWN[Mode.BOXES]
        return Reply(json.dumps(boxes)) if only_boxes else Reply(cut, finish="length")

    with chat_server(answer) as server:
        assert parsed(tmp_path, 1, settings_for(server.address)) == ParseSummary(1, 0, 3, 1, 1, 0)
    assert asked_modes(server) == [Mode.LAYOUT, Mode.LAYOUT, Mode.BOXES, Mode.REGION]
    assert [one.temperature for one in server.asked[:2]] == [0.1, 0.5]
    assert [(e.category, e.text) for e in elements(tmp_path)] == [
        ("title", "Timing"),
        ("text_block", "tRCD is 14 ns."),
        ("figure", ""),
    ]
    (page,) = read_table(tmp_path / "out" / "pages", ParsedPage)
    assert page.degraded
    assert page.note == "the answer was broken twice (it was cut off): 1 cells were kept, 1 regions read again"


def test_a_second_answer_that_is_sound_makes_the_page_whole(tmp_path: Path) -> None:
    loop = json.dumps([{"bbox": [0, 0, 56, 10], "category": "Text", "text": "again"}] * 30)
    with chat_server(answering(Reply(loop[:-30], finish="length"), Reply(sound(0)))) as server:
        assert parsed(tmp_path, 1, settings_for(server.address)).degraded == 0
    assert [one.text for one in elements(tmp_path)] == ["page 0"]


def test_what_was_said_stays_where_later_questions_are_refused(tmp_path: Path) -> None:
    table = {"bbox": [0, 0, 56, 10], "category": "Table", "text": "<table><tr><td>1</td><td>V</td></tr></table>"}
    answer = json.dumps([table])[:-1] + ', {"bbox": [0, 20, 56, 40], "category": "Text", "text": "half a'
    with chat_server(answering(Reply(answer), Reply(status=400))) as server:
        assert parsed(tmp_path, 1, settings_for(server.address)).degraded == 1
    first, text = elements(tmp_path)
    assert (first.category, first.text, first.html[:7]) == ("table", "1\tV", "<table>")
    assert text.text == "half a"


def test_the_official_cleaner_keeps_the_words_alone(tmp_path: Path) -> None:
    cells = [{"bbox": [0, top, 56, top + 10], "category": "Text", "text": text} for top, text in ((0, "a"), (20, "b"))]
    answer = json.dumps(cells).replace("}, {", "} {")
    with chat_server(lambda _: Reply(answer)) as server:
        assert parsed(tmp_path, 1, settings_for(server.address, cleaner="official")).degraded == 1
    assert [(e.text, e.x1, e.y1) for e in elements(tmp_path)] == [("a\n\nb", 56, 56)]
    assert len(server.asked) == 1


def test_the_official_cleaner_keeps_every_cell_of_a_sound_answer(tmp_path: Path) -> None:
    cells = [{"bbox": [0, 20, 56, 30], "category": "Text", "text": "a"}] * 12
    with chat_server(lambda _: Reply(json.dumps(cells))) as server:
        assert parsed(tmp_path, 1, settings_for(server.address, cleaner="official")).degraded == 0
    assert [(e.text, e.y0) for e in elements(tmp_path)] == [("a", 20)] * 12


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=401), "refuses the key; put the right one into FABEYE_DOTS_OCR_KEY"),
        (Reply(status=404), "does not serve 'rednote-hilab/dots.ocr'"),
        (Reply(status=307, headers={"Location": "http://127.0.0.1:9/"}), "sends us to another address"),
    ],
)
def test_what_will_not_pass_ends_the_run(tmp_path: Path, reply: Reply, said: str) -> None:
    with chat_server(lambda _: reply) as server, pytest.raises(FabeyeError, match=said):
        parsed(tmp_path, 2, settings_for(server.address))


def test_when_nobody_answers_the_run_ends_and_keeps_what_was_read(tmp_path: Path) -> None:
    dying = lambda asked: Reply(sound(asked.page)) if asked.page < 5 else Reply(status=500)  # noqa: E731
    with chat_server(dying) as server, pytest.raises(FabeyeError, match="the last 20 pages got no answer"):
        parsed(tmp_path, 40, settings_for(server.address, attempts=1))
    with chat_server(lambda asked: Reply(sound(asked.page))) as server:
        assert parsed(tmp_path, 40, settings_for(server.address)).reused >= 5


def test_refused_and_bad_pages_do_not_end_the_run(tmp_path: Path) -> None:
    pages = [b"no picture"] * 15 + [tiny_page(number) for number in range(25)]
    late = lambda asked: Reply(sound(asked.page)) if asked.page == 24 else Reply(status=400)  # noqa: E731
    with chat_server(late) as server:
        corpus = write_corpus(tmp_path / "corpus", pages)
        summary = parse_corpus(corpus, tmp_path / "out", tmp_path / "work", settings_for(server.address), ENGINE)
    assert (summary.elements, summary.quarantined) == (1, 39)


@pytest.mark.parametrize("nonsense", ['{"choices": [', "[]", '{"choices": []}', '{"choices": "no"}', '"words"'])
def test_a_malformed_answer_is_asked_for_again(tmp_path: Path, nonsense: str) -> None:
    with chat_server(answering(Reply(raw=nonsense), Reply(sound(0)))) as server:
        assert parsed(tmp_path, 1, settings_for(server.address)).elements == 1
    with chat_server(lambda _: Reply(raw=nonsense)) as server:
        assert parsed(tmp_path, 2, settings_for(server.address, temperature=0.2)).quarantined == 2
    assert len(server.asked) == 2 * QUICK["attempts"]
    lost = next(read_table(tmp_path / "out" / "quarantine", Quarantined))
    assert f"no answer in 3 attempts ({server.address}: its answer is malformed" in lost.reason


@pytest.mark.parametrize(
    ("said", "text", "html"),
    [
        ("VDD 1.2 V", "VDD 1.2 V", ""),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a\tb\n1\t2", "<table><tr><td>a</td><td>b</td></tr>"),
        ("<table><tr><td>1</td></tr></table>", "1", "<table><tr><td>1</td></tr></table>"),
    ],
)
def test_a_tables_words_are_kept_however_they_are_written(tmp_path: Path, said: str, text: str, html: str) -> None:
    answer = json.dumps([{"bbox": [0, 0, 56, 10], "category": "Table", "text": said}])
    with chat_server(lambda _: Reply(answer)) as server:
        parsed(tmp_path, 1, settings_for(server.address))
    (table,) = elements(tmp_path)
    assert (table.category, table.text) == ("table", text)
    assert table.html.startswith(html)
    assert bool(table.html) == bool(html)


def test_no_endpoint_has_more_questions_than_it_takes_and_few_pages_wait() -> None:
    pages, concurrency, drawn, done = 60, 3, 0, 0
    slow = lambda asked: Reply(sound(asked.page), wait=0.02)  # noqa: E731

    def sheets() -> Iterator[tuple[str, Page]]:
        nonlocal drawn
        for number in range(pages):
            drawn += 1
            assert drawn - done <= WAITING_PER_QUESTION * 2 * concurrency
            box = {"width": SIDE, "height": SIDE, "dpi": 72}
            yield str(number), Page(page_id=f"d-{number:04d}", document_id="d", number=number,
                                    image=tiny_page(number), text_layer="", **box)  # fmt: skip

    with chat_server(slow) as one, chat_server(slow) as other:
        settings = settings_for(one.address, other.address, concurrency=concurrency)
        for _ in DotsOcr(settings.dots_ocr).read(sheets()):
            done += 1
    assert (done, drawn) == (pages, pages)
    assert 0 < one.most <= concurrency
    assert 0 < other.most <= concurrency


def test_without_an_address_no_page_leaves(tmp_path: Path) -> None:
    with pytest.raises(FabeyeError, match=r"needs the address of a server in parse\.dots_ocr\.endpoints"):
        parsed(tmp_path, 1, settings_for())


def test_the_prompts_are_a_files_or_ours_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ours = find_prompts("")
    assert "not trained on" in caplog.text
    path = tmp_path / "prompts.yaml"
    path.write_text("\n".join(f"{mode.value}: words of {mode.name}" for mode in Mode))
    theirs = find_prompts(str(path))
    assert theirs.ask(Mode.REGION, (1, 2, 3, 4)) == f"{IMAGE_TOKENS}words of REGION[1, 2, 3, 4]"
    assert theirs.fingerprint != ours.fingerprint
    path.write_text("prompt_ocr: a")
    with pytest.raises(PromptError, match="has no words for prompt_layout_all_en"):
        find_prompts(str(path))
