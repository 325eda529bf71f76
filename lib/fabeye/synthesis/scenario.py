"""What went wrong in the fab, from which every sentence, table and picture of a failure-analysis report follows.

Notable:
- A scenario ties failure mode, bitmap, wafer pattern, electrical signature, layer, structure, defect, process step,
  tool family and actions together; nothing of this is drawn on its own.
- A case is one scenario at one place and time: identifiers, people and dates that agree with each other.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fabeye.synthesis.wording import Phrase


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way to fail.

    bitmap, patterns, structure, defect: names that imagery/ knows. electrical: "leak" or "open", as figures/chart.py.
    tool: prefix of the tools that run `step`. actions: what is done about it, the first at once.
    """

    key: str
    mode: Phrase
    condition: Phrase
    bitmap: str
    patterns: tuple[str, ...]
    electrical: str
    locating: Phrase
    layer: str
    structure: str
    defect: str
    finding: Phrase
    mechanism: Phrase
    step: str
    tool: str
    actions: tuple[Phrase, Phrase, Phrase]


HOLD = Phrase("Hold and screen lots that ran on {tool}", "扣留并筛查 {tool} 加工的批次")

SCENARIOS = (
    Scenario(
        "weak-write",
        Phrase("Single-bit weak write", "单比特弱写"),
        Phrase("t_{WR} margin, −10 °C", "t_{WR} 裕量，−10 °C"),
        "single",
        ("random", "centre"),
        "open",
        Phrase(
            "the physical address from the bitmap and nanoprobing of the cell",
            "由位图得到物理地址并对单元做纳米探针测试",
        ),
        "SNC",
        "section",
        "void",
        Phrase("a void in the storage-node contact", "存储节点接触内的空洞"),
        Phrase("incomplete fill raised the contact resistance", "填充不完全使接触电阻升高"),
        "SNC POLY FILL",
        "CVD",
        (
            HOLD,
            Phrase("Tighten the fill recipe", "收紧填充配方"),
            Phrase("Add a queue-time limit after pre-clean", "增加预清洗后的等待时间上限"),
        ),
    ),
    Scenario(
        "twin-bit",
        Phrase("Twin-bit fail", "双比特失效"),
        Phrase("March pattern, all temperatures", "March 图形，全温度"),
        "twin",
        ("random", "donut"),
        "open",
        Phrase("the two adjacent addresses, which share one bit-line contact", "两个相邻地址共用一个位线接触"),
        "BLC",
        "holes",
        "missing",
        Phrase("an unopened bit-line contact", "未打开的位线接触孔"),
        Phrase("the etch stopped on residual nitride", "刻蚀停止于残留氮化硅"),
        "BLC ETCH",
        "ETC",
        (
            HOLD,
            Phrase("Extend the over-etch by 8 %", "过刻蚀时间延长 8 %"),
            Phrase("Clean the chamber wall more often", "缩短腔壁清洁周期"),
        ),
    ),
    Scenario(
        "word-line-bridge",
        Phrase("Single word-line fail", "单字线失效"),
        Phrase("March C−, all voltages", "March C−，全电压"),
        "row",
        ("edge-local", "local"),
        "leak",
        Phrase("OBIRCH along the failing word line", "沿失效字线的 OBIRCH"),
        "GC",
        "lines",
        "bridge",
        Phrase("a bridge between two word lines", "两条字线之间的桥接"),
        Phrase("polymer masked the gate etch locally", "聚合物在局部遮挡了栅极刻蚀"),
        "GC ETCH",
        "ETC",
        (
            HOLD,
            Phrase("Replace the focus ring", "更换聚焦环"),
            Phrase("Add an in-line bright-field scan", "增加在线明场扫描"),
        ),
    ),
    Scenario(
        "partial-row",
        Phrase("Partial-row fail", "半行失效"),
        Phrase("March pattern, V_{PP} low", "March 图形，V_{PP} 低压"),
        "partial-row",
        ("random", "centre"),
        "open",
        Phrase(
            "the mat border in the bitmap, which points to one sub-word driver", "位图中的阵列边界指向一个子字线驱动器"
        ),
        "CT",
        "holes",
        "missing",
        Phrase("an unopened contact of the sub-word driver", "子字线驱动器的未打开接触孔"),
        Phrase("the contact etch lost depth in dense areas", "接触刻蚀在密集区深度不足"),
        "CT ETCH",
        "ETC",
        (
            HOLD,
            Phrase("Correct the etch time by density", "按密度修正刻蚀时间"),
            Phrase("Add voltage-contrast inspection", "增加电压衬度检查"),
        ),
    ),
    Scenario(
        "bit-line-bridge",
        Phrase("Column fail", "列失效"),
        Phrase("Sense margin, t_{RCD} short", "感测裕量，t_{RCD} 缩短"),
        "column",
        ("local", "edge-local"),
        "leak",
        Phrase(
            "the failing column and a beam cut at the sense-amplifier side",
            "失效列地址及灵敏放大器侧的离子束切断",
        ),
        "BL",
        "lines",
        "bridge",
        Phrase("a bridge between two bit lines", "两条位线之间的桥接"),
        Phrase("a resist footing was carried into the metal", "光刻胶底脚转移到金属层"),
        "BL PHOTO",
        "PHO",
        (
            HOLD,
            Phrase("Re-centre dose and focus", "重新校正剂量与焦距"),
            Phrase("Shorten the resist queue time", "缩短涂胶后等待时间"),
        ),
    ),
    Scenario(
        "cross",
        Phrase("Cross fail", "十字失效"),
        Phrase("All patterns, all temperatures", "全图形，全温度"),
        "cross",
        ("random", "donut"),
        "leak",
        Phrase("the crossing of row and column, which gives the place itself", "行与列的交点，可自定位"),
        "BLC",
        "holes",
        "residue",
        Phrase("conductive residue between two contacts", "两个接触孔之间的导电残留"),
        Phrase("spacer loss let the plug short to its neighbour", "侧墙损失使插塞与相邻接触短路"),
        "SPACER ETCH",
        "ETC",
        (
            HOLD,
            Phrase("Lower the spacer etch bias", "降低侧墙刻蚀偏压"),
            Phrase("Monitor the spacer width", "监控侧墙宽度"),
        ),
    ),
    Scenario(
        "particle",
        Phrase("Cluster fail", "簇状失效"),
        Phrase("All patterns, 25 °C", "全图形，25 °C"),
        "cluster",
        ("local", "random"),
        "leak",
        Phrase("the centre of the cluster in the bitmap", "位图中簇的中心"),
        "ILD",
        "lines",
        "particle",
        Phrase("a buried particle", "被掩埋的颗粒"),
        Phrase("a flake fell from the showerhead during deposition", "沉积过程中喷淋头剥落物掉落"),
        "ILD DEP",
        "CVD",
        (
            HOLD,
            Phrase("Clean the chamber and season it anew", "清洁腔体并重新暖机"),
            Phrase("Lower the particle limit to 12 adders", "颗粒上限降至 12 颗"),
        ),
    ),
    Scenario(
        "edge-ring",
        Phrase("Edge-ring yield loss", "边缘环良率损失"),
        Phrase("CP functional, 85 °C", "CP 功能测试，85 °C"),
        "scatter",
        ("edge-ring",),
        "leak",
        Phrase("the ring in the wafer map and tool commonality", "晶圆图中的环形分布与机台共性分析"),
        "M1",
        "lines",
        "peeling",
        Phrase("peeling film near the wafer edge", "晶圆边缘附近的薄膜剥离"),
        Phrase("bevel residue lifted the film in the next step", "斜边残留在下一道工序中顶起薄膜"),
        "BEVEL ETCH",
        "ETC",
        (
            HOLD,
            Phrase("Widen the bevel etch by 0.3 mm", "斜边刻蚀加宽 0.3 mm"),
            Phrase("Inspect the bevel of each lot", "逐批检查斜边"),
        ),
    ),
    Scenario(
        "polish-residue",
        Phrase("Word-line pair fail", "字线对失效"),
        Phrase("March C−, V_{DD} high", "March C−，V_{DD} 高压"),
        "row-pair",
        ("donut", "centre"),
        "leak",
        Phrase("OBIRCH between the two failing word lines", "两条失效字线之间的 OBIRCH"),
        "GC",
        "lines",
        "bridge",
        Phrase("tungsten left between two word lines", "两条字线之间的钨残留"),
        Phrase("polishing stopped too early where the wafer was dished", "在碟形凹陷处研磨过早停止"),
        "W CMP",
        "CMP",
        (
            HOLD,
            Phrase("Lengthen the over-polish by 5 s", "过研磨时间延长 5 s"),
            Phrase("Change the pad after 400 wafers", "每 400 片更换研磨垫"),
        ),
    ),
)

SURNAMES = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴")
GIVEN = ("伟", "敏", "静", "磊", "洋", "艳", "勇", "杰", "涛", "晓明", "志强", "海燕", "建国", "雨桐")
NAMES = (
    "K. Lindqvist",
    "A. Chen",
    "J. Wu",
    "G. Huang",
    "D. Patel",
    "M. Sato",
    "L. Zhao",
    "T. Hsu",
    "R. Novak",
    "S. Kim",
)
DEPARTMENTS = (
    Phrase("PIE-2", "工艺整合二部"),
    Phrase("Yield Engineering", "良率工程部"),
    Phrase("Product Test", "产品测试部"),
)
SOURCES = ("CP1", "CP2", "FT1")


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the action table."""

    text: str
    owner: str
    due: date
    status: str


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario at one place and time.

    window: which window of rows of the bank the bitmap shows. row, column: where in this window the fail lies.
    """

    scenario: Scenario
    language: str
    number: str
    product: str
    lot: str
    wafer: int
    fail_bin: int
    source: str
    bank: int
    window: int
    row: int
    column: int
    pattern: str
    tool: str
    chamber: str
    department: str
    requester: str
    analyst: str
    reviewer: str
    requested: date
    tested: date
    observed: date
    closed: date
    actions: tuple[Action, ...]

    def say(self, phrase: Phrase) -> str:
        """The phrase in the case's language."""
        return phrase.said(self.language)


def draw_case(rng: Random, language: str) -> Case:
    """Draw a case; all dates are in order, and an action that is done was due before the case was closed."""
    scenario = rng.choice(SCENARIOS)
    people = draw_people(rng, language, 6)
    requested = date(rng.randint(2022, 2025), 1, 1) + timedelta(days=rng.randrange(365))
    tested = requested + timedelta(days=rng.randint(1, 3))
    observed = tested + timedelta(days=rng.randint(1, 5))
    closed = observed + timedelta(days=rng.randint(2, 6))
    tool = f"{scenario.tool}{rng.randint(1, 30):02d}{rng.choice('ABCD')}"
    return Case(
        scenario=scenario,
        language=language,
        number=f"FA{requested:%y%m}-{rng.randint(1, 999):04d}",
        product=draw_product(rng),
        lot=draw_lot(rng),
        wafer=rng.randint(1, 25),
        fail_bin=rng.choice((5, 7, 12, 21, 33)),
        source=rng.choice(SOURCES),
        bank=rng.randrange(16),
        window=rng.randrange(100),
        row=rng.randint(40, 340),
        column=rng.randint(40, 340),
        pattern=rng.choice(scenario.patterns),
        tool=tool,
        chamber=f"CH-{rng.choice('ABCD')}",
        department=rng.choice(DEPARTMENTS).said(language),
        requester=people[0],
        analyst=people[1],
        reviewer=people[2],
        requested=requested,
        tested=tested,
        observed=observed,
        closed=closed,
        actions=_draw_actions(rng, language, scenario, tool, people[3:], closed),
    )


def draw_product(rng: Random) -> str:
    """A product code such as "D5X16GC-K3"."""
    density = rng.choice(("08", "16", "24"))
    return f"D{rng.choice('45')}X{density}G{rng.choice('ABC')}-{rng.choice('EFK')}{rng.randint(1, 3)}"


def draw_lot(rng: Random) -> str:
    """A lot number such as "TH8402B.03"."""
    number = f"{rng.choice('PQRTZ')}{rng.choice('ABCDEFGH')}{rng.randint(1000, 9999)}"
    return f"{number}{rng.choice('ABKX')}.{rng.randint(1, 9):02d}"


def draw_people(rng: Random, language: str, count: int) -> list[str]:
    """Names of `count` different people, as reports in this language write them."""
    if language == "en":
        return rng.sample(NAMES, count)
    return rng.sample([surname + given for surname in SURNAMES for given in GIVEN], count)


def _draw_actions(
    rng: Random, language: str, scenario: Scenario, tool: str, owners: list[str], closed: date
) -> tuple[Action, ...]:
    words = {"en": ("Closed", "Ongoing", "Open"), "zh": ("已完成", "进行中", "未开始")}[language]
    dues = (
        closed - timedelta(days=1),
        closed + timedelta(days=rng.randint(7, 14)),
        closed + timedelta(days=rng.randint(20, 45)),
    )
    texts = [action.said(language).format(tool=tool) for action in scenario.actions]
    return tuple(Action(*line) for line in zip(texts, owners, dues, words, strict=True))
