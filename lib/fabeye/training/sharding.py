"""Fully sharded training (FSDP): every process keeps a share of the weights and fetches a block's rest when it runs.

Notable:
- PyTorch's fully_shard by way of Composer. A block of the encoder or decoder is what is fetched at once; all other
  weights are fetched together and stay until the step is over, so the heads may be used outside of the model's forward.
- Processes wait for each other in every forward pass, so all of them must make equally many, validation included.
- A checkpoint of the run holds whole weights, written by the first process; any number of processes goes on from it.
"""

import torch
from composer.utils import FSDP2Config
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict
from torch.distributed.fsdp import FSDPModule
from torch.distributed.tensor import DTensor

from fabeye.model import PretrainModel

from .processes import is_first


def sharded_blocks(model: PretrainModel) -> FSDP2Config:
    """What Composer is told: each block is a unit of its own."""
    units = {*model.encoder.blocks, *model.decoder.blocks}
    model.fsdp_wrap_fn = lambda module: module in units  # type: ignore[assignment]  # where Composer looks for it
    return FSDP2Config(state_dict_type="full")


def gathered(model: PretrainModel) -> PretrainModel:
    """The model with whole weights on the first process's CPU, itself where it was never shared out.

    A collective call; the other processes get back what they have.
    """
    if not isinstance(model, FSDPModule):
        return model
    state = get_model_state_dict(model, options=StateDictOptions(full_state_dict=True, cpu_offload=True))
    if not is_first():
        return model
    with torch.random.fork_rng():  # whoever gathers on the way draws nothing from the training's numbers
        whole = PretrainModel(model.config)
    whole.load_state_dict(state)
    return whole


def share_out(model: torch.nn.Module) -> None:
    """Give back what a forward pass without a backward one has fetched, so that all weights are shares again."""
    if isinstance(model, FSDPModule):
        model.reshard()


def own_part(tensor: torch.Tensor) -> torch.Tensor:
    """What this process holds of a tensor: its share, or all of it."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def whole_sum(weight: torch.Tensor) -> torch.Tensor:
    """Sum of a weight, of all its shares where it has some."""
    total = weight.sum()
    return total.full_tensor() if isinstance(total, DTensor) else total
