"""The drawn corpus and the tiny settings of training's tests."""

from tests.training.conftest import corpus_root, tiny

__all__ = ["corpus_root", "tiny"]
