"""What is done after an analysis: lots held, recipes changed, what is watched from then on.

Notable:
- Several ways to say the same, as in phrases.py; the values are filled in by name.
"""

from fabeye.synthesis.families.efa_pfa.phrases import Ways
from fabeye.synthesis.wording import Phrase

HOLD: Ways = (
    Phrase(
        "Hold and screen all lots that ran on $tool",
        "扣留并筛查 $tool 加工的全部批次",
        "hold 并 screen 跑过 $tool 的 lot",
    ),
    Phrase(
        "Stop $chamber of $tool until it is released",
        "停用 $tool 的 $chamber，确认后放行",
        "$tool $chamber down 机，确认后 release",
    ),
)
REMEDY: Ways = (
    Phrase("At $step: $remedy", "$step：$remedy"),
    Phrase("Change recipe $recipe: $remedy", "修改程式 $recipe：$remedy", "改 recipe $recipe：$remedy"),
)
# by the tools' prefix: what is watched from then on
WATCH: dict[str, Ways] = {
    "ETC": (
        Phrase(
            "Add in-line CD and bright-field inspection after $step",
            "$step 后增加在线 CD 与明场检查",
            "$step 后加 in-line CD / BF inspection",
        ),
        Phrase("Watch the end-point trace of $tool by FDC", "FDC 监控 $tool 终点曲线", "FDC 监控 $tool EPD trace"),
    ),
    "CMP": (
        Phrase(
            "Measure dishing on every tenth lot after $step",
            "$step 后每十批量测碟形凹陷",
            "$step 后每 10 lot 量 dishing",
        ),
    ),
    "CVD": (
        Phrase(
            "Lower the particle limit of $tool to 12 adders",
            "$tool 颗粒上限降至 12 颗",
            "$tool particle spec 收紧到 12 ea",
        ),
        Phrase(
            "Measure thickness at 49 points after $step", "$step 后改为 49 点膜厚量测", "$step 后改 49 点 thickness"
        ),
    ),
    "DIF": (Phrase("Add a surface-photovoltage monitor to $tool", "$tool 增加表面光电压监控", "$tool 加 SPV monitor"),),
    "IMP": (Phrase("Check dose on a monitor wafer each shift", "每班用监控片核对剂量", "每班 monitor wafer 查 dose"),),
    "PHO": (
        Phrase("Review focus and dose of $tool daily", "每日复核 $tool 焦距与剂量", "每日 review $tool focus/dose"),
    ),
    "WET": (
        Phrase(
            "Log bath age and resistivity of $tool", "记录 $tool 槽液时间与电阻率", "log $tool bath life / resistivity"
        ),
    ),
    "PVD": (
        Phrase(
            "Measure side-wall coverage of $tool monthly", "每月量测 $tool 侧壁覆盖率", "每月量 $tool step coverage"
        ),
    ),
}
NTF_ACTIONS: Ways = (
    Phrase(
        "Ask for the failing board's pattern and logs", "索取失效主板的测试程序与日志", "索取失效板 test pattern 与 log"
    ),
    Phrase("Return the part with this report", "样品随报告退回", "sample 随 report 退回"),
    Phrase(
        "Watch $soft_bin of $product for three months",
        "监控 $product 的 $soft_bin 三个月",
        "monitor $product $soft_bin 三个月",
    ),
)
