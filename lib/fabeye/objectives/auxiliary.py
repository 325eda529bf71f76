"""What a document's layout teaches besides its text: the class of each patch, and which block is read first.

Notable:
- Both need labels that generated pages have; a patch or block without one (IGNORED) does not count.
- Heads are given by the caller, so the encoder that is kept has no trace of them.

Shapes: T patches of all images, E width, L classes, K blocks of a page.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

IGNORED = -100  # label of a patch about which nothing is known; torch's own value


def layout_loss(tokens_TE: Tensor, labels_T: Tensor, head: nn.Module) -> tuple[Tensor, int]:
    """Summed cross entropy of the layout class of each labelled patch, and how many there are.

    head: (T, E) -> (T, L).
    """
    known_T = labels_T != IGNORED
    logits = head(tokens_TE[known_T])
    return F.cross_entropy(logits.float(), labels_T[known_T], reduction="sum"), int(known_T.sum())


def reading_order_loss(blocks_KE: Sequence[Tensor], head: nn.Module) -> tuple[Tensor, int]:
    """Summed loss over all pairs of blocks of a page: is the one read before the other? And how many pairs there are.

    blocks_KE: for each page one vector a block, in reading order. head: first and second, (pairs, 2 E) -> (pairs, 1).
    """
    losses = [_page_order_loss(page_KE, head) for page_KE in blocks_KE if len(page_KE) > 1]
    pairs = sum(len(page_KE) * (len(page_KE) - 1) for page_KE in blocks_KE)
    return torch.stack(losses).sum() if losses else torch.zeros(()), pairs


def _page_order_loss(page_KE: Tensor, head: nn.Module) -> Tensor:
    first, second = (~torch.eye(len(page_KE), dtype=torch.bool)).nonzero().T.to(page_KE.device)
    before = head(torch.cat([page_KE[first], page_KE[second]], dim=1))[:, 0]
    return F.binary_cross_entropy_with_logits(before.float(), (first < second).float(), reduction="sum")
