"""300 pages, a server that fails at every fifth question, three kills: every page is there in the end, and once."""

import random
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

from fabeye.parsing.dots_ocr import client
from fabeye.parsing.parse import parse_corpus
from fabeye.schema import Element, Quarantined
from fabeye.settings import load_settings
from fabeye.tables import read_table
from tests.parsing.dots_ocr.chat_server import Asked, Reply, chat_server, sound, tiny_page
from tests.parsing.tiny_corpus import write_corpus

PAGES, FAILING, CONCURRENCY = 300, 0.2, 8
KILLED_AT = (40, 60, 80)  # good answers since the run began
IMPORTED_ONCE = ["fabeye.parsing.parse", "fabeye.parsing.dots_ocr.teacher"]


def run(root: Path, address: str) -> None:
    """What runs in the killed process."""
    client.FIRST_PAUSE_S = 0.02
    settings = load_settings()
    changed = {"endpoints": (address,), "concurrency": CONCURRENCY, "upscale": False, "seconds": 10.0, "attempts": 20}
    dots = settings.parse.dots_ocr.model_copy(update=changed)
    parse = settings.parse.model_copy(update={"engine": "dots_ocr", "dots_ocr": dots})
    parse_corpus(root / "corpus", root / "out", root / "work", parse, settings.engine)


def test_no_page_twice_and_none_lost(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", [tiny_page(number) for number in range(PAGES)])
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED_ONCE)
    rng, answered = random.Random(5), Counter[int]()

    def answer(asked: Asked) -> Reply:
        if rng.random() < FAILING:
            return rng.choice([Reply(status=500), Reply(status=429), Reply(sound(asked.page), drop=True)])
        answered[asked.page] += 1
        return Reply(sound(asked.page), wait=0.01)

    with chat_server(answer) as server:
        for count in KILLED_AT:
            before, process = sum(answered.values()), context.Process(target=run, args=(tmp_path, server.address))
            process.start()
            while process.is_alive() and sum(answered.values()) - before < count:
                time.sleep(0.005)
            assert process.is_alive(), "it is killed in the middle"
            process.kill()
            process.join()
        last = context.Process(target=run, args=(tmp_path, server.address))
        last.start()
        last.join()
        assert last.exitcode == 0
    read = [(one.page_id, one.text) for one in read_table(tmp_path / "out" / "elements", Element)]
    assert read == [(f"0123456789abcdef-{number:04d}", f"page {number}") for number in range(PAGES)]
    assert not list(read_table(tmp_path / "out" / "quarantine", Quarantined))
    again = sum(answered.values()) - PAGES
    assert again <= len(KILLED_AT) * 3 * CONCURRENCY, "only what was under way at a kill is asked about again"
