"""Formulas of memory standards, each in LaTeX, which is its truth, and in Typst, which draws it.

Notable:
- Both notations are written by hand and side by side: converters lose spacing and script text.
- `clocks` is the rounding rule that the timing tables follow too, so a table obeys the formula beside it.
"""

from dataclasses import dataclass

GUARD = 0.01  # clocks by which the rounding rule forgives a delay that is barely longer than a whole number of clocks


@dataclass(frozen=True, slots=True)
class Formula:
    """latex: truth; typst: the same for the typesetter; en, zh: the sentence that introduces it."""

    latex: str
    typst: str
    en: str
    zh: str


ROUNDING = Formula(
    rf"n_{{\text{{RCD}}}} = \left\lceil \frac{{t_{{\text{{RCD}}}}}}{{t_{{\text{{CK(avg)}}}}}} - {GUARD} \right\rceil",
    f'n_"RCD" = ceil(t_"RCD" / t_"CK(avg)" - {GUARD})',
    "A delay given in ns is turned into clocks with the rounding rule below; the guard term absorbs rounding of "
    "the clock period itself.",
    "以 ns 给出的延迟按下式换算为时钟数，其中的保护项用于抵消时钟周期本身的舍入误差。",
)
AVERAGE = Formula(
    r"t_{\text{CK(avg)}} = \frac{1}{N} \sum_{j=1}^{N} t_{\text{CK},j}, \quad N = 200",
    't_"CK(avg)" = 1/N sum_(j=1)^N t_("CK", j), quad N = 200',
    "The average clock period is taken over any window of N consecutive rising edges.",
    "平均时钟周期取任意 N 个连续上升沿窗口内的均值。",
)
JITTER = Formula(
    r"t_{\text{JIT(cc)}} = \max \left| t_{\text{CK},i+1} - t_{\text{CK},i} \right|",
    't_"JIT(cc)" = max abs(t_("CK", i+1) - t_("CK", i))',
    "Cycle-to-cycle jitter compares each clock period with the one that follows it.",
    "相邻周期抖动比较每个时钟周期与其后一个周期。",
)
ACCUMULATED = Formula(
    r"t_{\text{ERR}(n\text{per})} = \left( \sum_{j=i}^{i+n-1} t_{\text{CK},j} \right) - n \times t_{\text{CK(avg)}}",
    't_("ERR"(n"per")) = (sum_(j=i)^(i+n-1) t_("CK", j)) - n times t_"CK(avg)"',
    "The accumulated error over n clocks is the length of those clocks less n average periods.",
    "n 个周期的累积误差等于这些周期的总长减去 n 个平均周期。",
)
RESISTANCE = Formula(
    r"R_{\text{on}} = \frac{V_{\text{DDQ}} - V_{\text{out}}}{\left| I_{\text{out}} \right|}",
    'R_"on" = (V_"DDQ" - V_"out") / abs(I_"out")',
    "The pull-up resistance of an output driver follows from its voltage and current at the test point.",
    "输出驱动器的上拉电阻由测试点的电压与电流得出。",
)
SLEW = Formula(
    r"\text{SR}_{\text{rise}} = \frac{V_{\text{IH(AC)}} - V_{\text{REF}}}{\Delta t_{\text{R}}}",
    '"SR"_"rise" = (V_"IH(AC)" - V_"REF") / (Delta t_"R")',
    "The slew rate of a rising input is taken between the reference level and the AC level.",
    "输入上升沿的斜率在参考电平与交流电平之间测得。",
)
DERATING = Formula(
    r"t_{\text{IS}} = t_{\text{IS(base)}} + \Delta t_{\text{IS}}, \quad \Delta t_{\text{IS}} \geq 0",
    't_"IS" = t_"IS(base)" + Delta t_"IS", quad Delta t_"IS" >= 0',
    "The set-up time is the base value plus a derating term that depends on the slew rate.",
    "建立时间等于基准值加上取决于斜率的降额项。",
)
ACCELERATION = Formula(
    r"AF = \exp \left[ \frac{E_a}{k} \left( \frac{1}{T_{\text{use}}} - \frac{1}{T_{\text{stress}}} \right) \right]",
    'A F = exp [E_a / k (1 / T_"use" - 1 / T_"stress")]',
    "Retention measured at a stress temperature is carried to the use temperature with the factor below.",
    "在应力温度下测得的保持时间按以下加速因子换算到使用温度。",
)

CLOCK = (ROUNDING, AVERAGE, JITTER, ACCUMULATED)
LEVELS = (RESISTANCE, SLEW, DERATING, ACCELERATION)


def clocks(delay_ps: int, period_ps: int) -> int:
    """The rounding rule in whole numbers: the fewest clocks that are no shorter than the delay, less the guard."""
    guard = round(100 * GUARD)
    return -((guard * period_ps - 100 * delay_ps) // (100 * period_ps))
