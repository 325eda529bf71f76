"""What forms call the values of a case, and what stands below its figures.

Notable:
- The same name of a value is a field of key information, a name in a template and a row of a table.
"""

from fabeye.synthesis.wording import Phrase

# (value, its label) in the order in which forms ask for them
FIELDS: tuple[tuple[str, Phrase], ...] = (
    ("case_no", Phrase("Case No.", "案件编号", "FA 单号")),
    ("request_date", Phrase("Request date", "委托日期")),
    ("product", Phrase("Product", "产品", "Product")),
    ("close_date", Phrase("Close date", "结案日期")),
    ("lot_id", Phrase("Lot ID", "批号", "Lot ID")),
    ("wafer_id", Phrase("Wafer", "片号", "Wafer")),
    ("die_xy", Phrase("Die (X, Y)", "芯片坐标", "Die (X, Y)")),
    ("density", Phrase("Density", "容量")),
    ("tech_node", Phrase("Technology", "制程", "Tech")),
    ("mask", Phrase("Mask", "光罩", "Mask")),
    ("package", Phrase("Package", "封装", "Package")),
    ("serial", Phrase("Serial No.", "序列号", "S/N")),
    ("customer", Phrase("Customer", "客户")),
    ("source", Phrase("Fail source", "失效来源", "Source")),
    ("fail_bin", Phrase("Fail bin", "失效 BIN", "Bin")),
    ("fail_mode", Phrase("Fail mode", "失效模式", "Fail mode")),
    ("fail_rate", Phrase("Fail rate", "失效率", "Fail rate")),
    ("yield_loss", Phrase("Yield loss", "良率损失", "Yield loss")),
    ("test_item", Phrase("Test item", "测试项", "Test item")),
    ("condition", Phrase("Condition", "测试条件", "Condition")),
    ("dept", Phrase("Dept.", "委托部门", "Dept.")),
    ("requester", Phrase("Requested by", "委托人")),
    ("employee_no", Phrase("Employee No.", "工号")),
    ("email", Phrase("E-mail", "邮箱", "E-mail")),
    ("phone", Phrase("Phone", "电话")),
    ("analyst", Phrase("Analyst", "分析人")),
    ("reviewer", Phrase("Reviewed by", "审核")),
    ("approver", Phrase("Approved by", "批准")),
)
RESULTS: tuple[tuple[str, Phrase], ...] = (
    ("phys_addr", Phrase("Physical address", "物理地址", "Physical address")),
    ("fbc", Phrase("Fail bit count", "失效位数", "FBC")),
    ("i_leak", Phrase("Current at 1.1 V", "漏电流 @1.1 V", "I @1.1 V")),
    ("i_ref", Phrase("Current of the reference", "参考电流 @1.1 V", "I ref @1.1 V")),
    ("idd", Phrase("IDD, failing", "失效品 IDD", "IDD (NG)")),
    ("idd_ref", Phrase("IDD, good", "良品 IDD", "IDD (good)")),
    ("emmi_coord", Phrase("Hot spot", "亮点坐标", "Hot spot")),
    ("emmi_block", Phrase("Block", "所在模块", "Block")),
    ("defect_layer", Phrase("Layer", "缺陷层", "Layer")),
    ("defect_type", Phrase("Defect", "缺陷类型", "Defect")),
    ("defect_size", Phrase("Size", "缺陷尺寸", "Size")),
    ("element", Phrase("Elements (EDX)", "元素 (EDX)", "EDX")),
    ("root_cause", Phrase("Root cause", "根因", "Root cause")),
    ("step", Phrase("Process step", "站点", "Step")),
    ("tool", Phrase("Tool", "机台", "Tool")),
    ("chamber", Phrase("Chamber", "腔体", "Chamber")),
    ("recipe", Phrase("Recipe", "程式", "Recipe")),
)
STATES = (
    Phrase("Closed", "已完成", "Closed"),
    Phrase("Ongoing", "进行中", "Ongoing"),
    Phrase("Open", "未开始", "Open"),
)
CAPTIONS = {
    "wafer": (
        Phrase("CP bin map, $lot_id $wafer_id", "$lot_id $wafer_id CP 分 BIN 图", "$lot_id $wafer_id CP bin map"),
        Phrase(
            "Wafer map of $wafer_id, die $die_xy", "$wafer_id 晶圆图，芯片 $die_xy", "$wafer_id wafer map，die $die_xy"
        ),
    ),
    "lot": (Phrase("Stacked map of lot $lot_id", "批次 $lot_id 叠加图", "lot $lot_id stacked map"),),
    "bitmap": (
        Phrase("Fail bitmap, $bank, $fbc bits", "$bank 失效位图，$fbc 位", "$bank fail bitmap，FBC $fbc"),
        Phrase("Bitmap of $bank: $fail_mode", "$bank 位图：$fail_mode", "$bank bitmap：$fail_mode"),
    ),
    "emmi": (
        Phrase(
            "EMMI, failing part: spot in $emmi_block",
            "失效品 EMMI，$emmi_block 异常亮点",
            "NG die EMMI，hot spot @ $emmi_block",
        ),
        Phrase(
            "Emission at IDD $idd (marked: abnormal)",
            "IDD $idd 时的发光（标记处为异常）",
            "EMMI @ IDD $idd（标记处 abnormal）",
        ),
    ),
    "emmi_good": (Phrase("EMMI, good part at the same bias", "良品 EMMI（相同偏置）", "good die EMMI，同 bias"),),
    "obirch": (Phrase("OBIRCH signal at $emmi_coord", "OBIRCH 信号，$emmi_coord", "OBIRCH signal @ $emmi_coord"),),
    "thermal": (Phrase("Lock-in thermogram, $emmi_block", "锁相热像，$emmi_block", "lock-in thermal，$emmi_block"),),
    "iv": (
        Phrase("I–V of failing and reference structure", "失效与参考结构 I–V 曲线", "I–V curve，NG vs ref"),
        Phrase(
            "I–V: $i_leak against $i_ref at 1.1 V", "I–V：1.1 V 下 $i_leak 对 $i_ref", "I–V @1.1 V：$i_leak vs $i_ref"
        ),
    ),
    "shmoo": (Phrase("Shmoo of the failing part", "失效样品 Shmoo 图", "NG sample shmoo"),),
    "sem": (
        Phrase(
            "SEM, $defect_layer: $defect_type ($defect_size)",
            "$defect_layer 层 SEM：$defect_type（$defect_size）",
            "$defect_layer SEM：$defect_type（$defect_size）",
        ),
        Phrase("Defect at $defect_layer, $kv", "$defect_layer 缺陷，$kv", "$defect_layer defect，$kv"),
    ),
    "sem_good": (Phrase("SEM, reference place", "SEM，参考位置", "SEM ref 位置"),),
    "flow": (Phrase("Flow of the analysis", "分析流程", "FA flow"),),
    "trend": (
        Phrase("Yield of $product by week", "$product 周良率趋势", "$product weekly yield trend"),
        Phrase("Weekly yield up to lot $lot_id", "周良率趋势（至批次 $lot_id）", "weekly yield（to lot $lot_id）"),
    ),
    "box": (Phrase("Commonality: readings by tool", "共性分析：按机台箱线图", "commonality box plot by tool"),),
    "sat": (Phrase("C-SAM of $serial: no delamination", "$serial 超声扫描：无分层", "$serial SAT：no delamination"),),
    "clip": (
        Phrase("Layout at the hot spot ($emmi_block)", "亮点处版图（$emmi_block）", "hot spot layout，$emmi_block"),
    ),
    "series": (
        Phrase("Emission at rising bias, IDD $idd at last", "发光随偏压变化，末点 IDD $idd", "EMMI vs bias，IDD $idd"),
    ),
    "edx": (Phrase("EDX at the defect: $element", "缺陷处 EDX 谱：$element", "defect EDX：$element"),),
}
