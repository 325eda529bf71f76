"""The wording of a process manual that does not depend on the module."""

from fabeye.synthesis.wording import Phrase

PURPOSE = (
    Phrase(
        "This instruction says how <module> is run, so that every shift gets the same result on <tool>.",
        "本指导书规定<module>的作业方法，使各班次在 <tool> 上获得一致的结果。",
    ),
    Phrase(
        "It defines settings, checks and reactions for <module> and replaces all local notes at the tool.",
        "本文件规定<module>的设定、检查与异常处理，取代机台旁的一切自制说明。",
    ),
    Phrase(
        "The aim is to keep <quantity> inside its limits and to hold a lot as soon as it is not.",
        "目的在于使<quantity>保持在限值之内，一旦超出即扣留批次。",
    ),
    Phrase(
        "It is written for operators, shift leaders and equipment engineers of the <module> area.",
        "适用于<module>区域的操作员、班长与设备工程师。",
        "适用于<module>区域的 operator、shift leader 与 EE。",
    ),
)
NOTES = (
    Phrase("Terms are explained at the end of this chapter.", "术语见本章末尾。"),
    Phrase(
        "The copy on the screen of the tool holds; printed ones are for reading only.",
        "以机台屏幕上的版本为准，打印件仅供参考。",
    ),
    Phrase("Shift leaders may ask for more checks, never for fewer.", "班长可要求增加检查，不得减少。"),
    Phrase("Times are those of the factory's clock.", "时间以工厂时钟为准。"),
)
SCOPE = (
    Phrase(
        "It holds for all product wafers of 300 mm that pass <step> on tool group <tool>.",
        "适用于在 <tool> 机台群执行 <step> 的全部 300 mm 产品晶圆。",
    ),
    Phrase(
        "Monitor and test wafers follow the same steps unless the run card says otherwise.",
        "监控片与测试片除流程卡另有规定外，按相同步骤作业。",
        "Monitor wafer 与 test wafer 除 run card 另有规定外，按相同步骤作业。",
    ),
    Phrase(
        "Engineering lots need a signed request; the recipe must not be changed without one.",
        "工程批须附签核的申请单，未经签核不得更改程式。",
    ),
    Phrase("Work on gas and vacuum lines is outside this instruction.", "气路与真空管路作业不在本指导书范围内。"),
)
ROLES = (
    Phrase(
        "Operator: runs the tool, fills in the check list and reports alarms.",
        "操作员：操作机台，填写点检表并报告报警。",
    ),
    Phrase("Shift leader: decides on holds within <count> minutes.", "班长：在 <count> 分钟内决定是否扣留。"),
    Phrase("Process owner (<owner>): keeps recipe and limits up to date.", "工艺负责人（<owner>）：维护程式与限值。"),
    Phrase("Equipment engineer: maintains the tool and signs the PM record.", "设备工程师：维护机台并签署保养记录。"),
    Phrase("Quality: releases lots after a deviation.", "质量部门：偏差处理后放行批次。"),
    Phrase("Metrology: keeps gauges inside their calibration period.", "量测部门：确保量具在校准有效期内。"),
)
TERMS = (
    ("OCAP", Phrase("plan of actions when a chart is out of control", "失控行动计划")),
    ("SPC", Phrase("statistical process control", "统计过程控制")),
    ("PM", Phrase("planned maintenance", "预防性保养")),
    ("UCL / LCL", Phrase("upper and lower control limit", "上、下控制限")),
    ("USL / LSL", Phrase("upper and lower specification limit", "上、下规格限")),
    ("Cpk", Phrase("capability with regard to the nearer limit", "过程能力指数")),
    ("MES", Phrase("manufacturing execution system", "制造执行系统")),
    ("FOUP", Phrase("closed carrier of 25 wafers", "25 片装前开式晶圆盒")),
)
GENERAL_STEPS = (
    Phrase(
        "Log in to the MES and scan the carrier; lot and run card must agree.",
        "登录 MES 并扫描晶圆盒，批号须与流程卡一致。",
        "登录 MES 并扫描 FOUP，lot ID 须与 run card 一致。",
    ),
    Phrase("Check that tool <tool> is idle and shows no alarm.", "确认机台 <tool> 处于空闲状态且无报警。"),
    Phrase(
        "Select recipe <recipe> and compare its version with the run card.",
        "选择程式 <recipe>，核对版本与流程卡是否一致。",
    ),
    Phrase(
        "Look at the last <count> points of the control chart before starting.", "开始前查看控制图最近 <count> 点。"
    ),
    Phrase("Load the carrier on port <port> and press START.", "将晶圆盒放置于 <port> 号装载口并按 START。"),
    Phrase("Stay at the tool until the first wafer has left the chamber.", "首片离开腔体前不得离开机台。"),
)
CLOSING_STEPS = (
    Phrase(
        "Enter results within <low> min; results outside the limits open the OCAP.",
        "<low> min 内录入结果，超限时启动 OCAP。",
    ),
    Phrase("Move the lot to the next step and return the run card.", "将批次移至下一站点并归还流程卡。"),
    Phrase("Write every alarm into the shift log with its time.", "将所有报警连同时间记入交班日志。"),
)
WARNING, CAUTION = Phrase("WARNING", "警告"), Phrase("CAUTION", "注意")
HANDLING = (
    Phrase("Never touch a wafer by hand; use the vacuum wand of the area.", "严禁徒手接触晶圆，须使用本区真空吸笔。"),
    Phrase("A wafer that was dropped is scrapped and is not cleaned.", "跌落的晶圆直接报废，不得清洗。"),
    Phrase(
        "Do not pause the recipe in step <count>; the film would be lost.", "程式第 <count> 步不得暂停，否则薄膜报废。"
    ),
)
SPC_TEXTS = (
    Phrase(
        "Table <table> gives specification and control limits. Control limits come from <samples> samples of <size> "
        "wafers and are reviewed every quarter.",
        "表 <table> 给出规格限与控制限。控制限由 <samples> 组、每组 <size> 片的数据计算，每季度评审一次。",
    ),
    Phrase(
        "Limits in Table <table> were computed from the last <samples> samples of <size> wafers of one lot each.",
        "表 <table> 中的限值由最近 <samples> 组数据计算，每组取自同一批的 <size> 片。",
    ),
)
OUTSIDE = Phrase(
    "In Figure <figure>, samples <points> lie outside the limits; the OCAP was opened for them.",
    "图 <figure> 中第 <points> 组超出控制限，已启动 OCAP。",
)
OUTSIDE_ONCE = Phrase(
    "In Figure <figure>, sample <points> lies outside the limits; the OCAP was opened for it.",
    "图 <figure> 中第 <points> 组超出控制限，已启动 OCAP。",
)
INSIDE = Phrase("All samples in Figure <figure> lie inside the limits.", "图 <figure> 中全部数据均在控制限之内。")
CAPABLE = Phrase(
    "Cpk of <quantity> is <cpk> and meets the demand of at least <demand>.",
    "<quantity>的 Cpk 为 <cpk>，满足不低于 <demand> 的要求。",
)
NOT_CAPABLE = Phrase(
    "Cpk of <quantity> is <cpk>, below the demand of <demand>; a project to narrow the spread is open.",
    "<quantity>的 Cpk 为 <cpk>，低于 <demand> 的要求，已立项改善。",
)
REACTIONS = (
    (
        Phrase("One point beyond a control limit", "单点超出控制限"),
        Phrase("Hold, measure again, call the shift leader", "扣留、复测并通知班长"),
        15,
    ),
    (
        Phrase("Seven points on one side of the centre", "连续 7 点位于中心线一侧"),
        Phrase("Inform the process owner", "通知工艺负责人"),
        120,
    ),
    (
        Phrase("Six points rising or falling", "连续 6 点上升或下降"),
        Phrase("Check parts and PM record", "检查备件与保养记录"),
        240,
    ),
    (
        Phrase("Beyond a specification limit", "超出规格限"),
        Phrase("Stop the tool, hold all lots since the last good point", "停机，扣留上一合格点以来的全部批次"),
        5,
    ),
    (
        Phrase("Range beyond its limit", "极差超限"),
        Phrase("Check the gauge, then the uniformity", "先检查量具，再检查均匀性"),
        30,
    ),
)
INTERVALS = (
    Phrase("each shift", "每班"),
    Phrase("daily", "每日"),
    Phrase("weekly", "每周"),
    Phrase("monthly", "每月"),
    Phrase("quarterly", "每季"),
)
RECORDS = (
    (Phrase("Run card", "流程卡"), 3),
    (Phrase("Check list of the shift", "点检表"), 2),
    (Phrase("PM record", "保养记录"), 5),
    (Phrase("Deviation report", "偏差报告"), 10),
    (Phrase("Calibration certificate", "校准证书"), 5),
)
CHANGES = (
    Phrase("first issue", "首次发布"),
    Phrase("limits of <quantity> tightened", "收紧<quantity>限值"),
    Phrase("tool <tool> added", "新增机台 <tool>"),
    Phrase("check list revised", "修订点检表"),
    Phrase("over-temperature reaction added", "增加超温处理"),
    Phrase("recipe changed to <recipe>", "程式变更为 <recipe>"),
    Phrase("wording made clearer, no technical change", "文字修订，无技术变更"),
)
HAZARDS = {
    "HF": Phrase("deep burns, toxic", "深度灼伤、有毒"),
    "H2SO4": Phrase("corrosive", "腐蚀"),
    "H2O2": Phrase("oxidiser", "氧化性"),
    "NH4OH": Phrase("irritant", "刺激性"),
    "TEOS": Phrase("flammable", "易燃"),
    "WF6": Phrase("toxic, forms HF", "有毒，遇水生成 HF"),
    "NF3": Phrase("oxidiser, toxic", "氧化性、有毒"),
    "SiH4": Phrase("self-igniting", "自燃"),
    "NH3": Phrase("toxic, corrosive", "有毒、腐蚀"),
    "HBr": Phrase("toxic, corrosive", "有毒、腐蚀"),
    "Cl2": Phrase("toxic", "有毒"),
    "AsH3": Phrase("deadly at ppm level", "ppm 级致命"),
    "PH3": Phrase("deadly at ppm level", "ppm 级致命"),
    "BF3": Phrase("toxic, corrosive", "有毒、腐蚀"),
    "H2": Phrase("explosive", "易爆"),
    "IPA": Phrase("flammable", "易燃"),
    "PGMEA": Phrase("flammable", "易燃"),
    "TMAH 2.38 %": Phrase("toxic through the skin", "经皮肤有毒"),
    "HCl": Phrase("corrosive", "腐蚀"),
    "H3PO4": Phrase("corrosive", "腐蚀"),
    "O2": Phrase("oxidiser", "氧化性"),
    "N2": Phrase("suffocating", "窒息"),
    "Ar": Phrase("suffocating", "窒息"),
    "N2O": Phrase("oxidiser, narcotic", "氧化性、麻醉"),
    "CF4": Phrase("suffocating", "窒息"),
    "CHF3": Phrase("suffocating", "窒息"),
    "C4F8": Phrase("suffocating", "窒息"),
    "SF6": Phrase("suffocating, toxic by-products", "窒息，副产物有毒"),
    "DCS": Phrase("flammable, forms HCl", "易燃，生成 HCl"),
    "GeF4": Phrase("toxic, corrosive", "有毒、腐蚀"),
    "SiO2 slurry": Phrase("irritant", "刺激性"),
    "CeO2 slurry": Phrase("irritant", "刺激性"),
    "Citric acid": Phrase("irritant", "刺激性"),
    "ArF resist": Phrase("flammable", "易燃"),
    "BARC": Phrase("flammable", "易燃"),
    "HMDS": Phrase("flammable, irritant", "易燃、刺激性"),
    "Ti target": Phrase("combustible dust", "可燃粉尘"),
    "Ta target": Phrase("combustible dust", "可燃粉尘"),
    "Cu target": Phrase("metal dust", "金属粉尘"),
}
GASES = {
    *("WF6", "NF3", "SiH4", "NH3", "HBr", "Cl2", "AsH3", "PH3", "BF3", "H2", "O2", "N2", "Ar", "N2O"),
    *("CF4", "CHF3", "C4F8", "SF6", "GeF4"),
}
ACIDS = {"HF", "H2SO4", "H2O2", "HCl", "H3PO4"}


def protection(chemical: str) -> Phrase:
    """What guards against a chemical."""
    if chemical in GASES:
        return Phrase("gas detector, exhaust on", "气体侦测、排风开启")
    if chemical in ACIDS:
        return Phrase("face shield, acid gloves", "面罩、耐酸手套")
    return Phrase("goggles, nitrile gloves", "护目镜、丁腈手套")
