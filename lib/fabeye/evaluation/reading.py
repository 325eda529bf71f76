"""How an encoder reads: its pre-training decoder writes greedily what stands in a region.

Notable:
- The encoder sees the whole region at once, as in use; in pre-training it saw a prefix.
- A region that has reached <eos> leaves the batch, so short readings cost little.

Shapes: E width of the decoder; I patches of one region.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import torch
from PIL import Image
from torch import Tensor

from fabeye.evaluation.gold import GoldError, GoldPage
from fabeye.evaluation.regions import Region
from fabeye.model import PretrainModel, prepare_image
from fabeye.schema import Reading

BATCH = 16  # regions read at the same time


class Vocabulary(Protocol):
    """What reading needs of a tokenizer."""

    bos: int
    eos: int

    def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, up to the first <eos>."""
        ...


def read_regions(
    reader: str,
    model: PretrainModel,
    vocabulary: Vocabulary,
    crops: Sequence[tuple[Region, Tensor]],
    max_tokens: int,
) -> list[Reading]:
    """What `model` reads in prepared crops, under the name `reader`, in their order."""
    readings = []
    for start in range(0, len(crops), BATCH):
        part = crops[start : start + BATCH]
        ids = read_greedily(model, [crop for _, crop in part], vocabulary, max_tokens)
        readings += [region.reading(reader, vocabulary.decode(one)) for (region, _), one in zip(part, ids, strict=True)]
    return readings


def prepared_crops(
    regions: Sequence[Region], pages: Sequence[GoldPage], folder: Path, patch: int, side: int
) -> list[tuple[Region, Tensor]]:
    """Regions of the gold set `folder` as the encoder takes them; each page's picture is opened once.

    Raises GoldError when a page's picture is missing or cannot be decoded.
    """
    by_page = defaultdict(list)
    for region in regions:
        by_page[region.page_id].append(region)
    crops = []
    for page in pages:
        for region, crop in _crops(page.image_file(folder), by_page.get(page.page_id, [])):
            crops.append((region, prepare_image(crop, patch, side)))
    return crops


@torch.no_grad()
def read_greedily(
    model: PretrainModel, images: Sequence[Tensor], vocabulary: Vocabulary, max_tokens: int
) -> list[list[int]]:
    """Most likely token after token for each CHW image, until <eos> or `max_tokens`; <eos> is not among them."""
    output = model.encoder(images)
    image_IE = dict(enumerate(model.connector(output.tokens_TE).split(output.lengths)))
    written: list[list[int]] = [[] for _ in images]
    for _ in range(min(max_tokens, model.config.decoder.max_text)):
        if not image_IE:
            break
        for at, token in zip(list(image_IE), _next_tokens(model, image_IE, written, vocabulary.bos), strict=True):
            if token == vocabulary.eos:
                del image_IE[at]
            else:
                written[at].append(token)
    return written


def _next_tokens(model: PretrainModel, image_IE: dict[int, Tensor], written: list[list[int]], bos: int) -> list[int]:
    texts = [[bos, *written[at]] for at in image_IE]
    tokens = list(image_IE.values())
    lengths = [len(text) for text in texts]
    text_S = torch.tensor([token for text in texts for token in text], device=tokens[0].device)
    _, hidden_SE = model.decoder(torch.cat(tokens), [len(one) for one in tokens], text_S, lengths)
    last = torch.tensor(lengths, device=text_S.device).cumsum(0) - 1
    return model.decoder.text_head(hidden_SE[last]).argmax(dim=1).tolist()


def _crops(path: Path, regions: Sequence[Region]) -> Iterator[tuple[Region, Image.Image]]:
    if not regions:
        return
    try:
        with Image.open(path) as file:
            picture = file.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise GoldError(f"{path} cannot be read ({error}); run `dvc repro` to make the gold set again") from error
    for region in regions:
        yield region, region.crop(picture)
