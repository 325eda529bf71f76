"""The modules that give a wafer its pattern: etch, polish, lithography, wet clean.

Notable:
- All values are plausible ranges, not a fab's. A quantity's limits and a parameter's window are drawn from them.
- The wording is our own, in the manner of a work instruction.
"""

from fabeye.synthesis.families.process.module import Module, Parameter, Quantity
from fabeye.synthesis.wording import Phrase

ETCH = Module(
    Phrase("Dry etch", "干法刻蚀"),
    "ETC",
    "ETC",
    (
        ("AA ETCH", "AA"),
        ("GC ETCH", "GC"),
        ("BLC ETCH", "BLC"),
        ("BL ETCH", "BL"),
        ("CT ETCH", "CT"),
        ("V1 ETCH", "V1"),
    ),
    (
        Parameter(Phrase("Chamber pressure", "腔体压力"), "mTorr", 3, 90, 0.05),
        Parameter(Phrase("Source power", "源功率"), "W", 300, 2500, 0.03),
        Parameter(Phrase("Bias power", "偏置功率"), "W", 50, 900, 0.03),
        Parameter(Phrase("CF4 flow", "CF4 流量"), "sccm", 20, 180, 0.04),
        Parameter(Phrase("O2 flow", "O2 流量"), "sccm", 5, 60, 0.05),
        Parameter(Phrase("Chuck temperature", "卡盘温度"), "°C", 20, 70, 0.04),
        Parameter(Phrase("Over-etch time", "过刻蚀时间"), "s", 5, 60, 0.05),
    ),
    (
        Quantity(Phrase("Bottom CD", "底部 CD"), "nm", 18, 44, 0.06, 2, "CD-SEM"),
        Quantity(Phrase("Etch depth", "刻蚀深度"), "nm", 90, 320, 0.05, 1, "OCD"),
        Quantity(Phrase("Remaining mask", "剩余掩模"), "nm", 30, 90, 0.12, 1, "OCD"),
    ),
    ("CF4", "CHF3", "C4F8", "Cl2", "HBr", "SF6", "NF3"),
    (
        Phrase(
            "Run <count> seasoning wafers with recipe <recipe> before the first product lot.",
            "首批产品前使用程式 <recipe> 运行 <count> 片暖机片。",
        ),
        Phrase(
            "Check that the endpoint trace shows one clear drop between <low> s and <high> s.",
            "确认终点曲线在 <low> s 至 <high> s 之间出现一次明显下降。",
        ),
        Phrase(
            "After the last wafer, let the chamber pump to base pressure for <low> s.",
            "最后一片完成后，腔体抽至本底压力并保持 <low> s。",
        ),
        Phrase(
            "Send two wafers of the lot to CD measurement, slots <slot> and 25.",
            "取本批两片（槽位 <slot> 与 25）送 CD 量测。",
        ),
        Phrase(
            "Compare the bias reading with the last lot; a change above <count> % calls for an engineer.",
            "将偏压读数与上一批比较，变化超过 <count> % 时通知工程师。",
        ),
    ),
    (
        Phrase(
            "HBr and Cl2 are toxic. Never open the gas box while the exhaust alarm is on.",
            "HBr 与 Cl2 有毒。排风报警未解除时严禁打开气柜。",
        ),
        Phrase(
            "The focus ring stays hot for <count> minutes after power is off.",
            "断电后聚焦环在 <count> 分钟内仍为高温。",
        ),
    ),
    (
        (Phrase("Leak-up rate of the chamber", "腔体漏率"), Phrase("≤ 1.5 mTorr/min", "≤ 1.5 mTorr/min")),
        (Phrase("RF hours since wet clean", "湿法清洁后射频时间"), Phrase("< 300 h", "< 300 h")),
        (Phrase("Thickness of the focus ring", "聚焦环厚度"), Phrase("≥ 2.8 mm", "≥ 2.8 mm")),
        (Phrase("Particles on a bare wafer, > 65 nm", "裸片颗粒（> 65 nm）"), Phrase("≤ 15", "≤ 15 颗")),
        (Phrase("Helium backside leak", "氦气背压泄漏"), Phrase("≤ 1.0 sccm", "≤ 1.0 sccm")),
    ),
)
CMP = Module(
    Phrase("Chemical mechanical polishing", "化学机械研磨"),
    "CMP",
    "CMP",
    (("STI CMP", "AA"), ("W CMP", "CT"), ("ILD CMP", "ILD"), ("M1 CMP", "M1"), ("POLY CMP", "SNC")),
    (
        Parameter(Phrase("Head pressure", "研磨头压力"), "psi", 1.2, 4.5, 0.05, 1),
        Parameter(Phrase("Platen speed", "研磨盘转速"), "rpm", 50, 120, 0.03),
        Parameter(Phrase("Head speed", "研磨头转速"), "rpm", 45, 115, 0.03),
        Parameter(Phrase("Slurry flow", "研磨液流量"), "mL/min", 120, 320, 0.05),
        Parameter(Phrase("Conditioner force", "修整器压力"), "lbf", 3, 9, 0.08, 1),
        Parameter(Phrase("Polish time", "研磨时间"), "s", 40, 180, 0.03),
    ),
    (
        Quantity(Phrase("Remaining oxide", "剩余氧化层"), "Å", 900, 4200, 0.05, 0, "Ellipsometer"),
        Quantity(Phrase("Dishing", "碟形凹陷"), "Å", 120, 300, 0.3, 0, "AFM"),
        Quantity(Phrase("Removal rate", "去除速率"), "Å/min", 1500, 3600, 0.08, 0, "Ellipsometer"),
    ),
    ("SiO2 slurry", "CeO2 slurry", "H2O2", "NH4OH", "Citric acid"),
    (
        Phrase("Break in a new pad with <count> dummy wafers.", "新研磨垫使用 <count> 片假片磨合。"),
        Phrase(
            "Check the slurry's age: mixed slurry is used up within <low> hours.",
            "检查研磨液寿命：混合后须在 <low> 小时内用完。",
        ),
        Phrase(
            "Keep wafers wet between platen and brush; dry time is below <low> s.",
            "研磨盘至刷洗之间保持晶圆湿润，干燥时间小于 <low> s。",
        ),
        Phrase("Inspect slot <slot> for scratches under dark field.", "对槽位 <slot> 的晶圆做暗场划伤检查。"),
        Phrase("Rinse the platen for <high> s before the next lot.", "下一批前冲洗研磨盘 <high> s。"),
    ),
    (
        Phrase(
            "Platens turn without warning in automatic mode. Keep the doors locked.",
            "自动模式下研磨盘可能突然转动，保持门锁闭。",
        ),
        Phrase("Slurry on the floor is slippery; clean it at once.", "地面研磨液湿滑，须立即清理。"),
    ),
    (
        (Phrase("Pad groove depth", "研磨垫沟槽深度"), Phrase("≥ 0.35 mm", "≥ 0.35 mm")),
        (Phrase("Retaining ring wear", "保持环磨损"), Phrase("≤ 0.8 mm", "≤ 0.8 mm")),
        (Phrase("Brush hours", "刷子使用时间"), Phrase("< 500 h", "< 500 h")),
        (Phrase("Slurry filter pressure drop", "研磨液滤芯压差"), Phrase("≤ 8 psi", "≤ 8 psi")),
        (Phrase("Light point defects", "亮点缺陷"), Phrase("≤ 30", "≤ 30 颗")),
    ),
)
PHOTO = Module(
    Phrase("Photolithography", "光刻"),
    "PHO",
    "PHO",
    (("AA PHOTO", "AA"), ("GC PHOTO", "GC"), ("BL PHOTO", "BL"), ("CT PHOTO", "CT"), ("M1 PHOTO", "M1")),
    (
        Parameter(Phrase("Exposure dose", "曝光剂量"), "mJ/cm²", 14, 38, 0.015, 1),
        Parameter(Phrase("Focus offset", "焦距补偿"), "nm", 20, 80, 0.1),
        Parameter(Phrase("Spin speed", "匀胶转速"), "rpm", 900, 2800, 0.01),
        Parameter(Phrase("Soft bake temperature", "软烘温度"), "°C", 90, 120, 0.005),
        Parameter(Phrase("PEB temperature", "曝光后烘烤温度"), "°C", 95, 125, 0.003),
        Parameter(Phrase("Develop time", "显影时间"), "s", 25, 60, 0.02),
    ),
    (
        Quantity(Phrase("Resist CD", "光刻胶 CD"), "nm", 22, 60, 0.05, 2, "CD-SEM"),
        Quantity(Phrase("Resist thickness", "光刻胶厚度"), "nm", 60, 240, 0.03, 1, "Reflectometer"),
        Quantity(Phrase("Line width roughness", "线宽粗糙度"), "nm", 1.8, 3.2, 0.3, 2, "CD-SEM"),
    ),
    ("ArF resist", "BARC", "PGMEA", "TMAH 2.38 %", "HMDS"),
    (
        Phrase("Check the reticle number and its haze inspection date.", "核对光罩编号与雾化检查日期。"),
        Phrase(
            "Expose the send-ahead wafer, slot <slot>, and measure <count> fields.",
            "曝光先行片（槽位 <slot>）并量测 <count> 个曝光场。",
        ),
        Phrase(
            "Feed the overlay result back before the rest of the lot is exposed.", "套刻结果反馈后方可曝光其余晶圆。"
        ),
        Phrase("Time from exposure to bake stays below <low> min.", "曝光至烘烤的时间小于 <low> min。"),
        Phrase(
            "Rework is allowed <count> times at most and is written on the run card.",
            "返工最多允许 <count> 次并记录于流程卡。",
        ),
    ),
    (
        Phrase(
            "TMAH is a nerve poison through the skin. Rinse for 15 min and call first aid.",
            "TMAH 可经皮肤中毒。接触后冲洗 15 min 并呼叫急救。",
        ),
        Phrase("White light ruins coated wafers; keep to the yellow area.", "白光会使涂胶晶圆报废，须在黄光区作业。"),
    ),
    (
        (Phrase("Chuck flatness", "承片台平整度"), Phrase("≤ 15 nm", "≤ 15 nm")),
        (Phrase("Dose uniformity in the slit", "狭缝剂量均匀性"), Phrase("≤ 0.3 %", "≤ 0.3 %")),
        (Phrase("Hot plate uniformity", "热板均匀性"), Phrase("± 0.2 °C", "± 0.2 °C")),
        (Phrase("Resist filter age", "光刻胶滤芯寿命"), Phrase("< 90 d", "< 90 天")),
        (Phrase("Airborne amine", "空气中胺类"), Phrase("< 1 ppb", "< 1 ppb")),
    ),
)
WET = Module(
    Phrase("Wet clean and strip", "湿法清洗与去胶"),
    "WET",
    "WET",
    (
        ("SNC PRECLEAN", "SNC"),
        ("RCA CLEAN", "AA"),
        ("NITRIDE STRIP", "AA"),
        ("RESIST STRIP", "GC"),
        ("CAP WET STRIP", "CAP"),
    ),
    (
        Parameter(Phrase("Bath temperature", "槽温"), "°C", 22, 165, 0.01),
        Parameter(Phrase("HF ratio to water", "HF 与水配比"), "1:n", 50, 500, 0.03),
        Parameter(Phrase("Dip time", "浸泡时间"), "s", 20, 600, 0.02),
        Parameter(Phrase("Recirculation flow", "循环流量"), "L/min", 12, 40, 0.05),
        Parameter(Phrase("Rinse resistivity", "冲洗水电阻率"), "MΩ·cm", 15, 18, 0.03, 1),
        Parameter(Phrase("Dry N2 flow", "干燥 N2 流量"), "slm", 40, 200, 0.05),
    ),
    (
        Quantity(Phrase("Oxide loss", "氧化层损失"), "Å", 12, 120, 0.1, 1, "Ellipsometer"),
        Quantity(Phrase("Etch rate", "刻蚀速率"), "Å/min", 18, 240, 0.06, 1, "Ellipsometer"),
        Quantity(Phrase("Contact angle", "接触角"), "°", 8, 40, 0.2, 1, "Goniometer"),
    ),
    ("HF", "H2SO4", "H2O2", "NH4OH", "HCl", "H3PO4", "IPA"),
    (
        Phrase(
            "Confirm bath life: no more than <count> lots since the last change.",
            "确认药液寿命：上次换液后不超过 <count> 批。",
        ),
        Phrase("Titrate the bath and enter the result before loading.", "装载前滴定药液并录入结果。"),
        Phrase("Transfer from bath to rinse within <low> s.", "由药槽至水洗的转移时间小于 <low> s。"),
        Phrase("Start the next deposition within <high> min after the clean.", "清洗后 <high> min 内进行下一步沉积。"),
        Phrase("Check slot <slot> for water marks under oblique light.", "以斜光检查槽位 <slot> 是否有水痕。"),
    ),
    (
        Phrase(
            "HF is absorbed without pain. Apply calcium gluconate gel and go to the clinic.",
            "HF 吸收时无痛感。立即涂葡萄糖酸钙凝胶并就医。",
        ),
        Phrase("Never add water to hot sulphuric acid.", "严禁向热硫酸中加水。"),
    ),
    (
        (Phrase("Concentration by titration", "滴定浓度"), Phrase("± 2 %", "± 2 %")),
        (Phrase("Robot teaching", "机械手示教"), Phrase("± 0.3 mm", "± 0.3 mm")),
        (Phrase("Particles in bath, > 45 nm", "药液颗粒（> 45 nm）"), Phrase("≤ 20 /mL", "≤ 20 /mL")),
        (Phrase("Drain valve", "排液阀"), Phrase("closes in 3 s", "3 s 内关闭")),
        (Phrase("Exhaust pressure", "排风压力"), Phrase("≥ 180 Pa", "≥ 180 Pa")),
    ),
)
