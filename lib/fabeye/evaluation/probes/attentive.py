"""The attentive probe: one learned query looks over a picture's frozen tokens, and a linear layer names the class.

Notable:
- AIMv2 is judged this way: what a mean token blurs, a query can find.
- Deterministic: weights start from a seed, all pictures are one batch, a fixed number of AdamW steps in fp32.
- Tokens are standardised first, so that one learning rate serves encoders of any scale.

Shapes: B pictures, N tokens of the longest, D width of the features, K classes, Q width of the query.
Source: Fini et al., Multimodal Autoregressive Pre-training of Large Vision Encoders, 2024, section 4.1.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .features import Features, Seen
from .linear import Labelled, balanced_accuracy

STEPS = 100
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 0.05
WIDTH = 64  # of query, keys and values
MOST_TOKENS = 256  # of one picture; longer ones are thinned evenly, so that one large page does not cost them all
TINY = 1e-6  # added to a standard deviation that may be zero


class AttentiveProbe(nn.Module):
    """softmax(query . keys) over the tokens, then a linear layer."""

    def __init__(self, dim: int, classes: int):
        super().__init__()
        self.query_Q = nn.Parameter(torch.randn(WIDTH) / WIDTH**0.5)
        self.key = nn.Linear(dim, WIDTH, bias=False)
        self.value = nn.Linear(dim, WIDTH, bias=False)
        self.head = nn.Linear(WIDTH, classes)

    def forward(self, tokens_BND: Tensor, real_BN: Tensor) -> Tensor:
        """Logits (B, K); `real_BN` is False where a picture has no such token."""
        scores_BN = self.key(tokens_BND) @ self.query_Q / WIDTH**0.5
        weights_BN = scores_BN.masked_fill(~real_BN, float("-inf")).softmax(dim=1)
        return self.head(torch.einsum("bn,bnq->bq", weights_BN, self.value(tokens_BND)))


def attentive_accuracy(features: Features, train: Labelled, test: Labelled, seed: int) -> float:
    """Balanced accuracy of an attentive probe learned on `train`, over the classes it was shown."""
    classes = sorted(set(train.labels))
    kept = [at for at, label in enumerate(test.labels) if label in set(classes)]
    learned, asked = features(train.images), features([test.images[at] for at in kept])
    mean_D, std_D = _moments(learned)
    probe = _fitted(*_batched(learned, mean_D, std_D), [classes.index(label) for label in train.labels], seed)
    with torch.no_grad():
        said = probe(*_batched(asked, mean_D, std_D)).argmax(dim=1).tolist()
    return balanced_accuracy([test.labels[at] for at in kept], [classes[at] for at in said])


def _fitted(tokens_BND: Tensor, real_BN: Tensor, targets: Sequence[int], seed: int) -> AttentiveProbe:
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        probe = AttentiveProbe(tokens_BND.shape[2], max(targets) + 1)
    optimizer = torch.optim.AdamW(probe.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    wanted_B = torch.tensor(targets)
    for _ in range(STEPS):
        optimizer.zero_grad()
        F.cross_entropy(probe(tokens_BND, real_BN), wanted_B).backward()
        optimizer.step()
    return probe.eval()


def _moments(seen: Sequence[Seen]) -> tuple[Tensor, Tensor]:
    tokens_ND = torch.cat([_thinned(one.tokens_ND) for one in seen]).float().cpu()
    return tokens_ND.mean(dim=0), tokens_ND.std(dim=0) + TINY


def _batched(seen: Sequence[Seen], mean_D: Tensor, std_D: Tensor) -> tuple[Tensor, Tensor]:
    rows = [(_thinned(one.tokens_ND).float().cpu() - mean_D) / std_D for one in seen]
    tokens_BND = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    lengths_B = torch.tensor([len(row) for row in rows])
    return tokens_BND, torch.arange(tokens_BND.shape[1])[None] < lengths_B[:, None]


def _thinned(tokens_ND: Tensor) -> Tensor:
    return tokens_ND[:: -(-len(tokens_ND) // MOST_TOKENS)]
