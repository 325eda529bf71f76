"""One failure at one place and time: identifiers, people, dates and addresses that agree with each other.

Notable:
- Dates stand in the order in which a laboratory works: request, test, localisation, microscope, closing.
- Where an optical method sees the fault follows from the bank and the address that failed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fabeye.synthesis.scenario.kinds import CP, Find, Scenario
from fabeye.synthesis.scenario.layers import LAYERS, STEPS
from fabeye.synthesis.scenario.names import (
    CUSTOMERS,
    NODES,
    PACKAGES,
    Person,
    draw_address,
    draw_lot,
    draw_mask,
    draw_people,
    draw_product,
    draw_station,
    draw_tool,
)
from fabeye.synthesis.scenario.table import SCENARIOS
from fabeye.synthesis.wording import Phrase

BANKS, ROWS, COLUMNS = 16, 65536, 1024  # of one die
MARGIN = 40  # cells that the fail keeps from the edge of the bitmap's window
WINDOW = 384  # rows and columns of the bitmap's window
DEPARTMENTS = (
    Phrase("PIE-2", "工艺整合二部"),
    Phrase("Yield Engineering", "良率工程部"),
    Phrase("Product Test", "产品测试部"),
    Phrase("Customer Quality", "客户品质部"),
    Phrase("Reliability Lab", "可靠性实验室"),
)
ROLES = ("requester", "analyst", "reviewer", "approver", "first", "second", "third")


@dataclass(frozen=True, slots=True)
class Address:
    """Bank, row, column and data pin of the failing cell, and the first row and column of the window around it."""

    bank: int
    row: int
    column: int
    pin: int
    window_row: int
    window_column: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of a case, in order."""

    requested: date
    tested: date
    located: date
    observed: date
    closed: date


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario at one place and time.

    find, step, tool, chamber, recipe: None or "" where no trouble was found. pitch_nm: of the layer that was looked at.
    pattern: of the wafer map, "" for a packaged part. people: the seven ROLES. layout_seed: of the product's die.
    fail_percent, loss_percent: of the lot. host, address_ip: of the server with the raw data. mask: of the layer that
    was looked at, "" for none. station: hardware address of the tester.
    """

    scenario: Scenario
    find: Find | None
    language: str
    number: str
    product: str
    node: str
    package: str
    serial: str
    customer: str
    department: Phrase
    lot: str
    wafer: int
    soft_bin: int
    hard_bin: int
    source: str
    address: Address
    pattern: str
    tool: str
    chamber: str
    recipe: str
    microscope: str
    camera: str
    pitch_nm: float
    schedule: Schedule
    people: dict[str, Person]
    layout_seed: int
    fail_percent: float
    loss_percent: float
    host: str
    mask: str
    address_ip: str
    station: str

    @property
    def index(self) -> int:
        """Number of the scenario in the table."""
        return SCENARIOS.index(self.scenario)

    @property
    def density(self) -> str:
        """What the product's code says of its density."""
        return f"{int(self.product[3:5])} Gb"

    @property
    def parent_lot(self) -> str:
        """The lot without its child number."""
        return self.lot.split(".")[0]


def draw_case(rng: Random, language: str, scenario: Scenario | None = None) -> Case:
    """Draw a case of a scenario, or of any of them; language is en, zh or mixed."""
    scenario = scenario or rng.choice(SCENARIOS)
    find = rng.choice(scenario.finds) if scenario.finds else None
    step = STEPS[find.step] if find else None
    schedule = _schedule(rng)
    people = dict(zip(ROLES, draw_people(rng, language, len(ROLES)), strict=True))
    loss = round(rng.uniform(0.3, 4.5), 1)
    source = rng.choice(scenario.sources)
    number = f"FA{schedule.requested:%y%m}-{rng.randint(1, 999):04d}"
    return Case(
        scenario=scenario,
        find=find,
        language=language,
        number=number,
        product=draw_product(rng),
        node=rng.choice(NODES),
        package=rng.choice(PACKAGES),
        serial=f"SN{rng.randint(10**7, 10**8 - 1)}",
        customer=rng.choice(CUSTOMERS)[0 if language == "en" else 1],
        department=rng.choice(DEPARTMENTS),
        lot=draw_lot(rng),
        wafer=rng.randint(1, 25),
        soft_bin=rng.choice((5, 7, 12, 21, 33)),
        hard_bin=rng.choice((3, 4, 8)),
        source=source,
        address=_address(rng),
        pattern=rng.choice(scenario.patterns) if scenario.patterns and source in CP else "",
        tool=draw_tool(rng, step.tool) if step else "",
        chamber=f"CH-{rng.choice('ABCD')}" if step else "",
        recipe=f"{step.recipe}_{rng.randint(100, 999)}_V{rng.randint(1, 9)}" if step else "",
        microscope=draw_tool(rng, "SEM"),
        camera=draw_tool(rng, "EMS"),
        pitch_nm=round(rng.uniform(*LAYERS[find.layer].pitch_nm), 1) if find else 0.0,
        schedule=schedule,
        people=people,
        layout_seed=rng.randrange(10**6),
        fail_percent=round(loss + rng.uniform(0.2, 2.0), 1),
        loss_percent=loss,
        host=f"\\\\fab-fs{rng.randint(1, 12):02d}\\FA\\{schedule.requested:%Y}\\{number}",
        mask=draw_mask(rng, find.layer) if find else "",
        address_ip=draw_address(rng),
        station=draw_station(rng),
    )


def _schedule(rng: Random) -> Schedule:
    requested = date(rng.randint(2022, 2025), 1, 1) + timedelta(days=rng.randrange(365))
    tested = requested + timedelta(days=rng.randint(1, 3))
    located = tested + timedelta(days=rng.randint(0, 2))
    observed = located + timedelta(days=rng.randint(1, 4))
    return Schedule(requested, tested, located, observed, observed + timedelta(days=rng.randint(2, 6)))


def _address(rng: Random) -> Address:
    """An address well inside the bank and well inside its window."""
    row = rng.randrange(WINDOW, ROWS - WINDOW)
    column = rng.randrange(WINDOW, COLUMNS - WINDOW)
    window_row = row - rng.randint(MARGIN, WINDOW - MARGIN)
    window_column = column - rng.randint(MARGIN, WINDOW - MARGIN)
    return Address(rng.randrange(BANKS), row, column, rng.randrange(8), window_row, window_column)
