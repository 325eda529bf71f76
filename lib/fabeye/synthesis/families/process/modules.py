"""All modules that a process manual can be about."""

from fabeye.synthesis.families.process.films import CVD, FURNACE, IMPLANT, SPUTTER
from fabeye.synthesis.families.process.patterning import CMP, ETCH, PHOTO, WET

MODULES = (ETCH, CVD, CMP, FURNACE, PHOTO, WET, IMPLANT, SPUTTER)
