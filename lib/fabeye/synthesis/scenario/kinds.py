"""What a way to fail consists of: where an optical method sees it, what the microscope finds, what goes with it."""

from dataclasses import dataclass

from fabeye.synthesis.wording import Phrase

BITMAP, EMMI, OBIRCH, THERMAL, COMMONALITY, CURVE = "bitmap", "emmi", "obirch", "thermal", "commonality", "curve"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an optical method sees the fault.

    block: a kind or the name of a block of imagery/die.py. shape, mechanism: as imagery/emission.py knows them.
    lenses: those that show it well. flat: whether a line runs along a word line, not along a bit line.
    """

    block: str
    shape: str
    mechanism: str
    lenses: tuple[str, ...] = ("5x", "20x")
    flat: bool = True


@dataclass(frozen=True, slots=True)
class Find:
    """What the microscope shows. defect: a key of imagery/defects.py for the structure. elements: what EDX says.

    remedy: what changes at the step.
    """

    layer: str
    structure: str
    defect: str
    finding: Phrase
    mechanism: Phrase
    step: str
    remedy: Phrase
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way to fail.

    bitmap: a mode of imagery/bitmap.py, "" where none is taken. patterns: of imagery/wafer.py, none for packaged parts.
    current: "leak", "open" or "" (no current worth a curve). methods: in the order in which they were used.
    nothing in `finds`: no trouble was found.
    """

    key: str
    mode: Phrase
    item: Phrase
    condition: Phrase
    sources: tuple[str, ...]
    bitmap: str
    patterns: tuple[str, ...]
    current: str
    methods: tuple[str, ...]
    place: Place | None
    finds: tuple[Find, ...]


CP = ("CP1", "CP2")
FINAL = ("FT1", "Burn-in", "SLT")
