"""The sentences of a report, each said in several ways; names such as `$lot_id` stand for the case's values.

Notable:
- A tuple holds ways to say the same; a report takes one of them.
- The third wording of a Phrase is what a Chinese engineer writes with English terms.
"""

from fabeye.synthesis.scenario.kinds import BITMAP, COMMONALITY, CURVE, EMMI, OBIRCH, THERMAL
from fabeye.synthesis.wording import Phrase

Ways = tuple[Phrase, ...]

BACKGROUND: Ways = (
    Phrase(
        "Lot $lot_id of $product failed $test_item at $source ($condition) with $fail_bin; $fail_rate of its dies are "
        "affected and the lot lost $yield_loss of yield.",
        "产品 $product 批次 $lot_id 在 $source 的 $test_item（$condition）中失效，分 BIN 为 $fail_bin，失效率 "
        "$fail_rate，"
        "良率损失 $yield_loss。",
        "$product lot $lot_id 在 $source 做 $test_item（$condition）时 fail，$fail_bin，fail rate $fail_rate，"
        "yield loss $yield_loss。",
    ),
    Phrase(
        "$requester of $dept asked on $request_date for the analysis of one part of $lot_id. It belongs to $soft_bin, "
        "whose share rose to $fail_rate at $source.",
        "$request_date，$dept $requester 委托对批次 $lot_id 的一颗样品进行分析。该样品归入 $soft_bin，其占比在 "
        "$source 升至 $fail_rate。",
        "$request_date $dept 的 $requester 提出 FA request，sample 来自 lot $lot_id。$source 的 $soft_bin 占比升至 "
        "$fail_rate。",
    ),
    Phrase(
        "A rise of $soft_bin was noticed at $source. Lot $lot_id ($product, $tech_node) lost $yield_loss, and one "
        "failing "
        "part was chosen for analysis under $condition.",
        "$source 发现 $soft_bin 上升。批次 $lot_id（$product，$tech_node）良率损失 $yield_loss，选取一颗失效品在 "
        "$condition 条件下分析。",
        "$source 发现 $soft_bin 有 excursion，lot $lot_id（$product，$tech_node）yield loss $yield_loss，挑选一颗 "
        "fail die 做 EFA/PFA。",
    ),
)
CUSTOMER: Ways = (
    Phrase(
        "The part $serial came back from $customer; its lot is $lot_id.",
        "样品 $serial 由客户 $customer 退回，所属批次 $lot_id。",
        "客户 $customer 退回 RMA 样品 $serial，lot $lot_id。",
    ),
    Phrase(
        "$customer reported the part $serial of lot $lot_id as failing on its board.",
        "客户 $customer 反馈批次 $lot_id 的样品 $serial 上板失效。",
        "$customer 反馈 lot $lot_id 的 $serial 上板 fail。",
    ),
)
SUMMARY: Ways = (
    Phrase(
        "One part of lot $lot_id showed ${a_fail_mode}. Physical analysis found ${a_defect_type} ($defect_size) at "
        "$defect_layer, which traces back to $step on $tool.",
        "批次 $lot_id 的一颗样品呈现$fail_mode。物性分析在 $defect_layer 层发现$defect_type（$defect_size），追溯至 "
        "$step 站点机台 $tool。",
        "lot $lot_id 一颗 die 为 $fail_mode。PFA 在 $defect_layer 发现 $defect_type（$defect_size），追溯到 $step / "
        "$tool。",
    ),
    Phrase(
        "Result: ${a_defect_type} of $defect_size in the $layer_name explains the $fail_mode of $lot_id $wafer_id. "
        "Step: $step, tool: $tool $chamber.",
        "结论：$layer_name存在$defect_type，尺寸 $defect_size，可解释 $lot_id $wafer_id 的$fail_mode。站点 $step，"
        "机台 $tool $chamber。",
        "结论：$defect_layer 有 $defect_type，size $defect_size，与 $lot_id $wafer_id 的 $fail_mode 吻合；step "
        "$step，tool $tool $chamber。",
    ),
    Phrase(
        "The $fail_mode seen at $source is caused by ${a_defect_type}. Chamber $chamber of $tool, which runs $step, "
        "has been stopped.",
        "$source 所见$fail_mode由$defect_type引起，执行 $step 的机台 $tool 腔体 $chamber 已停机。",
        "$source 的 $fail_mode root cause 为 $defect_type，$step 的 $tool $chamber 已 hold。",
    ),
)
WAFER: Ways = (
    Phrase(
        "Wafer $wafer_id yields $wafer_yield ($good_dies of $dies dies); the die under analysis lies at $die_xy.",
        "晶圆 $wafer_id 良率 $wafer_yield（$dies 颗中 $good_dies 颗良品），分析芯片坐标 $die_xy。",
        "wafer $wafer_id yield $wafer_yield（good die $good_dies / $dies），分析 die $die_xy。",
    ),
    Phrase(
        "Of the $dies dies of wafer $wafer_id $good_dies are good ($wafer_yield). Die $die_xy was taken.",
        "$wafer_id 号片共 $dies 颗芯片，良品 $good_dies 颗（$wafer_yield），取 $die_xy 号芯片分析。",
        "$wafer_id 共 $dies die，good $good_dies（$wafer_yield），取 die $die_xy。",
    ),
)
BITS: Ways = (
    Phrase(
        "The bitmap of $test_date has a fail bit count of $fbc in $bank, a signature of ${a_fail_mode}.",
        "$test_date 的位图在 $bank 显示 $fbc 个失效位，特征为$fail_mode。",
        "$test_date bitmap 显示 $bank 有 $fbc fail bit，signature 为 $fail_mode。",
    ),
    Phrase(
        "Tested on $test_date under $condition, $bank has a fail bit count (FBC) of $fbc.",
        "$test_date 测试，$condition 条件下 $bank 失效位数为 $fbc。",
        "$test_date 复测，$condition 下 $bank FBC = $fbc。",
    ),
)
CURRENTS: Ways = (
    Phrase(
        "At 1.1 V the failing part carries $i_leak against $i_ref of a reference.",
        "1.1 V 下失效样品电流为 $i_leak，参考样品为 $i_ref。",
        "1.1 V 下 fail 电流 $i_leak，ref 为 $i_ref。",
    ),
    Phrase(
        "The curve trace reads $i_leak at 1.1 V; a good part reads $i_ref.",
        "I–V 曲线在 1.1 V 处读得 $i_leak，良品为 $i_ref。",
        "curve trace @1.1 V：NG $i_leak，good $i_ref。",
    ),
)
PACKAGE: Ways = (
    Phrase(
        "Acoustic microscopy finds neither delamination nor cracks in the package.",
        "超声扫描显示封装内无分层、无裂纹。",
        "SAT 未见 delamination / crack。",
    ),
    Phrase(
        "The package is whole (C-SAM of $test_date).",
        "封装完好（$test_date 超声扫描）。",
        "$test_date C-SAM：package OK。",
    ),
)
MORE: dict[str, Ways] = {
    "series": (
        Phrase(
            "The spot at $emmi_coord grows with the supply: it lies on the path that draws the current.",
            "$emmi_coord 处亮点随电源电压增强，位于漏电通路上。",
            "$emmi_coord hot spot 随 bias 变强，在漏电 path 上。",
        ),
    ),
    "clip": (
        Phrase(
            "Overlaid on the layout, $emmi_coord falls into $emmi_block.",
            "与版图叠加，$emmi_coord 落在 $emmi_block 内。",
            "与 layout 叠加，$emmi_coord 落在 $emmi_block。",
        ),
    ),
    "flow": (
        Phrase(
            "One part of lot $lot_id ($product) went through these steps; $requester ($dept) had asked for it on "
            "$request_date, after $test_item under $condition.",
            "批次 $lot_id（$product）的一颗样品按下列步骤分析；$dept $requester 于 $request_date 提出委托，失效测试 "
            "项为 $test_item（$condition）。",
            "lot $lot_id（$product）的 sample 按此 FA flow 进行；$request_date 由 $dept $requester 提出，fail item 为 "
            "$test_item（$condition）。",
        ),
        Phrase(
            "$soft_bin stood at $fail_rate at $source, so the way below was taken with a failing part of $lot_id; the "
            "request is of $request_date.",
            "$source 的 $soft_bin 占比达 $fail_rate，故对 $lot_id 的失效样品按下图流程分析（委托日期 $request_date）。",
            "$source $soft_bin 达 $fail_rate，取 $lot_id fail sample 走以下 flow（request $request_date）。",
        ),
        Phrase(
            "How the laboratory proceeded for $dept ($requester): lot $lot_id, $tech_node, $fail_bin in $test_item.",
            "受 $dept（$requester）委托的分析过程：批次 $lot_id，$tech_node，$test_item 判为 $fail_bin。",
            "$dept（$requester）委托的 FA flow：lot $lot_id，$tech_node，$test_item 判 $fail_bin。",
        ),
    ),
}
METHODS: dict[str, Ways] = {
    BITMAP: (
        Phrase(
            "The logical address was converted to the physical one: $phys_addr.",
            "逻辑地址转换为物理地址：$phys_addr。",
            "logical address 转 physical address：$phys_addr。",
        ),
        Phrase(
            "The fail lies at $phys_addr, close enough for the microscope.",
            "失效位于 $phys_addr，定位精度满足电镜观察。",
            "fail address 为 $phys_addr，可直接做 PFA。",
        ),
    ),
    CURVE: (
        Phrase(
            "Nanoprobing of the failing and of a reference structure confirmed it electrically.",
            "对失效结构与参考结构做纳米探针测试，电性上得到确认。",
            "nano-probe 对比 fail 与 ref，电性确认。",
        ),
        Phrase(
            "The curve trace agrees with the tester.",
            "曲线量测结果与测试机一致。",
            "curve trace 与 tester 结果一致。",
        ),
    ),
    EMMI: (
        Phrase(
            "Emission microscopy on $camera (lens $lens, $locate_date) at IDD $idd shows one spot at $emmi_coord in "
            "$emmi_block that the good die ($idd_ref) does not have; the other spots are normal.",
            "$locate_date 用 $camera（镜头 $lens）在 IDD $idd 下做 EMMI，于 $emmi_block 的 $emmi_coord 处有一异常亮点，"
            "良品（$idd_ref）同位置无亮点，其余亮点为正常发光。",
            "$locate_date $camera EMMI（$lens，IDD $idd）在 $emmi_block $emmi_coord 可见 hot spot，good "
            "die（$idd_ref）同位置没有，"
            "其余为 normal emission。",
        ),
        Phrase(
            "A good die at the same bias draws $idd_ref, the failing one $idd. Their emission differs at $emmi_coord "
            "only, which is in $emmi_block ($camera, $lens, $locate_date).",
            "相同偏置下良品电流 $idd_ref，失效品 $idd。两者发光仅在 $emmi_coord 处不同，位于 $emmi_block"
            "（$camera，$lens，$locate_date）。",
            "同 bias 下 good die $idd_ref，fail die $idd，EMMI 只有 $emmi_coord 一处不同，block 为 $emmi_block"
            "（$camera，$lens，$locate_date）。",
        ),
    ),
    OBIRCH: (
        Phrase(
            "A metal short sends out no light, so OBIRCH was used (lens $lens, $locate_date): its signal lies at "
            "$emmi_coord in $emmi_block.",
            "金属短路不发光，故采用 OBIRCH（镜头 $lens，$locate_date），信号位于 $emmi_block 的 $emmi_coord 处。",
            "metal short 不发光，改用 OBIRCH（$lens，$locate_date），signal 在 $emmi_block $emmi_coord。",
        ),
        Phrase(
            "OBIRCH of $locate_date on $camera finds the signal at $emmi_coord ($emmi_block).",
            "$locate_date 在 $camera 上做 OBIRCH，于 $emmi_coord（$emmi_block）检出信号。",
            "$locate_date $camera OBIRCH signal 位置 $emmi_coord（$emmi_block）。",
        ),
    ),
    THERMAL: (
        Phrase(
            "Lock-in thermography warms the same place, so the emission is the fault itself and not its consequence.",
            "锁相热像在同一位置发热，说明亮点即故障点而非次级发光。",
            "lock-in thermal 在同一位置有 hot spot，排除 secondary emission。",
        ),
        Phrase(
            "The thermogram is hottest at $emmi_coord too.",
            "热像最热点同样位于 $emmi_coord。",
            "thermal 最热点同为 $emmi_coord。",
        ),
    ),
    COMMONALITY: (
        Phrase(
            "The failing dies form a ring at the wafer's edge. Commonality over the last lots points to $step on "
            "$tool.",
            "失效芯片在晶圆边缘成环。近期批次共性分析指向 $step 站点 $tool。",
            "fail die 呈 edge ring，commonality 指向 $step / $tool。",
        ),
        Phrase(
            "All lots with this ring ran $step on $tool; lots of its sister tools are clean.",
            "出现该环形分布的批次均在 $tool 执行 $step，同型机台批次正常。",
            "有 ring 的 lot 都跑过 $tool（$step），sister tool 正常。",
        ),
    ),
}
PHYSICAL: Ways = (
    Phrase(
        "After delayering to $defect_layer, SEM at $kv on $observe_date ($microscope, $magnification) shows "
        "${a_defect_type}, about $defect_size in size.",
        "去层至 $defect_layer 后，$observe_date 用 $microscope 在 $kv、$magnification 下观察到$defect_type，尺寸约 "
        "$defect_size。",
        "delayer 到 $defect_layer 后，$observe_date $microscope SEM（$kv，$magnification）可见 $defect_type，size "
        "约 $defect_size。",
    ),
    Phrase(
        "The $layer_name was exposed at the place found before. On $observe_date $microscope showed ${a_defect_type} "
        "of "
        "$defect_size ($kv, $magnification); a neighbouring place is regular.",
        "在定位处暴露$layer_name，$observe_date 于 $microscope（$kv，$magnification）发现$defect_type，尺寸 "
        "$defect_size，相邻位置正常。",
        "定位处去层到 $defect_layer，$observe_date $microscope（$kv，$magnification）发现 "
        "$defect_type（$defect_size），旁边结构 normal。",
    ),
)
SECTION: Ways = (
    Phrase(
        "A FIB cross-section through the place, viewed at $kv on $observe_date ($microscope, $magnification), shows "
        "${a_defect_type}, about $defect_size in size.",
        "对定位处做 FIB 截面，$observe_date 于 $microscope（$kv，$magnification）观察到$defect_type，尺寸约 "
        "$defect_size。",
        "定位处 FIB cut，$observe_date $microscope（$kv，$magnification）确认 $defect_type，size 约 $defect_size。",
    ),
    Phrase(
        "The sample was cut by FIB at $defect_layer. At $kv, ${a_defect_type} of $defect_size is seen "
        "($microscope, $magnification, $observe_date); the reference cut is regular.",
        "在 $defect_layer 处 FIB 切割，$kv 下可见$defect_type，尺寸 $defect_size（$microscope，$magnification，"
        "$observe_date），参考截面正常。",
        "$defect_layer FIB X-section：$defect_type，$defect_size（$microscope，$kv，$magnification，"
        "$observe_date），ref 截面 normal。",
    ),
)
EDX: Ways = (
    Phrase("EDX at the defect finds $element.", "缺陷处 EDX 检出 $element。", "defect EDX：$element。"),
    Phrase(
        "Its EDX spectrum has peaks of $element, more than the reference place shows.",
        "EDX 谱中 $element 信号高于参考位置。",
        "EDX 显示 $element 信号比 ref 高。",
    ),
)
CAUSE: Ways = (
    Phrase(
        "Root cause: $root_cause. The lot ran $step on $tool, $chamber, with recipe $recipe.",
        "根本原因：$root_cause。该批次在 $tool 的 $chamber 腔体以程式 $recipe 完成 $step。",
        "Root cause：$root_cause。该 lot 的 $step 在 $tool $chamber 跑 recipe $recipe。",
    ),
    Phrase(
        "The history of the lot names $tool ($chamber, recipe $recipe) for $step. There, $root_cause.",
        "批次履历显示 $step 由 $tool（$chamber，程式 $recipe）执行。机理：$root_cause。",
        "lot history：$step 为 $tool（$chamber，recipe $recipe）。机理：$root_cause。",
    ),
)
LINK: Ways = (
    Phrase(
        "The chain is closed: signature, place and defect agree, and no other abnormality was seen nearby.",
        "电性特征、定位与缺陷相互吻合，附近未见其他异常。",
        "EFA signature、定位与 PFA defect 一致，附近无其他 abnormal。",
    ),
    Phrase(
        "This defect alone explains the electrical result; raw data are kept at $host.",
        "该缺陷可单独解释电性结果，原始数据存于 $host。",
        "该 defect 可解释电性结果，raw data 在 $host。",
    ),
    Phrase(
        "Raw data: $host (server $address). The logs are kept on the tester, MAC $station.",
        "原始数据：$host（服务器 $address），日志保留在测试机（MAC $station）。",
        "raw data 在 $host（server $address），log 在 tester（MAC $station）。",
    ),
    Phrase(
        "Pictures and raw data: $host. Questions to $email or $phone.",
        "图片与原始数据：$host。联系方式：$email，$phone。",
        "图片与 raw data：$host，联系 $email / $phone。",
    ),
)
NOT_FOUND: Ways = (
    Phrase(
        "The part was tested again on $test_date under $condition and at both corners of voltage and temperature. It "
        "passed every time; curve trace and X-ray show nothing unusual.",
        "$test_date 在 $condition 以及电压、温度双边界条件下复测，样品均通过；曲线量测与 X 射线检查无异常。",
        "$test_date 在 $condition 及 V/T corner 复测均 pass，curve trace 与 X-ray 无 abnormal。",
    ),
    Phrase(
        "Three repetitions of the customer's test and a full final test on $test_date did not bring the fail back.",
        "$test_date 重复客户测试三次并做完整成品测试，失效未再现。",
        "$test_date 重复 customer pattern 三次 + full FT，fail 未复现（NTF）。",
    ),
)
CLOSED: Ways = (
    Phrase(
        "The case is closed on $close_date as no trouble found; similar returns of $product will be watched for "
        "three months.",
        "本案于 $close_date 以未复现结案，$product 同类退回将继续监控三个月。",
        "本 case 于 $close_date 以 NTF close，$product 同类 RMA monitor 三个月。",
    ),
)
NO_CAUSE: Ways = (
    Phrase(
        "Without a fail there is nothing to localise; no root cause can be named.",
        "未再现失效，无法定位，暂不能判定根因。",
        "fail 未复现，无法 localize，暂无 root cause。",
    ),
    Phrase(
        "A poor contact of the socket on the board is possible, but was not proven.",
        "不排除主板插座接触不良，但未能证实。",
        "不排除 socket contact 问题，未证实。",
    ),
)
VERIFIED: Ways = (
    Phrase(
        "Three lots after the change show no $fail_mode.",
        "变更后三批未再出现$fail_mode。",
        "改后 3 lot 无 $fail_mode。",
    ),
    Phrase(
        "After the change $soft_bin is back at its base line.",
        "变更后 $soft_bin 恢复至基线。",
        "改后 $soft_bin 回到 baseline。",
    ),
)
NOT_VERIFIED: Ways = (
    Phrase("Nothing was changed, so there is nothing to verify.", "未做变更，无需验证。", "无 change，不需验证。"),
)
