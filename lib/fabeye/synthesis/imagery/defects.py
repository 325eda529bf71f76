"""Which defects can be drawn in which structure, and what an inspector must not take for one.

Notable:
- A defect is made of relief and material like its surroundings, so the microscope lights both alike.
- DEFECTS is the list of what can be drawn: structure -> defect -> function that changes it and returns the mask.

Shapes: H, W as in specimen.py; every mask is bool[H, W].
"""

from collections.abc import Callable

import cv2
import numpy as np

from fabeye.synthesis.imagery import section_defects, topdown_defects
from fabeye.synthesis.imagery.defect_shapes import pick_place
from fabeye.synthesis.imagery.specimen import Specimen, grid

Maker = Callable[[np.random.Generator, Specimen], np.ndarray]


def nuisance(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """No defect but what an inspector must not take for one: the dark frame that an earlier, closer scan has left."""
    y_HW, x_HW = grid()
    x, y = pick_place(rng)
    width, height = rng.uniform(60, 120), rng.uniform(45, 90)
    mask_HW = (abs(x_HW - x) < width) & (abs(y_HW - y) < height)
    specimen.tone_HW *= 1 - 0.22 * cv2.GaussianBlur(mask_HW.astype(np.float32), (0, 0), 2)
    return mask_HW


FROM_ABOVE: dict[str, Maker] = {
    "particle": topdown_defects.particle,
    "residue": topdown_defects.residue,
    "scratch": topdown_defects.scratch,
    "peeling": topdown_defects.peeling,
}
DEFECTS: dict[str, dict[str, Maker]] = {
    "lines": {
        "bridge": topdown_defects.bridge,
        "micro_bridge": topdown_defects.micro_bridge,
        "open": topdown_defects.broken_line,
        "necking": topdown_defects.necking,
        "collapse": topdown_defects.collapse,
        "wiggling": topdown_defects.wiggling,
        "burn": topdown_defects.burn,
        "corrosion": topdown_defects.corrosion,
        "void": topdown_defects.metal_void,
        **FROM_ABOVE,
    },
    "holes": {
        "missing": topdown_defects.missing_hole,
        "under_etch": topdown_defects.closed_hole,
        "merged": topdown_defects.merged_holes,
        "misalignment": topdown_defects.shifted_holes,
        **FROM_ABOVE,
        "residue": topdown_defects.hole_residue,
    },
    "capacitors": {
        "void": section_defects.contact_void,
        "seam": section_defects.seam,
        "leak": section_defects.dielectric_leak,
        "tilt": section_defects.tilted_pillar,
    },
    "gates": {
        "pinhole": section_defects.oxide_pinhole,
        "bridge": section_defects.plug_short,
        "under_etch": section_defects.short_plug,
        "burn": topdown_defects.burn,
    },
    "vias": {
        "open": section_defects.open_via,
        "void": section_defects.via_void,
        "extrusion": section_defects.extrusion,
        "crack": section_defects.crack,
    },
}
