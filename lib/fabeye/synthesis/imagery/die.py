"""A DRAM die as its block map: banks, decoders, the spine with its pads and peripheral blocks.

Notable:
- A die is a pure function of its seed, so whole layouts can be held out of training, not only pictures of them.
- Coordinates are micrometres from the die's upper left corner, x to the right, y down, seen from the front.
"""

from dataclasses import dataclass

import numpy as np

CELL_ARRAY, ROW_DECODER, COLUMN_DECODER, PERIPHERAL, PAD, SPINE = (
    "cell_array",
    "row_decoder",
    "column_decoder",
    "peripheral",
    "pad",
    "spine",
)
PERIPHERALS = (
    "VPP_PUMP",
    "VBB_PUMP",
    "VINT_REG",
    "DLL",
    "CMD_DEC",
    "CA_RCV",
    "CLK_TREE",
    "REF_CTRL",
    "ZQ_CAL",
    "EFUSE",
    "TEMP_SENS",
    "MRS_LOGIC",
    "DQS_GEN",
    "RX_FIFO",
)
BANKS = 16

Rect = tuple[float, float, float, float]  # x0, y0, x1, y1 in µm


@dataclass(frozen=True, slots=True)
class Block:
    """A named rectangle. kind: one of the constants above; banks: the banks that it serves, none for the periphery."""

    name: str
    kind: str
    rect: Rect
    banks: tuple[int, ...] = ()

    def at(self, across: float, down: float) -> tuple[float, float]:
        """The point at these shares of the block's width and height."""
        x0, y0, x1, y1 = self.rect
        return x0 + across * (x1 - x0), y0 + down * (y1 - y0)


@dataclass(frozen=True, slots=True)
class Die:
    """One layout. mats: how many array mats a bank has across and down."""

    seed: int
    width: float
    height: float
    blocks: tuple[Block, ...]
    mats: tuple[int, int]

    def block(self, name: str) -> Block:
        """The block of this name. Raises KeyError."""
        return {block.name: block for block in self.blocks}[name]

    def serving(self, kind: str, bank: int) -> Block:
        """The block of a kind that serves a bank. Raises StopIteration where there is none."""
        return next(block for block in self.blocks if block.kind == kind and bank in block.banks)

    def of_kind(self, kind: str) -> list[Block]:
        """All blocks of a kind."""
        return [block for block in self.blocks if block.kind == kind]

    def block_at(self, x: float, y: float) -> Block:
        """The block at a point; between blocks it is the spine's routing."""
        for block in self.blocks:
            x0, y0, x1, y1 = block.rect
            if x0 <= x <= x1 and y0 <= y <= y1:
                return block
        return Block("ROUTING", SPINE, (0.0, 0.0, self.width, self.height))


def make_die(seed: int) -> Die:
    """Lay out a die of 7 to 10.5 mm by 4.8 to 7.6 mm with 16 banks in two rows."""
    rng = np.random.default_rng(seed)
    width, height = float(rng.uniform(7000, 10500)), float(rng.uniform(4800, 7600))
    edge, spine = float(rng.uniform(60, 120)), float(rng.uniform(420, 700))
    decoders = float(rng.uniform(70, 120)), float(rng.uniform(60, 110))  # width of row, height of column decoders
    arrays = _arrays(width, height, edge, spine, decoders)
    top = max(block.rect[3] for block in arrays if block.rect[1] < height / 2)
    bottom = min(block.rect[1] for block in arrays if block.rect[1] > height / 2)
    pads = _pads(rng, width, (top + bottom) / 2, edge)
    blocks = (*pads, *_periphery(rng, width, edge, (top, bottom), pads), *arrays)
    return Die(seed, width, height, blocks, (int(rng.integers(6, 14)), int(rng.integers(14, 28))))


def _arrays(width: float, height: float, edge: float, spine: float, decoders: tuple[float, float]) -> list[Block]:
    """Banks in pairs with a row decoder between, and their column decoders towards the spine."""
    row_wide, column_high = decoders
    count = BANKS // 2
    bank_wide = (width - 2 * edge - count // 2 * row_wide) / count
    bank_high = (height - 2 * edge - spine - 2 * column_high) / 2
    blocks: list[Block] = []
    for side, (y0, y1) in enumerate(((edge, edge + bank_high), (height - edge - bank_high, height - edge))):
        strip = (y1, y1 + column_high) if side == 0 else (y0 - column_high, y0)
        for column in range(count):
            bank = column + side * count
            x0 = edge + column * bank_wide + (column + 1) // 2 * row_wide
            blocks.append(Block(f"BANK{bank}", CELL_ARRAY, (x0, y0, x0 + bank_wide, y1), (bank,)))
            blocks.append(Block(f"YDEC{bank}", COLUMN_DECODER, (x0, strip[0], x0 + bank_wide, strip[1]), (bank,)))
            if column % 2 == 0:
                rect = (x0 + bank_wide, y0, x0 + bank_wide + row_wide, y1)
                blocks.append(Block(f"XDEC{bank // 2}", ROW_DECODER, rect, (bank, bank + 1)))
    return blocks


def _pads(rng: np.random.Generator, width: float, middle: float, edge: float) -> list[Block]:
    count, half = int(rng.integers(40, 70)), float(rng.uniform(25, 35))
    places = np.linspace(edge + 200, width - edge - 200, count)
    return [
        Block(f"PAD{number}", PAD, (float(x) - half, middle - half, float(x) + half, middle + half))
        for number, x in enumerate(places)
    ]


def _periphery(
    rng: np.random.Generator, width: float, edge: float, ends: tuple[float, float], pads: list[Block]
) -> list[Block]:
    """Blocks above and below the row of pads, all of PERIPHERALS in an order of the die's own."""
    names = [str(name) for name in rng.permutation(np.array(PERIPHERALS))]
    half = len(names) // 2
    rows = ((ends[0] + 8, pads[0].rect[1] - 10), (pads[0].rect[3] + 10, ends[1] - 8))
    blocks = []
    for (y0, y1), chosen in zip(rows, (names[:half], names[half:]), strict=True):
        shares = np.cumsum(rng.uniform(0.5, 1.6, len(chosen)))
        cuts = edge + 20 + np.concatenate([[0], shares / shares[-1]]) * (width - 2 * edge - 40)
        blocks += [
            Block(name, PERIPHERAL, (float(x0) + 6, y0, float(x1) - 6, y1))
            for name, x0, x1 in zip(chosen, cuts[:-1], cuts[1:], strict=True)
        ]
    return blocks
