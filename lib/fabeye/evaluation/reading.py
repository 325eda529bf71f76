"""How an encoder reads: its pre-training decoder writes greedily what stands in a region.

Notable:
- The encoder sees the whole region at once, as in use; in pre-training it saw a prefix.
- A region is cut as training pairs are.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from PIL import Image
from torch import Tensor

from fabeye.evaluation.gold import GoldError, GoldPage
from fabeye.evaluation.regions import Region
from fabeye.model import PretrainModel, generate, pack, prepare_image
from fabeye.model.preprocess import cut_region
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
        packed = pack([crop for _, crop in part], model.config.encoder.patch)
        ids = generate(model, packed, vocabulary.bos, vocabulary.eos, max_tokens)
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


def _crops(path: Path, regions: Sequence[Region]) -> Iterator[tuple[Region, Image.Image]]:
    if not regions:
        return
    try:
        with Image.open(path) as file:
            picture = file.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise GoldError(f"{path} cannot be read ({error}); run `dvc repro` to make the gold set again") from error
    for region in regions:
        yield region, cut_region(picture, region.box)
