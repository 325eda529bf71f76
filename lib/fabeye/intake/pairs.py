"""Public pictures with captions become pairs: what is common to tar and Parquet, and runs in a worker.

Notable:
- Every picture is decoded once, so a pair that comes in can be decoded later.
- A plain JPEG or PNG keeps its bytes; what is turned, transparent, 16-bit or WebP is written as PNG.
- What is too small or too short is left out and counted; what is broken is refused by name.
"""

import io
from collections import Counter
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from fabeye.intake.file_pages import wrong_size
from fabeye.intake.pictures import as_png, eight_bits
from fabeye.intake.raw_pairs import Batch, Index, RawPair, Refused
from fabeye.intake.readers import TAR
from fabeye.intake.worker import Looked
from fabeye.schema import Pair

KIND = "caption"  # of the pairs
CATEGORY = "figure"
FORMATS = ("JPEG", "PNG", "WEBP")
PLAIN_FORMATS, PLAIN_MODES = ("JPEG", "PNG"), ("RGB", "L")
ORIENTATION, UPRIGHT = 0x0112, 1  # EXIF's tag for how the camera was held, and its value for upright
ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Rules:
    """What is worth learning from: letters of a caption, pixels of a side."""

    min_text: int
    max_text: int
    min_side: int
    max_side: int


@dataclass(slots=True)
class Taken:
    """What came of one batch."""

    pairs: list[Pair] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def index_shard(shard: Looked) -> Index:
    """The batches of a tar or a Parquet file. Raises ReadError."""
    if shard.kind == TAR:
        from fabeye.intake.pairs_tar import index_tar

        return index_tar(shard.path)
    from fabeye.intake.pairs_parquet import index_parquet

    return index_parquet(shard.path)


def take_batch(rules: Rules, work: tuple[Looked, Batch]) -> Taken:
    """Decode and sift one batch of a shard."""
    shard, batch = work
    taken = Taken()
    for raw in batch.read():
        if isinstance(raw, Refused):
            taken.refused.append(raw)
        elif flaw := _text_flaw(raw, rules):
            taken.left_out[flaw] += 1
        else:
            _take(raw, shard.sha256[:ID_DIGITS], rules, taken)
    return taken


def _text_flaw(raw: RawPair, rules: Rules) -> str:
    letters = len(_clean(raw.text))
    if not raw.image:
        return "no picture"
    if letters < rules.min_text:
        return "short caption"
    return "long caption" if letters > rules.max_text else ""


def _take(raw: RawPair, document_id: str, rules: Rules, taken: Taken) -> None:
    try:
        with Image.open(io.BytesIO(raw.image), formats=FORMATS) as picture:
            width, height = picture.size
            if min(width, height) < rules.min_side:
                taken.left_out["small picture"] += 1
            elif reason := wrong_size(width, height, rules.max_side):
                taken.refused.append(Refused(raw.place, raw.key, reason))
            else:
                taken.pairs.append(_pair(raw, document_id, *_upright(picture, raw.image)))
    except MemoryError:
        raise
    except Exception as error:  # decoders raise anything on hostile bytes
        reason = f"the picture cannot be decoded ({type(error).__name__})"
        taken.refused.append(Refused(raw.place, raw.key, reason))


def _upright(picture: Image.Image, content: bytes) -> tuple[tuple[int, int], bytes]:
    """Size and bytes of the picture as it shall be seen; its own bytes where they show just that."""
    turned = picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT
    picture.load()
    plain = picture.format in PLAIN_FORMATS and picture.mode in PLAIN_MODES and not picture.has_transparency_data
    if plain and not turned:
        return picture.size, content
    upright = eight_bits(ImageOps.exif_transpose(picture))
    return upright.size, as_png(upright)


def _pair(raw: RawPair, document_id: str, size: tuple[int, int], image: bytes) -> Pair:
    return Pair(
        pair_id=f"{document_id}-{raw.place:08d}",
        document_id=document_id,
        kind=KIND,
        category=CATEGORY,
        width=size[0],
        height=size[1],
        image=image,
        text=_clean(raw.text),
        key=_clean(raw.key),
        source=_clean(raw.source),
        licence=_clean(raw.licence),
    )


def _clean(text: str) -> str:
    """Without margins, NULs and lone surrogates, which a table cannot hold."""
    return text.replace("\0", "").strip().encode("utf-8", errors="replace").decode("utf-8")
