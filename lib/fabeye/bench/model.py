"""The whole model beside what transformers and plain PyTorch offer, of the same size, on the same pictures.

Notable:
- Both sides are timed in turn, A B A B ..., and the median of the ratios of a round is given: on a noisy machine it
  holds when the seconds do not.
- Each side runs in the precision that is its best here. bf16 joins the turns where a product of matrices in it is not
  hopeless: without the processor's help it takes ten times as long.
- Utilisation is the model's own count of FLOPs over those of a large matrix product on the same machine.
"""

import random
import statistics
from collections.abc import Callable
from functools import cache, partial

import torch
from torch import Tensor, nn

from fabeye.bench.model_memory import measure_memory
from fabeye.bench.model_peers import PlainPretrain, aimv2, naflex, naflex_tokens
from fabeye.bench.timing import in_turn, ratio, seconds
from fabeye.model import (
    DecoderConfig,
    PackedImages,
    PretrainConfig,
    PretrainModel,
    VisionEncoder,
    encoder_config,
    pack,
    pack_text,
)
from fabeye.model.attention import Spans
from fabeye.model.blocks import compile_blocks
from fabeye.model.generation import generate
from fabeye.objectives.aimv2 import aimv2_losses
from fabeye.objectives.sums import draw_prefixes
from fabeye.settings import Settings

SIZES = {"nano": 2, "small": 3}  # encoder -> blocks of its decoder
IMAGES, SIDE, TEXT = 16, 224, 64  # of one step: images, their pixels a side (256 patches), tokens of each text
VOCABULARY = 2048
WRITTEN = 200  # tokens that are generated
SEED = 5
HOPELESS = 3  # times the fp32 product that one in bf16 may take and still join the turns
HALF_MATRIX = 512  # rows and columns of that product
MATRIX = 2048  # rows and columns of the product that stands for the peak
# rows and columns of patches: from a crop of 28 x 280 pixels to a page of 1,275 x 1,650 scaled to 1,656 patches
MIXED = (
    (2, 20), (2, 30), (3, 25), (4, 22), (3, 40), (5, 28), (6, 30), (8, 25), (4, 60), (10, 26),
    (12, 24), (16, 20), (14, 28), (20, 22), (18, 30), (24, 26), (28, 30), (30, 36), (36, 40), (46, 36),
)  # fmt: skip
BUCKET = 4  # images of similar length that NaFlex pads to one length

Step = Callable[[], object]


def measure_model(settings: Settings) -> dict[str, object]:
    """Figures of training at a fixed size and on mixed sizes, of padding, generation and memory."""
    peak = _peak()
    return {
        "matmul_gflops_per_s": peak,
        "fixed_size": {size: _fixed(size, settings, peak) for size in SIZES},
        "mixed_sizes": _mixed(peak),
        "generation": _generation(),
        "activation_checkpointing": measure_memory(),
    }


def pretrain_config(size: str) -> PretrainConfig:
    """An encoder by its name, with a decoder of the same width."""
    encoder = encoder_config(size)
    decoder = DecoderConfig(
        dim=encoder.dim,
        depth=SIZES[size],
        heads=encoder.heads,
        patch=encoder.patch,
        vocabulary=VOCABULARY,
        max_text=max(TEXT, WRITTEN),
    )
    return PretrainConfig(encoder=encoder, decoder=decoder)


def _peak() -> float:
    matrix = torch.randn(MATRIX, MATRIX)
    return 2 * MATRIX**3 / seconds(lambda: matrix @ matrix) / 1e9


def _fixed(size: str, settings: Settings, peak: float) -> dict[str, float]:
    ours, compiled = (PretrainModel(pretrain_config(size)) for _ in range(2))
    compile_blocks(compiled)
    plain = PlainPretrain(pretrain_config(size))
    images, text = torch.randn(IMAGES, 3, SIDE, SIDE), torch.randint(3, VOCABULARY, (IMAGES, TEXT))
    prefixes = draw_prefixes([(SIDE // ours.config.encoder.patch) ** 2] * IMAGES, torch.Generator().manual_seed(SEED))
    steps = {
        "ours": _our_step(ours, images, text, prefixes, settings),
        "compiled": _our_step(compiled, images, text, prefixes, settings),
        "plain": _plain_step(plain, images, text, prefixes, settings),
    }
    spent = in_turn(steps | _halves(steps))
    flops = 3 * ours.flops([(SIDE // ours.config.encoder.patch) ** 2] * IMAGES, [TEXT] * IMAGES, prefixes)
    figures = {f"{name}_images_per_s": IMAGES / statistics.median(runs) for name, runs in spent.items()}
    ours_best, compiled_best, plain_best = (_fastest(spent, name) for name in steps)
    return figures | {
        "ratio": ratio(spent[plain_best], spent[ours_best]),
        "ratio_compiled": ratio(spent[plain_best], spent[compiled_best]),
        "ratio_fp32": ratio(spent["plain"], spent["ours"]),
        "ratio_fp32_compiled": ratio(spent["plain"], spent["compiled"]),
        "share_of_peak": flops / statistics.median(spent["ours"]) / 1e9 / peak,
    }


def _our_step(
    model: PretrainModel, images: Tensor, text: Tensor, prefixes: tuple[int, ...], settings: Settings
) -> Step:
    floor, alpha = settings.pretrain.variance_floor, settings.pretrain.base.alpha

    def loss() -> Tensor:
        packed, words = pack(list(images), model.config.encoder.patch), pack_text(text.tolist(), bos=1)
        sums = aimv2_losses(model, packed, words, prefixes, floor)
        return sums.text / sums.tokens + alpha * sums.image / sums.patches

    return _training(model, loss)


def _plain_step(
    model: PlainPretrain, images: Tensor, text: Tensor, prefixes: tuple[int, ...], settings: Settings
) -> Step:
    floor, alpha = settings.pretrain.variance_floor, settings.pretrain.base.alpha
    shifted = torch.cat([torch.ones(IMAGES, 1, dtype=torch.long), text[:, :-1]], dim=1)
    return _training(model, lambda: model(images, shifted, text, torch.tensor(prefixes), floor, alpha))


def _training(model: nn.Module, loss: Callable[[], Tensor]) -> Step:
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)

    def step() -> None:
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step


def _halves(steps: dict[str, Step]) -> dict[str, Step]:
    """The same steps in bf16, none where that is hopeless."""
    if not _halves_help():
        return {}
    return {f"{name}_bf16": partial(_in_half, step) for name, step in steps.items()}


@cache
def _halves_help() -> bool:
    one = torch.randn(HALF_MATRIX, HALF_MATRIX)
    half = one.bfloat16()
    return seconds(lambda: half @ half) < HOPELESS * seconds(lambda: one @ one)


def _in_half(step: Step) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        step()


def _fastest(spent: dict[str, list[float]], side: str) -> str:
    """The precision in which a side is fastest."""
    names = [name for name in (side, f"{side}_bf16") if name in spent]
    return min(names, key=lambda name: statistics.median(spent[name]))


def _mixed(peak: float) -> dict[str, float]:
    """highest_ratio: what ours would reach if it did the same work at the speed of the large product of matrices."""
    config = encoder_config("small")
    grids = random.Random(SEED).sample(MIXED, len(MIXED))
    images = [torch.randn(3, rows * config.patch, columns * config.patch) for rows, columns in grids]
    by_size = sorted(images, key=lambda image: image.numel())
    bags = [by_size[at : at + BUCKET] for at in range(0, len(by_size), BUCKET)]
    ours, compiled, theirs, flexible = VisionEncoder(config), VisionEncoder(config), aimv2(config), naflex(config)
    compile_blocks(compiled)
    steps = {
        "packed": _encoding(ours, [lambda: ours(images).tokens_TE]),
        "packed_compiled": _encoding(compiled, [lambda: compiled(images).tokens_TE]),
        "aimv2_one_by_one": _encoding(theirs, [partial(_one, theirs, image) for image in images]),
        "naflex_padded": _encoding(flexible, [partial(naflex_tokens, flexible, images, config.patch)]),
        "naflex_in_buckets": _encoding(flexible, [partial(naflex_tokens, flexible, bag, config.patch) for bag in bags]),
    }
    peers = [name for name in steps if not name.startswith("packed")]
    spent = in_turn(steps | _halves(steps))
    packed, packed_compiled = (spent[_fastest(spent, name)] for name in ("packed", "packed_compiled"))
    tokens = sum(rows * columns for rows, columns in grids)
    gflops = 3 * ours.flops([rows * columns for rows, columns in grids]) / 1e9
    figures = {f"{name}_tokens_per_s": tokens / statistics.median(runs) for name, runs in spent.items()}
    return figures | {
        "ratio": min(ratio(spent[_fastest(spent, peer)], packed) for peer in peers),
        "ratio_compiled": min(ratio(spent[_fastest(spent, peer)], packed_compiled) for peer in peers),
        "ratio_fp32": min(ratio(spent[peer], spent["packed"]) for peer in peers),
        "ratio_fp32_compiled": min(ratio(spent[peer], spent["packed_compiled"]) for peer in peers),
        "highest_ratio": peak * min(statistics.median(spent[peer]) for peer in peers) / gflops,
        "padding": 1 - tokens / len(pack(images, config.patch).patches_TP),
        "padding_inside_attention": 1 - tokens / _attended([rows * columns for rows, columns in grids]),
        "naflex_padding": 1 - tokens / (len(grids) * max(rows * columns for rows, columns in grids)),
        "share_of_peak": gflops / statistics.median(spent["packed"]) / peak,
    }


def _attended(lengths: list[int]) -> int:
    """Places in the groups that attention works on, padding included."""
    return sum(group.places for group in Spans.full(lengths, torch.device("cpu")).groups)


def _one(model: nn.Module, image: Tensor) -> Tensor:
    return model(image[None]).last_hidden_state


def _encoding(model: nn.Module, parts: list[Callable[[], Tensor]]) -> Step:
    """A training step of an encoder alone; where it takes pictures in parts, gradients add up."""
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)

    def step() -> None:
        optimizer.zero_grad()
        for part in parts:
            part().square().sum().backward()
        optimizer.step()

    return step


def _generation() -> dict[str, float]:
    model = PretrainModel(pretrain_config("small")).eval()
    packed = pack([torch.randn(3, SIDE, SIDE)], model.config.encoder.patch)
    never = -1  # no token ends a text, so that both write the same number
    spent = in_turn(
        {
            "cached": lambda: generate(model, packed, 1, never, WRITTEN),
            "uncached": lambda: write_anew(model, packed, 1, WRITTEN),
        },
        runs=3,
    )
    figures = {f"{name}_tokens_per_s": WRITTEN / statistics.median(runs) for name, runs in spent.items()}
    return figures | {"tokens": WRITTEN, "ratio": ratio(spent["uncached"], spent["cached"])}


@torch.no_grad()
def write_anew(model: PretrainModel, packed: PackedImages, bos: int, most: int) -> list[int]:
    """What generate() writes greedily for one picture, each token from the whole sequence once more."""
    output = model.encoder(packed)
    image_TE, text = model.connector(output.tokens_TE), [bos]
    nothing = torch.empty(0, dtype=torch.long)
    for _ in range(most):
        _, text_SE = model.decoder(image_TE, output.lengths, torch.tensor(text), [len(text)], nothing)
        text.append(int(model.decoder.text_head(text_SE[-1]).argmax()))
    return text[1:]
