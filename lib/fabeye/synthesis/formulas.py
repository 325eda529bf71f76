"""Formulas of memory standards, each in LaTeX, which is its truth; the typesetter's notation is made from it.

Notable:
- Pandoc converts all of them at once, the first time that a process needs one. It loses the spacing commands of LaTeX
  and letters of a script in roman, so scripts are written as text and spacing is left to the typesetter.
- `clocks` is the rounding rule that the timing tables follow too, so a table obeys the formula beside it.
"""

from dataclasses import dataclass
from functools import lru_cache

import pypandoc

GUARD = 0.01  # clocks by which the rounding rule forgives a delay that is barely longer than a whole number of clocks


@dataclass(frozen=True, slots=True)
class Formula:
    """latex: truth; en, zh: the sentence that introduces it."""

    latex: str
    en: str
    zh: str


ROUNDING = Formula(
    rf"n_{{\text{{RCD}}}} = \left\lceil \frac{{t_{{\text{{RCD}}}}}}{{t_{{\text{{CK(avg)}}}}}} - {GUARD} \right\rceil",
    "A delay given in ns is turned into clocks with the rounding rule below; the guard term absorbs rounding of "
    "the clock period itself.",
    "以 ns 给出的延迟按下式换算为时钟数，其中的保护项用于抵消时钟周期本身的舍入误差。",
)
AVERAGE = Formula(
    r"t_{\text{CK(avg)}} = \frac{1}{N} \sum_{j=1}^{N} t_{\text{CK},j}, \quad N = 200",
    "The average clock period is taken over any window of N consecutive rising edges.",
    "平均时钟周期取任意 N 个连续上升沿窗口内的均值。",
)
JITTER = Formula(
    r"t_{\text{JIT(cc)}} = \max \left| t_{\text{CK},i+1} - t_{\text{CK},i} \right|",
    "Cycle-to-cycle jitter compares each clock period with the one that follows it.",
    "相邻周期抖动比较每个时钟周期与其后一个周期。",
)
ACCUMULATED = Formula(
    r"t_{\text{ERR}(n\text{per})} = \left( \sum_{j=i}^{i+n-1} t_{\text{CK},j} \right) - n \times t_{\text{CK(avg)}}",
    "The accumulated error over n clocks is the length of those clocks less n average periods.",
    "n 个周期的累积误差等于这些周期的总长减去 n 个平均周期。",
)
RESISTANCE = Formula(
    r"R_{\text{on}} = \frac{V_{\text{DDQ}} - V_{\text{out}}}{\left| I_{\text{out}} \right|}",
    "The pull-up resistance of an output driver follows from its voltage and current at the test point.",
    "输出驱动器的上拉电阻由测试点的电压与电流得出。",
)
SLEW = Formula(
    r"\text{SR}_{\text{rise}} = \frac{V_{\text{IH(AC)}} - V_{\text{REF}}}{\Delta t_{\text{R}}}",
    "The slew rate of a rising input is taken between the reference level and the AC level.",
    "输入上升沿的斜率在参考电平与交流电平之间测得。",
)
DERATING = Formula(
    r"t_{\text{IS}} = t_{\text{IS(base)}} + \Delta t_{\text{IS}}, \quad \Delta t_{\text{IS}} \geq 0",
    "The set-up time is the base value plus a derating term that depends on the slew rate.",
    "建立时间等于基准值加上取决于斜率的降额项。",
)
ACCELERATION = Formula(
    r"AF = \exp \left[ \frac{E_a}{k} \left( \frac{1}{T_{\text{use}}} - \frac{1}{T_{\text{stress}}} \right) \right]",
    "Retention measured at a stress temperature is carried to the use temperature with the factor below.",
    "在应力温度下测得的保持时间按以下加速因子换算到使用温度。",
)

PERIOD = Formula(
    r"t_{\text{JIT(per)}} = \max \left| t_{\text{CK},i} - t_{\text{CK(avg)}} \right|",
    "Period jitter is the largest distance of any clock period from the average.",
    "周期抖动为任一时钟周期与平均周期之差的最大值。",
)
HIGH = Formula(
    r"t_{\text{CH(avg)}} = \frac{1}{N \times t_{\text{CK(avg)}}} \sum_{j=1}^{N} t_{\text{CH},j}",
    "The average high pulse width is given as a share of the average clock period.",
    "平均高电平脉宽以平均时钟周期的比例给出。",
)
MISMATCH = Formula(
    r"M_{\text{PuPd}} = \frac{R_{\text{on,Pu}} - R_{\text{on,Pd}}}{R_{\text{on,nom}}} \times 100\,\%",
    "Mismatch of pull-up and pull-down is stated against the nominal resistance.",
    "上拉与下拉电阻的失配以标称电阻为基准。",
)
TERMINATION = Formula(
    r"R_{\text{TT}} = \frac{V_{\text{IH(AC)}} - V_{\text{IL(AC)}}}{I(V_{\text{IH(AC)}}) - I(V_{\text{IL(AC)}})}",
    "The termination resistance follows from the currents at both AC levels.",
    "端接电阻由两个交流电平处的电流得出。",
)
HUMIDITY = Formula(
    r"AF = \left( \frac{RH_{\text{s}}}{RH_{\text{u}}} \right)^{n} \exp \left[ \frac{E_a}{k} "
    r"\left( \frac{1}{T_{\text{u}}} - \frac{1}{T_{\text{s}}} \right) \right]",
    "Humidity and temperature accelerate together; index u is use, index s is stress.",
    "湿度与温度共同加速，下标 u 表示使用条件，s 表示应力条件。",
)
CYCLING = Formula(
    r"N_f = A \, f^{-\alpha} \, \Delta T^{-\beta} \, G(T_{\text{max}})",
    "The number of temperature cycles to failure falls with the range and rises with the frequency as below.",
    "温度循环失效次数随温度范围与频率按下式变化。",
)
FAILURES = Formula(
    r"\lambda = \frac{\chi^2_{\text{CL},2r+2}}{2 \times D \times H \times AF} \times 10^{9}",
    "The failure rate in FIT has r failures in D devices over H hours.",
    "以 FIT 表示的失效率，其中 D 颗器件经 H 小时出现 r 次失效。",
)
YIELD = Formula(
    r"Y = \left( 1 + \frac{A D_0}{\alpha} \right)^{-\alpha}",
    "Yield follows from the area A of a die, the density of defects and how they cluster.",
    "良率由芯片面积 A、缺陷密度及其聚集程度决定。",
)
CASES = Formula(
    r"n_{\text{REF}} = \begin{cases} 1, & T_{\text{C}} \leq 85 \\ 2, & 85 < T_{\text{C}} \leq 95 \end{cases}",
    "The number of refresh commands in an interval depends on the case temperature in °C.",
    "一个间隔内刷新命令的条数取决于以 °C 计的壳温。",
)
CHARGE = Formula(
    r"\Delta V = \frac{C_{\text{S}}}{C_{\text{S}} + C_{\text{BL}}} \left( V_{\text{cell}} - V_{\text{BLP}} \right)",
    "The signal on a bit line follows from the share of the cell in the capacitance.",
    "位线信号由单元电容所占比例决定。",
)

CLOCK = (ROUNDING, AVERAGE, JITTER, ACCUMULATED, PERIOD, HIGH, CASES)
LEVELS = (RESISTANCE, SLEW, DERATING, MISMATCH, TERMINATION, CHARGE)
RELIABILITY = (ACCELERATION, HUMIDITY, CYCLING, FAILURES, YIELD)
POOL = (*CLOCK, *LEVELS, *RELIABILITY)


def to_math(latex: str) -> str:
    """A formula in the typesetter's notation."""
    return _pool().get(latex) or _converted(latex)


def clocks(delay_ps: int, period_ps: int) -> int:
    """The rounding rule in whole numbers: the fewest clocks that are no shorter than the delay, less the guard."""
    guard = round(100 * GUARD)
    return -((guard * period_ps - 100 * delay_ps) // (100 * period_ps))


@lru_cache(maxsize=1)
def _pool() -> dict[str, str]:
    """All formulas of the pool through pandoc at once, since starting it takes longer than its work."""
    text = pypandoc.convert_text("\n\n".join(f"$${one.latex}$$" for one in POOL), "typst", format="markdown")
    shown = (block.strip(" $\n") for block in text.strip().split("\n\n"))
    return dict(zip((one.latex for one in POOL), shown, strict=True))


@lru_cache(maxsize=256)
def _converted(latex: str) -> str:
    """A formula from elsewhere, converted alone."""
    return str(pypandoc.convert_text(f"$${latex}$$", "typst", format="markdown")).strip(" $\n")
