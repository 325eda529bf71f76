"""Tell which text belongs to which image: CLIP's softmax over the batch, or SigLIP's yes or no for every pair.

Notable:
- Both take one vector an image and one a text; how those are pooled is the caller's business.
- SigLIP's sum over pairs is divided by the number of images, as its authors do, so it can be summed over processes.
- With a scale of exp(t) and a bias b, t' = log 10 and b = -10 are SigLIP's first values: at first nothing matches.

Shapes: B images and B texts, E width.
Source: Radford et al., 2021; Zhai et al., Sigmoid Loss for Language Image Pre-Training, 2023, algorithm 1.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SIGLIP_SCALE, SIGLIP_BIAS = 10.0, -10.0  # first values


def clip_loss(image_BE: Tensor, text_BE: Tensor, scale: Tensor) -> Tensor:
    """Summed cross entropy in nats, the mean of both directions, on unit vectors times `scale`."""
    logits_BB = scale * F.normalize(image_BE, dim=1) @ F.normalize(text_BE, dim=1).T
    right_B = torch.arange(len(logits_BB), device=logits_BB.device)
    both = F.cross_entropy(logits_BB, right_B, reduction="sum") + F.cross_entropy(logits_BB.T, right_B, reduction="sum")
    return both / 2


def siglip_loss(image_BE: Tensor, text_BE: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Summed over images: minus log of the probability that every pair is told right."""
    logits_BB = scale * F.normalize(image_BE, dim=1) @ F.normalize(text_BE, dim=1).T + bias
    signs_BB = 2 * torch.eye(len(logits_BB), device=logits_BB.device) - 1
    return -F.logsigmoid(signs_BB * logits_BB).sum()
