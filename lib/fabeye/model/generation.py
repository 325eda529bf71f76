"""Writing the text of pictures, token by token, with keys and values kept.

Notable:
- What a token computed once is never computed again: the pictures' tokens go through the decoder packed, each later
  step sees one token a sequence. At 200 tokens that is the difference between one page and many.
- Greedy is beam search of one beam; both end a sequence at <eos>, at `most` tokens or at the decoder's last position.
- Beams are compared by their mean log probability a token, <eos> included, so that short texts are not preferred.

Shapes: B sequences, N tokens of the longest picture, L places of the cache, H heads, D width of a head, E width,
V vocabulary, K beams.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .attention import Spans, attend
from .decoder import TextImageDecoder
from .packing import PackedImages
from .pretrain import PretrainModel


@dataclass(slots=True)
class Cache:
    """Keys and values of everything said so far, (B, H, L, D) a block; seen_BL is True where a place is taken."""

    keys: list[Tensor]
    values: list[Tensor]
    seen_BL: Tensor
    starts_B: Tensor
    steps: int = 0

    def keep(self, rows: Tensor) -> None:
        """Go on with these sequences, in this order; a sequence may be taken twice."""
        self.keys = [one.index_select(0, rows) for one in self.keys]
        self.values = [one.index_select(0, rows) for one in self.values]
        self.seen_BL = self.seen_BL.index_select(0, rows)
        self.starts_B = self.starts_B.index_select(0, rows)


@torch.no_grad()
def generate(
    model: PretrainModel, images: PackedImages, bos: int, eos: int, most: int, beams: int = 1
) -> list[list[int]]:
    """The likeliest text of each picture as token ids, without <bos> and <eos>.

    most: tokens at most, <eos> not counted. beams: texts that are followed at the same time; 1 is greedy.
    """
    output = model.encoder(images)
    most = min(most, model.config.decoder.max_text)
    if most < 1:
        return [[] for _ in output.lengths]
    cache = prefill(model.decoder, model.connector(output.tokens_TE), output.lengths, most)
    first = torch.full((len(output.lengths),), bos, device=output.tokens_TE.device)
    if beams == 1:
        return _greedily(model.decoder, cache, first, eos, most)
    return _beams(model.decoder, cache, first, eos, most, beams)


def prefill(decoder: TextImageDecoder, image_TE: Tensor, lengths: Sequence[int], places: int) -> Cache:
    """Send the pictures' tokens through the decoder; the cache has room for `places` more tokens a sequence."""
    device, rows = image_TE.device, len(lengths)
    sizes = torch.tensor(lengths, device=device)
    width = int(sizes.max()) + places
    row_T = torch.repeat_interleave(torch.arange(rows, device=device), sizes)
    place_T = torch.arange(len(image_TE), device=device) - (sizes.cumsum(0) - sizes)[row_T]
    spans = Spans.causal(lengths, device)
    x_TE = image_TE
    keys: list[Tensor] = []
    values: list[Tensor] = []
    for block in decoder.blocks:
        q_THD, k_THD, v_THD = block.project(x_TE)
        for kept, new_THD in ((keys, k_THD), (values, v_THD)):
            empty_BLHD = new_THD.new_zeros(rows, width, *new_THD.shape[1:])
            kept.append(empty_BLHD.index_put((row_T, place_T), new_THD).transpose(1, 2))
        if block is not decoder.blocks[-1]:  # what that one writes nobody reads
            x_TE = block.update(x_TE, attend(q_THD, k_THD, v_THD, spans).flatten(1))
    seen_BL = torch.arange(width, device=device) < sizes[:, None]
    return Cache(keys, values, seen_BL, sizes)


def step(decoder: TextImageDecoder, cache: Cache, tokens_B: Tensor) -> Tensor:
    """Say one token of every sequence; returns log probabilities of the next, (B, V)."""
    x_BE = decoder.token_embed(tokens_B) + decoder.text_pos_embed.weight[cache.steps]
    rows, places_B = torch.arange(len(tokens_B), device=tokens_B.device), cache.starts_B + cache.steps
    cache.seen_BL[rows, places_B] = True
    mask_B11L = cache.seen_BL[:, None, None]
    for at, block in enumerate(decoder.blocks):
        q_BHD, k_BHD, v_BHD = block.project(x_BE)
        cache.keys[at][rows, :, places_B] = k_BHD
        cache.values[at][rows, :, places_B] = v_BHD
        out = F.scaled_dot_product_attention(q_BHD[:, :, None], cache.keys[at], cache.values[at], attn_mask=mask_B11L)
        x_BE = block.update(x_BE, out[:, :, 0].flatten(1))
    cache.steps += 1
    return decoder.text_head(decoder.norm(x_BE)).float().log_softmax(dim=1)


def _greedily(decoder: TextImageDecoder, cache: Cache, tokens_B: Tensor, eos: int, most: int) -> list[list[int]]:
    written: list[list[int]] = [[] for _ in tokens_B]
    running = torch.arange(len(tokens_B), device=tokens_B.device)
    for _ in range(most):
        tokens_B = step(decoder, cache, tokens_B).argmax(dim=1)
        going_on = (tokens_B != eos).nonzero()[:, 0]
        if len(going_on) < len(tokens_B):  # a finished text leaves the batch, so short ones cost little
            cache.keep(going_on)
            running, tokens_B = running[going_on], tokens_B[going_on]
        for at, token in zip(running.tolist(), tokens_B.tolist(), strict=True):
            written[at].append(token)
        if not len(running):
            break
    return written


def _beams(
    decoder: TextImageDecoder, cache: Cache, tokens_B: Tensor, eos: int, most: int, beams: int
) -> list[list[int]]:
    """Each picture's beams are followed by themselves: rows of the cache are (picture, beam)."""
    pictures, device = len(tokens_B), tokens_B.device
    cache.keep(torch.arange(pictures, device=device).repeat_interleave(beams))
    tokens_R = tokens_B.repeat_interleave(beams)
    scores_BK = torch.full((pictures, beams), float("-inf"), device=device)
    scores_BK[:, 0] = 0.0  # all beams begin alike, so only the first of them counts
    texts: list[list[list[int]]] = [[[] for _ in range(beams)] for _ in range(pictures)]
    best: list[tuple[float, list[int]]] = [(float("-inf"), [])] * pictures
    for length in range(1, most + 1):
        totals_BKV = scores_BK[:, :, None] + step(decoder, cache, tokens_R).view(pictures, beams, -1)
        for picture in range(pictures):
            for beam in range(beams):
                ended = float(totals_BKV[picture, beam, eos]) / length
                best[picture] = max(best[picture], (ended, texts[picture][beam]), key=lambda one: one[0])
        totals_BKV[:, :, eos] = float("-inf")
        scores_BK, flat_BK = totals_BKV.flatten(1).topk(beams)
        from_BK, token_BK = flat_BK // totals_BKV.shape[2], flat_BK % totals_BKV.shape[2]
        texts = [
            [[*texts[picture][source], token] for source, token in zip(sources, said, strict=True)]
            for picture, (sources, said) in enumerate(zip(from_BK.tolist(), token_BK.tolist(), strict=True))
        ]
        cache.keep((torch.arange(pictures, device=device)[:, None] * beams + from_BK).flatten())
        tokens_R = token_BK.flatten()
    unended = [(float(scores_BK[picture, 0]) / most, texts[picture][0]) for picture in range(pictures)]
    return [max(pair, key=lambda one: one[0])[1] for pair in zip(best, unended, strict=True)]
