"""Layers and steps of a DRAM process: what a layer looks like under the microscope, and which tools run a step.

Notable:
- A tool's prefix follows from its step, a picture's structure and pitch from its layer; nothing of it is free.
- Pitches are plausible ranges in nm for a 1x-nm process, not those of a product.
"""

from dataclasses import dataclass

from fabeye.synthesis.wording import Phrase


@dataclass(frozen=True, slots=True)
class Layer:
    """structures: names of imagery/specimen.py that this layer can show; pitch_nm: lowest and highest pitch."""

    name: Phrase
    structures: tuple[str, ...]
    pitch_nm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """tool: prefix of the tools that run it; recipe: first part of its recipes' names."""

    tool: str
    recipe: str


LAYERS = {
    "AA": Layer(Phrase("active area", "有源区"), ("lines", "gates"), (38, 54)),
    "GC": Layer(Phrase("gate conductor", "栅极"), ("lines", "gates"), (40, 62)),
    "BLC": Layer(Phrase("bit-line contact", "位线接触"), ("holes",), (56, 76)),
    "BL": Layer(Phrase("bit line", "位线"), ("lines",), (38, 52)),
    "SNC": Layer(Phrase("storage-node contact", "存储节点接触"), ("holes", "capacitors"), (38, 52)),
    "CAP": Layer(Phrase("cell capacitor", "电容"), ("holes", "capacitors"), (38, 52)),
    "CT": Layer(Phrase("periphery contact", "外围接触孔"), ("holes", "gates"), (90, 140)),
    "GOX": Layer(Phrase("periphery gate oxide", "外围栅氧"), ("gates",), (110, 170)),
    "M0": Layer(Phrase("first local metal", "局部金属层"), ("lines", "vias"), (70, 110)),
    "M1": Layer(Phrase("metal 1", "第一金属层"), ("lines", "vias"), (90, 160)),
    "V1": Layer(Phrase("via 1", "第一通孔层"), ("vias",), (130, 210)),
    "M2": Layer(Phrase("metal 2", "第二金属层"), ("lines", "vias"), (170, 280)),
    "ILD": Layer(Phrase("interlayer dielectric", "层间介质"), ("lines",), (70, 120)),
    "IO": Layer(Phrase("ESD diode at the pad", "焊盘 ESD 二极管"), ("lines",), (420, 800)),
}

STEPS = {
    "GC ETCH": Step("ETC", "GC_ETCH"),
    "BLC ETCH": Step("ETC", "BLC_ETCH"),
    "BL ETCH": Step("ETC", "BL_ETCH"),
    "CT ETCH": Step("ETC", "CT_ETCH"),
    "V1 ETCH": Step("ETC", "V1_ETCH"),
    "SPACER ETCH": Step("ETC", "SP_ETCH"),
    "BEVEL ETCH": Step("ETC", "BEV_ETCH"),
    "W CMP": Step("CMP", "W_CMP"),
    "M1 CMP": Step("CMP", "M1_CMP"),
    "SNC FILL": Step("CVD", "SNC_POLY"),
    "CAP HK DEP": Step("CVD", "HK_ALD"),
    "ILD DEP": Step("CVD", "ILD_DEP"),
    "GATE OX": Step("DIF", "GOX_FURN"),
    "BLC IMP": Step("IMP", "BLC_IMP"),
    "ARRAY VT IMP": Step("IMP", "VT_IMP"),
    "BL PHOTO": Step("PHO", "BL_EXP"),
    "SNC PRECLEAN": Step("WET", "SNC_HF"),
    "CAP WET STRIP": Step("WET", "CAP_STRIP"),
    "SAW RINSE": Step("WET", "SAW_RINSE"),
    "M2 SEED": Step("PVD", "M2_SEED"),
    "M1 BARRIER": Step("PVD", "M1_TAN"),
}
