"""What OmniDocBench's v16 does to texts before it compares them: pictures described in words, texts inside HTML."""

import re

from bs4 import BeautifulSoup

from fabeye.evaluation.official.formula_rescue import without_inline

SHORTEST_DESCRIPTION = 24  # characters
DESCRIPTIONS = (*("the image ", "the figure ", "the diagram ", "diagram:", "[diagram:", "[image:", "qr code "),)
BLOCK_END = re.compile(r"(\n\s*\n)")
FRAGMENT = re.compile(r"<(div|dir)\b", re.IGNORECASE)
UNWRAPPED = ["span", "font", "b", "strong", "i", "em", "u", "a", "sup", "sub"]
BLOCKS = ["div", "dir", "p", "li"]


def without_described_formulas(text: str) -> str:
    """The page with the formulas in descriptions of pictures as plain words."""
    return "".join(without_inline(block) if _is_description(block) else block for block in BLOCK_END.split(text))


def fragment_text(text: str) -> str:
    """The words of a text that is a piece of HTML; any other text as it is."""
    bare = text.strip()
    if "<table" in bare.lower() or not FRAGMENT.match(bare):
        return bare
    soup = BeautifulSoup(bare, "html.parser")
    for tag in soup.find_all(["style", "script"]):
        tag.decompose()
    for tag in soup.find_all(UNWRAPPED):
        tag.unwrap()
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(BLOCKS):
        if not tag.contents or tag.contents[-1] != "\n":
            tag.append("\n")
    words = re.sub("[ \t]*\n[ \t]*", "\n", soup.get_text(separator="").replace("\xa0", " "))
    return "\n".join(line.strip() for line in words.split("\n") if line.strip()) or bare


def _is_description(block: str) -> bool:
    words = " ".join(block.split()).lower()
    return len(words) >= SHORTEST_DESCRIPTION and words.startswith(DESCRIPTIONS)
