"""A symbol is found in another document if its features say what it is, and never in its own."""

import pytest
import torch

from fabeye.evaluation.probes.features import Seen
from fabeye.evaluation.probes.retrieval import Symbols, chance_recall, recall_at, symbols_in_common


def symbols(told: float) -> Symbols:
    """Six symbols in three documents; a symbol's picture holds its number `told` times louder than noise."""
    generator = torch.Generator().manual_seed(0)
    images, texts, documents = [], [], []
    for document in range(3):
        for number in range(6):
            image = torch.randn(1, 1, 6, generator=generator)
            image[0, 0, number] += told
            images.append(image)
            texts.append(f"t{number}")
            documents.append(f"d{document}")
    return Symbols(images, texts, documents)


def row(images: list[torch.Tensor]) -> list[Seen]:
    return [Seen(image[0], (1, 1)) for image in images]


def test_what_is_told_is_found_and_noise_is_not() -> None:
    assert recall_at(row, symbols(50.0), 1) == 1.0
    assert recall_at(row, symbols(0.0), 1) < 0.6


def test_chance_is_a_blind_draw() -> None:
    assert chance_recall(symbols(0.0), 1) == pytest.approx(2 / 12)
    assert chance_recall(symbols(0.0), 12) == 1.0


def test_a_text_of_one_document_alone_is_not_asked() -> None:
    lonely = Symbols([torch.zeros(1, 1, 2)] * 2, ["a", "a"], ["d", "d"])
    assert symbols_in_common(lonely.texts, lonely.documents) == set()
    with pytest.raises(ValueError, match="no text occurs in two documents"):
        recall_at(row, lonely, 1)
