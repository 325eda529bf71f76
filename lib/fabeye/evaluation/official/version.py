"""Which release of OmniDocBench's evaluator is meant, and what is wrong with it."""

from enum import StrEnum

REVISIONS = {
    "v15": "7bd6c2ebdb7676e6fd251b0e695e15e09cf3ab5d (2025-12-01)",
    "v16": "9dc1decf8f5eb6eade469371c89d264e5e635d80 (2026-06-11)",
}


class Version(StrEnum):
    """v15: the evaluator of the 1.5 data. v16: that of 1.6 and 1.7."""

    V15 = "v15"
    V16 = "v16"


_ALWAYS = (
    "signs, decimal points, relations and units' symbols are deleted from texts: -40 and 40 are the same",
    "the letters /t and /n are deleted from texts: ns/tCK becomes nsCK",
    "a paragraph or table that is not on the page costs nothing",
    "a cell of a Markdown table that holds a colon or three dashes vanishes, and so does a line just above the table",
    "pages whose pictures are neither .jpg nor .png are thrown together by the first part of their names",
    "an empty line of the prediction shifts the positions and categories of those after it",
)
KNOWN_FAULTS = {
    Version.V15: (
        *_ALWAYS,
        "a page without a prediction is left out of every score",
        "blocks that the gold set tells to ignore are scored all the same",
        "a paragraph in three truncated pieces counts its middle piece twice",
    ),
    Version.V16: (
        *_ALWAYS,
        "the first table read has no position, so a perfect page with a table has no perfect reading order",
        "braces are dropped from formulas without regard to pairs",
    ),
}
_NOT_HERE = (
    "CDM, which renders formulas with a TeX installation",
    "tables written in LaTeX are compared with nothing and score 0, as where latexmlc is not installed",
    "time limits, after which the original pairs more simply or scores a table 0",
)
LEFT_OUT = {
    Version.V15: (*_NOT_HERE, "formulas longer than 8000 characters in a text stay as they are written"),
    Version.V16: _NOT_HERE,
}
