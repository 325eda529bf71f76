"""What a planned training asks of the machines: disk, network, memory, days, money.

Notable:
- Shards hold pictures as they were found, however far a stage scales them down, so a small stage reads fastest.
- Values that a block keeps for its backward pass were measured on ours (`fabeye bench model`: 4 blocks more of width
  1,024 at 2,304 tokens take 963 MiB in fp32).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fabeye.settings import PretrainSettings, Settings

from .start import encoder_sizes

STATE_BYTES = 16  # a weight in fp32, its gradient, AdamW's two moments
MEAN_BYTES = 4  # a weight's running mean
FETCHED_BYTES = 8  # a weight and its gradient, of the block that has been fetched whole
KEPT = 27  # values that a block keeps of each token for each unit of its width
SCORE_BYTES = 8  # a text token's score for a word, and its gradient
MEGA, TERA, DAY_H, HOUR_S = 1e6, 1e12, 24, 3600


@dataclass(frozen=True, slots=True)
class Demands:
    """Of a whole training on `processes` accelerators, together busy for `accelerator_hours`.

    shards_bytes: of all training pairs. node_mb_s: stage -> MB/s of shards that one machine reads. memory_bytes: of one
    accelerator at the most. days: stage -> days. day_price: what a day of all accelerators costs, delays included.
    """

    processes: int
    accelerator_hours: float
    shards_bytes: float
    node_mb_s: dict[str, float]
    memory_bytes: float
    days: dict[str, float]
    day_price: float

    def as_text(self) -> str:
        """For people."""
        stages = (
            f"{name:8} {days:10.2f} days on {self.processes} accelerators, {self.node_mb_s[name]:8.1f} MB/s a node"
            for name, days in self.days.items()
        )
        return "\n".join(
            [
                *stages,
                f"in all   {self.accelerator_hours:,.2f} accelerator-hours",
                f"shards   {self.shards_bytes / 1e9:,.1f} GB, at most {self.memory_bytes / 1e9:.1f} GB of memory each",
                f"a day    {self.day_price:,.0f} for all accelerators, a day's delay as much",
            ]
        )


def demands(
    flops: dict[str, float], samples: dict[str, int], weights: int, logits: float, settings: Settings
) -> Demands:
    """flops, samples: of each stage. weights: of the whole model. logits: scores for each token, the mean."""
    plan = settings.plan
    fleet = plan.processes * plan.peak_tflops * TERA * plan.utilisation  # FLOP/s
    seconds = {name: count / fleet for name, count in flops.items()}
    nodes, pair = max(1, plan.processes / plan.per_node), plan.pair_patches * plan.patch_bytes  # bytes
    return Demands(
        plan.processes,
        sum(seconds.values()) * plan.processes / HOUR_S,
        plan.pairs * pair,
        {name: samples[name] * pair / seconds[name] / nodes / MEGA for name in flops},
        memory_bytes(weights, logits, settings.pretrain, plan.processes),
        {name: spent / HOUR_S / DAY_H for name, spent in seconds.items()},
        plan.processes * DAY_H * plan.hour_price,
    )


def memory_bytes(weights: int, logits: float, pretrain: PretrainSettings, processes: int) -> float:
    """Peak of one accelerator: weights and optimiser, then a microbatch's values.

    What its libraries take is not counted, nor are buckets of gradients under way.
    """
    value = 2 if pretrain.precision == "bf16" else 4
    trunks = [(trunk.dim, trunk.depth) for trunk in (encoder_sizes(pretrain), pretrain.decoder)]
    state = float(weights * (STATE_BYTES + (MEAN_BYTES if pretrain.ema else 0)))
    if pretrain.fsdp:
        state = state / processes + weights / sum(depth for _, depth in trunks) * FETCHED_BYTES
    token = kept_values(trunks, pretrain.recompute) * value + logits * SCORE_BYTES
    return state + pretrain.microbatch * token


def kept_values(trunks: Iterable[tuple[int, int]], recompute: bool) -> int:
    """Values of one token that wait for the backward pass at its worst moment. trunks: (width, blocks) of each."""
    widths = [width for width, blocks in trunks for _ in range(blocks)]
    waiting = sum(widths) * (1 if recompute else KEPT)
    return waiting + max(widths) * KEPT * (2 if recompute else 1)  # the block at work: made anew, and its gradients
