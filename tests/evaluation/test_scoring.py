"""Page scores: what is missing costs, means are means."""

import pytest

from fabeye.evaluation.gold import GoldError, GoldPage
from fabeye.evaluation.scoring import score_pages


def page(name: str, text: str, family: str = "jedec", language: str = "english") -> GoldPage:
    info = {
        "page_no": 0,
        "width": 10,
        "height": 10,
        "image_path": f"{name}.png",
        "page_attribute": {"data_source": family, "language": language},
    }
    block = {"anno_id": 0, "category_type": "text_block", "poly": [0, 0, 9, 0, 9, 9, 0, 9], "order": 0, "text": text}
    return GoldPage.model_validate({"page_info": info, "layout_dets": [block]})


PAGES = [page("a", "abcd"), page("b", "efgh", language="simplified_chinese"), page("c", "ijkl", family="efa_pfa")]


def test_scores_by_page_family_and_language() -> None:
    scores = score_pages(PAGES, {"a": "abcd", "b": "efgx", "c": "ijkl and more", "unknown": "z"})
    assert scores.by_page == pytest.approx({"a": 0.0, "b": 0.25, "c": 9 / 13})
    assert scores.overall == pytest.approx((0.25 + 9 / 13) / 3, abs=1e-6)
    assert scores.by_family == pytest.approx({"efa_pfa": 9 / 13, "jedec": 0.125}, abs=1e-6)
    assert scores.by_language == pytest.approx({"en": 9 / 26, "zh": 0.25}, abs=1e-6)


def test_a_missing_prediction_counts_as_empty() -> None:
    assert score_pages(PAGES, {"a": "abcd"}).overall == pytest.approx(2 / 3, abs=1e-6)
    assert score_pages(PAGES, {"a": "abcd", "b": ""}).overall == pytest.approx(2 / 3, abs=1e-6)


def test_nothing_to_score_against_is_an_error() -> None:
    with pytest.raises(GoldError, match="no page"):
        score_pages([], {})
