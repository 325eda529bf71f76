"""Everyday documents: invoices add up, articles do not repeat themselves, all belong to the general layer."""

import re
from random import Random

import pytest

from fabeye.schema import Category, Layer
from fabeye.synthesis.blocks import walk
from fabeye.synthesis.families.general import FORMS, compose
from fabeye.synthesis.families.general.papers import money
from fabeye.synthesis.generate import layer_of
from fabeye.synthesis.manuscript import Manuscript
from fabeye.synthesis.markup import to_plain, values

LANGUAGES = ("en", "zh", "mixed")
MANY = 90


@pytest.fixture(scope="module")
def written() -> list[Manuscript]:
    return [compose(Random(seed), LANGUAGES[seed % 3]) for seed in range(MANY)]


def cents(text: str) -> int:
    return round(100 * float(re.sub(r"[^0-9.]", "", to_plain(text))))


def test_all_forms_and_layouts_are_written(written: list[Manuscript]) -> None:
    assert {one.attributes["form"] for one in written} == set(FORMS)
    assert {one.style.columns for one in written} == {1, 2}
    assert layer_of("general") is Layer.GENERAL


def test_invoices_add_up_and_repeat_their_total(written: list[Manuscript]) -> None:
    invoices = [one for one in written if one.attributes["form"] == "invoice"]
    assert len(invoices) > MANY / 6
    for one in invoices:
        blocks = list(walk(one.nodes))
        rows = [block for block in blocks if block.rows][-1].rows
        items, (total, tax, whole) = rows[1:-3], (cents(row[1].text) for row in rows[-3:])
        for row in items:
            assert int(row[2].text) * cents(row[3].text) == cents(row[4].text)
        assert sum(cents(row[4].text) for row in items) == total
        rate = int(re.search(r"(\d+) %", rows[-2][0].text)[1])
        assert tax == pytest.approx(total * rate / 100, abs=0.51)
        assert total + tax == whole
        assert any(to_plain(rows[-1][1].text) in block.text for block in blocks if block.category is Category.TEXT)
        cells = [cell.text for block in blocks for row in block.rows for cell in row]
        fields = {value.field for text in cells for value in values(text)}
        assert {"invoice_no", "invoice_date", "buyer", "total", "contact"} <= fields


def test_articles_say_nothing_twice_and_fill_their_slots(written: list[Manuscript]) -> None:
    for one in written:
        texts = [block.text for block in walk(one.nodes) if block.category in {Category.TEXT, Category.TITLE}]
        assert not any(re.search(r"<[a-z_]+>", text) for text in texts)
        if one.attributes["form"] == "article":
            sentences = [
                part
                for text in texts[1:]
                for part in re.split(r"(?<=[.。]) ?", re.sub(r"\d", "", text))
                if len(part) > 30
            ]
            assert len(sentences) - len(set(sentences)) <= 2  # two pieces may begin with the same words


def test_sums_below_tables_are_sums(written: list[Manuscript]) -> None:
    tables = [
        block for one in written if one.attributes["form"] == "article" for block in walk(one.nodes) if block.rows
    ]
    assert tables
    for block in tables:
        columns = list(zip(*([int(cell.text) for cell in row[1:]] for row in block.rows[1:]), strict=True))
        assert all(sum(column[:-1]) == column[-1] for column in columns)


def test_money_is_written_with_two_places() -> None:
    assert [money(value) for value in (5, 100, 1234567)] == ["0.05", "1.00", "12,345.67"]
