"""One process or many: who writes, and where all wait for it.

Notable:
- Works without a process group, so that one process needs no launcher.
"""

import torch.distributed as group


def is_first() -> bool:
    """Whether this process is the one that writes."""
    return not group.is_initialized() or group.get_rank() == 0


def wait_for_all() -> None:
    """Return when every process has come here."""
    if group.is_initialized():
        group.barrier()
