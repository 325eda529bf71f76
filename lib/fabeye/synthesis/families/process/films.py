"""The modules that make and change films: deposition, furnace, implantation, sputtering.

Notable:
- All values are plausible ranges, not a fab's. A quantity's limits and a parameter's window are drawn from them.
- The wording is our own, in the manner of a work instruction.
"""

from fabeye.synthesis.families.process.module import Module, Parameter, Quantity
from fabeye.synthesis.wording import Phrase

CVD = Module(
    Phrase("Chemical vapour deposition", "化学气相沉积"),
    "CVD",
    "CVD",
    (("ILD DEP", "ILD"), ("SNC FILL", "SNC"), ("CAP HK DEP", "CAP"), ("SPACER DEP", "GC"), ("HM DEP", "BL")),
    (
        Parameter(Phrase("Chamber pressure", "腔体压力"), "Torr", 1.5, 9.0, 0.03, 1),
        Parameter(Phrase("Heater temperature", "加热盘温度"), "°C", 350, 680, 0.01),
        Parameter(Phrase("TEOS flow", "TEOS 流量"), "mgm", 400, 2200, 0.03),
        Parameter(Phrase("SiH4 flow", "SiH4 流量"), "sccm", 30, 350, 0.04),
        Parameter(Phrase("RF power", "射频功率"), "W", 150, 1200, 0.03),
        Parameter(Phrase("Spacing", "极板间距"), "mil", 220, 480, 0.02),
    ),
    (
        Quantity(Phrase("Film thickness", "膜厚"), "Å", 250, 4800, 0.04, 1, "Ellipsometer"),
        Quantity(Phrase("Non-uniformity", "不均匀性"), "%", 1.2, 2.4, 0.5, 2, "Ellipsometer"),
        Quantity(Phrase("Film stress", "薄膜应力"), "MPa", 110, 320, 0.15, 0, "Stress gauge"),
    ),
    ("TEOS", "SiH4", "NH3", "N2O", "WF6", "NF3"),
    (
        Phrase(
            "Start the remote plasma clean and wait until the endpoint signal is flat for <low> s.",
            "启动远程等离子清洗，待终点信号平稳 <low> s。",
        ),
        Phrase("Deposit the pre-coat of <high> nm before the first wafer.", "首片前沉积 <high> nm 预涂层。"),
        Phrase("Measure thickness at nine sites on slot <slot>.", "对槽位 <slot> 的晶圆量测九点膜厚。"),
        Phrase(
            "If the mean differs from the target by more than <count> %, correct the time and not the gas flow.",
            "均值偏离目标超过 <count> % 时，修正沉积时间而非气体流量。",
        ),
        Phrase(
            "Purge the line with nitrogen for <high> s at the end of the lot.", "批次结束后以氮气吹扫管路 <high> s。"
        ),
    ),
    (
        Phrase(
            "SiH4 burns in air without a spark. Keep the cabinet closed and follow the gas plan.",
            "SiH4 遇空气自燃。保持气柜关闭并遵守气体作业规定。",
        ),
        Phrase(
            "WF6 forms HF with moisture. Wear a face shield at the scrubber.",
            "WF6 遇水汽生成 HF。在尾气处理器处须佩戴面罩。",
        ),
    ),
    (
        (Phrase("Showerhead flatness", "喷淋头平整度"), Phrase("≤ 0.10 mm", "≤ 0.10 mm")),
        (Phrase("Heater run-out", "加热盘跳动"), Phrase("≤ 0.15 mm", "≤ 0.15 mm")),
        (Phrase("Film accumulated since clean", "清洗后累计膜厚"), Phrase("< 12 µm", "< 12 µm")),
        (Phrase("Particle adders, > 90 nm", "颗粒增加数（> 90 nm）"), Phrase("≤ 12", "≤ 12 颗")),
        (Phrase("Pump vibration", "泵振动"), Phrase("≤ 2.5 mm/s", "≤ 2.5 mm/s")),
    ),
)
FURNACE = Module(
    Phrase("Furnace and oxidation", "炉管与氧化"),
    "DIF",
    "DIF",
    (("GATE OX", "GOX"), ("PAD OX", "AA"), ("POLY DEP", "GC"), ("NITRIDE DEP", "SNC"), ("ANNEAL", "BLC")),
    (
        Parameter(Phrase("Tube temperature", "炉管温度"), "°C", 620, 1050, 0.002),
        Parameter(Phrase("Ramp rate", "升温速率"), "°C/min", 3, 12, 0.1, 1),
        Parameter(Phrase("O2 flow", "O2 流量"), "slm", 4, 18, 0.03, 1),
        Parameter(Phrase("N2 flow", "N2 流量"), "slm", 8, 25, 0.03, 1),
        Parameter(Phrase("Oxidation time", "氧化时间"), "min", 8, 60, 0.02),
        Parameter(Phrase("Boat speed", "舟速"), "mm/min", 120, 400, 0.05),
    ),
    (
        Quantity(Phrase("Oxide thickness", "氧化层厚度"), "Å", 55, 400, 0.04, 1, "Ellipsometer"),
        Quantity(Phrase("Sheet resistance", "方块电阻"), "Ω/sq", 18, 120, 0.06, 2, "4-point probe"),
        Quantity(Phrase("Thickness range in boat", "舟内厚度极差"), "Å", 4, 9, 0.5, 1, "Ellipsometer"),
    ),
    ("O2", "N2", "H2", "SiH4", "NH3", "DCS"),
    (
        Phrase(
            "Load dummies into boat positions 1 to <count> and fill empty slots.",
            "舟位 1 至 <count> 装入假片并填满空位。",
        ),
        Phrase(
            "Wait for the tube to be within 0.5 °C of set point for <low> min.",
            "等待炉管温度与设定值偏差在 0.5 °C 内并保持 <low> min。",
        ),
        Phrase(
            "Start the recipe <recipe>; do not open the shutter before the ramp down ends.",
            "启动程式 <recipe>；降温结束前不得打开炉门。",
        ),
        Phrase("Measure the monitors of top, centre and bottom zones.", "量测上、中、下三区的监控片。"),
        Phrase("Transfer to the next step within <high> min of unloading.", "出炉后 <high> min 内转至下一站点。"),
    ),
    (
        Phrase(
            "H2 and O2 meet at the torch only above 700 °C; the interlock shall never be bridged.",
            "H2 与 O2 仅可在 700 °C 以上于炬管混合，联锁严禁短接。",
        ),
        Phrase("The boat is hot. Use the quartz lifter.", "石英舟高温，须使用石英取具。"),
    ),
    (
        (Phrase("Profile of three zones", "三温区温度分布"), Phrase("± 0.5 °C", "± 0.5 °C")),
        (Phrase("Quartz tube runs", "石英管使用次数"), Phrase("< 180", "< 180 次")),
        (Phrase("Torch ignition time", "点火时间"), Phrase("≤ 8 s", "≤ 8 s")),
        (Phrase("Metal contamination, VPD", "金属污染（VPD）"), Phrase("< 1E10 /cm²", "< 1E10 /cm²")),
        (Phrase("Door seal", "炉门密封"), Phrase("no cracks", "无裂纹")),
    ),
)
IMPLANT = Module(
    Phrase("Ion implantation", "离子注入"),
    "IMP",
    "IMP",
    (("BLC IMP", "BLC"), ("ARRAY VT IMP", "AA"), ("LDD IMP", "GC"), ("WELL IMP", "AA"), ("S/D IMP", "GC")),
    (
        Parameter(Phrase("Energy", "能量"), "keV", 5, 380, 0.01),
        Parameter(Phrase("Beam current", "束流"), "mA", 0.5, 12, 0.05, 1),
        Parameter(Phrase("Tilt angle", "倾角"), "°", 3, 12, 0.05, 1),
        Parameter(Phrase("Twist angle", "旋转角"), "°", 15, 60, 0.02),
        Parameter(Phrase("Platen temperature", "靶台温度"), "°C", 15, 40, 0.05),
        Parameter(Phrase("End station pressure", "靶室压力"), "µTorr", 2, 9, 0.1, 1),
    ),
    (
        Quantity(Phrase("Sheet resistance", "方块电阻"), "Ω/sq", 60, 900, 0.04, 1, "4-point probe"),
        Quantity(Phrase("Therma-wave signal", "热波信号"), "TWU", 600, 2400, 0.03, 0, "Therma-Probe"),
        Quantity(Phrase("Dose uniformity", "剂量均匀性"), "%", 0.4, 0.9, 0.4, 2, "4-point probe"),
    ),
    ("BF3", "AsH3", "PH3", "GeF4", "Ar"),
    (
        Phrase("Tune the beam and hold it for <low> s before the first wafer.", "首片前调束并稳定 <low> s。"),
        Phrase(
            "Verify the tilt with the angle cup; the error is below 0.<count>°.",
            "以角度杯确认倾角，误差小于 0.<count>°。",
        ),
        Phrase("Implant one bare wafer with recipe <recipe> and anneal it.", "以程式 <recipe> 注入一片裸片并退火。"),
        Phrase("Read the sheet resistance at 49 sites.", "量测 49 点方块电阻。"),
        Phrase("Bake the source for <high> min after a change of species.", "更换离子种类后源体烘烤 <high> min。"),
    ),
    (
        Phrase(
            "AsH3 and PH3 are deadly at ppm level. Leave at the first alarm.",
            "AsH3 与 PH3 在 ppm 级即可致命，报警时立即撤离。",
        ),
        Phrase("Terminals carry high voltage; ground them with the rod first.", "端子带高压，须先用接地棒放电。"),
    ),
    (
        (Phrase("Source life", "离子源寿命"), Phrase("< 400 h", "< 400 h")),
        (Phrase("Angle error", "角度误差"), Phrase("≤ 0.1°", "≤ 0.1°")),
        (Phrase("Cryo pump temperature", "冷泵温度"), Phrase("≤ 14 K", "≤ 14 K")),
        (Phrase("Energy contamination", "能量污染"), Phrase("≤ 0.1 %", "≤ 0.1 %")),
        (Phrase("Radiation at the door", "门侧辐射"), Phrase("≤ 0.6 µSv/h", "≤ 0.6 µSv/h")),
    ),
)
SPUTTER = Module(
    Phrase("Physical vapour deposition", "物理气相沉积"),
    "PVD",
    "PVD",
    (("M2 SEED", "M2"), ("M1 BARRIER", "M1"), ("TI LINER", "CT"), ("AL PAD DEP", "M2"), ("TIN DEP", "CAP")),
    (
        Parameter(Phrase("DC power", "直流功率"), "W", 500, 5000, 0.02),
        Parameter(Phrase("Argon flow", "氩气流量"), "sccm", 15, 120, 0.04),
        Parameter(Phrase("N2 flow", "N2 流量"), "sccm", 20, 140, 0.04),
        Parameter(Phrase("Wafer temperature", "晶圆温度"), "°C", 25, 320, 0.03),
        Parameter(Phrase("Target distance", "靶距"), "mm", 45, 190, 0.01),
        Parameter(Phrase("Deposition time", "沉积时间"), "s", 6, 90, 0.03),
    ),
    (
        Quantity(Phrase("Sheet resistance", "方块电阻"), "Ω/sq", 1.5, 40, 0.05, 2, "4-point probe"),
        Quantity(Phrase("Metal thickness", "金属厚度"), "Å", 80, 900, 0.05, 1, "XRF"),
        Quantity(Phrase("Reflectivity", "反射率"), "%", 88, 96, 0.03, 1, "Reflectometer"),
    ),
    ("Ti target", "Ta target", "Cu target", "Ar", "N2"),
    (
        Phrase(
            "Paste the shield with <count> wafers when the gas was changed.", "更换气体后使用 <count> 片做屏蔽罩粘附。"
        ),
        Phrase("Degas wafers at <high> °C before they enter the chamber.", "晶圆进腔前在 <high> °C 下除气。"),
        Phrase("Base pressure shall be below 5E-8 Torr.", "本底压力须低于 5E-8 Torr。"),
        Phrase("Break vacuum only after the target has cooled for <low> min.", "靶材冷却 <low> min 后方可破真空。"),
        Phrase("Measure sheet resistance on slot <slot> and enter it.", "量测槽位 <slot> 的方块电阻并录入。"),
    ),
    (
        Phrase("The magnet behind the target pulls steel tools.", "靶材背面磁体会吸引钢制工具。"),
        Phrase("Shields carry flakes that cut. Wear cut-proof gloves.", "屏蔽罩剥落物锋利，须佩戴防割手套。"),
    ),
    (
        (Phrase("Target life", "靶材寿命"), Phrase("< 1500 kWh", "< 1500 kWh")),
        (Phrase("Base pressure", "本底压力"), Phrase("≤ 5E-8 Torr", "≤ 5E-8 Torr")),
        (Phrase("Particle adders, > 120 nm", "颗粒增加数（> 120 nm）"), Phrase("≤ 10", "≤ 10 颗")),
        (Phrase("Shield runs", "屏蔽罩使用次数"), Phrase("< 2500", "< 2500 次")),
        (Phrase("Cooling water flow", "冷却水流量"), Phrase("≥ 9 L/min", "≥ 9 L/min")),
    ),
)
