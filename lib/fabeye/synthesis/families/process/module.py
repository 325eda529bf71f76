"""What is told of a module of the fab: its steps, parameters, quantities, chemicals, procedure and checks."""

from dataclasses import dataclass

from fabeye.synthesis.wording import Phrase


@dataclass(frozen=True, slots=True)
class Parameter:
    """A recipe's parameter. low, high: range of its set point; window: allowed deviation as a share of it."""

    name: Phrase
    unit: str
    low: float
    high: float
    window: float
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured after a step. window: its tolerance as a share of the target; gauge: who measures."""

    name: Phrase
    unit: str
    low: float
    high: float
    window: float
    digits: int
    gauge: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the fab. steps: (step, layer); tool: prefix of its tools; code: of its documents and recipes."""

    name: Phrase
    code: str
    tool: str
    steps: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]
    quantities: tuple[Quantity, ...]
    chemicals: tuple[str, ...]
    procedure: tuple[Phrase, ...]
    warnings: tuple[Phrase, ...]
    checks: tuple[tuple[Phrase, Phrase], ...]
