"""The fifteen ways to fail: each row ties signature, bitmap, wafer pattern, localisation, defect and step together.

Notable:
- A row is causal: an emission picture exists only where a current of nA or more flows through something that shines; a
  cell's fA leak is found by its address, a metal short by OBIRCH.
- A row may end in one of several finds; each names its layer, its defect and the step that made it.
- English wording is without an article, so it fits a table, a call-out and a Chinese sentence; facts.py adds articles.
"""

from fabeye.synthesis.scenario.array_fails import ARRAY_FAILS
from fabeye.synthesis.scenario.kinds import Scenario
from fabeye.synthesis.scenario.other_fails import OTHER_FAILS

SCENARIOS: tuple[Scenario, ...] = (*ARRAY_FAILS, *OTHER_FAILS)
