"""presidio's parts that we use, loaded without the packages of language models.

Notable:
- presidio imports spaCy and transformers, and these torch: 20 s and 3 GiB of address space in every worker, for models
  that nobody asks. While presidio is loaded these packages are hidden, unless somebody has loaded them already;
  whoever imports them later gets them whole.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

MODEL_PACKAGES = ("torch", "transformers")


@contextmanager
def _hidden(*packages: str) -> Iterator[None]:
    """Let `import` find none of the packages that are not loaded yet."""
    absent = [package for package in packages if package not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None is how import is told there is none
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]


with _hidden(*MODEL_PACKAGES):
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

__all__ = [
    "AnalyzerEngine",
    "AnonymizerEngine",
    "Doc",
    "NlpArtifacts",
    "NlpEngine",
    "OperatorConfig",
    "Pattern",
    "PatternRecognizer",
    "RecognizerRegistry",
    "RecognizerResult",
    "Vocab",
]
