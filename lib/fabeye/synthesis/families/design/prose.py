"""The wording of a design document."""

from fabeye.synthesis.wording import Phrase

NOTES = (
    Phrase("Names are those of the RTL, in lower case.", "名称与 RTL 一致，均为小写。"),
    Phrase("Numbers are those of the flow's last run.", "数值取自最近一次流程。"),
    Phrase("Checked by simulation and by formal proof.", "已经仿真与形式验证。"),
    Phrase("See the list of open points for what is not decided yet.", "尚未确定的内容见待办事项。"),
)
OVERVIEW = (
    Phrase(
        "<block> moves data between the memory and its clients over <bus>.",
        "<block> 通过 <bus> 在存储器与各客户端之间搬运数据。",
    ),
    Phrase(
        "The block sits beside <blocks> and is reached through the register port only.",
        "该模块与 <blocks> 相邻，仅可通过寄存器端口访问。",
    ),
    Phrase(
        "This document tells how it is built; what it shall do is told in the requirements.",
        "本文档说明其实现方式，功能需求见需求文档。",
        "本文档说明其 implementation，功能需求见 requirement 文档。",
    ),
    Phrase("Everything that is visible to software is in the register map.", "软件可见的内容全部列于寄存器映射。"),
    Phrase(
        "The design is fully synchronous and has one clock domain, <block>_clk, behind the bus.",
        "设计为全同步，总线之后仅有一个时钟域 <block>_clk。",
    ),
    Phrase(
        "Sizes of queues were taken from traffic of the last product and doubled.",
        "队列深度取自上一代产品的流量并加倍。",
    ),
)
FEATURES = (
    Phrase("control unit of <states> states, one-hot after synthesis", "<states> 个状态的控制单元，综合后为独热编码"),
    Phrase("<registers> registers of 32 bits", "<registers> 个 32 位寄存器"),
    Phrase("no combinational path from input to output", "输入到输出无组合路径"),
    Phrase("back-pressure on every port", "所有端口支持反压"),
    Phrase("clock gating by idle detection", "空闲检测的时钟门控"),
    Phrase("scan coverage of at least 98.5 %", "扫描覆盖率不低于 98.5 %"),
    Phrase("single-bit errors are corrected, double ones reported", "单比特错误纠正，双比特错误上报"),
)
REGISTERS = (
    Phrase("All registers are 32 bits wide and are read in one cycle.", "所有寄存器位宽均为 32 位，单周期可读。"),
    Phrase("Bits that are not listed read as zero; writes to them have no effect.", "未列出的位读为零，写入无效。"),
    Phrase("W1C bits are cleared by writing one.", "W1C 位写一清零。"),
    Phrase("An access outside the map answers with an error.", "访问映射以外的地址返回错误。"),
)
CONTROL = (
    Phrase(
        "The control unit has <states> states and starts in <first>.",
        "控制单元有 <states> 个状态，复位后处于 <first>。",
    ),
    Phrase(
        "A transition takes one cycle; where no condition holds, the state is kept.",
        "状态转移耗时一个周期，条件不满足时保持当前状态。",
    ),
    Phrase("Abort leads back to <first> and drops what was not sent.", "中止返回 <first>，并丢弃未发送的数据。"),
    Phrase("Figure and listing below hold the same states.", "下图与代码中的状态一致。"),
)
ASSERTIONS = (
    Phrase("The assertions run in every simulation and in formal proof.", "断言用于全部仿真与形式验证。"),
    Phrase("A cover point that is never hit fails the nightly run.", "从未命中的覆盖点将使夜间回归失败。"),
    Phrase("New ports need a hold assertion like the one below.", "新增端口须具备如下的保持断言。"),
)
HANDSHAKE = (
    Phrase(
        "A word passes in each cycle in which valid and ready are both high.",
        "valid 与 ready 同时为高的周期传输一个字。",
    ),
    Phrase("The source keeps its word until it has been taken.", "发送方保持数据直至被接收。"),
    Phrase("Ready may fall at any time; valid may not.", "ready 可随时拉低，valid 不可。"),
)
RESET = (
    Phrase("Reset is asserted asynchronously and released with clk_main.", "复位异步置位，与 clk_main 同步释放。"),
    Phrase(
        "The PLL is locked within 120 µs; until then clk_main is gated.", "PLL 在 120 µs 内锁定，此前 clk_main 关闭。"
    ),
    Phrase("Crossings between clocks use two flip-flops or a queue.", "跨时钟域使用两级触发器或异步队列。"),
)
OPEN_POINTS = (
    Phrase("Depth of the write queue to be confirmed by simulation", "写队列深度待仿真确认"),
    Phrase("Reset value of VREF depends on silicon", "VREF 复位值取决于硅片结果"),
    Phrase("Clock gating in test mode not decided", "测试模式下的时钟门控未定"),
    Phrase("Waiver for the long route to the PHY", "至 PHY 长走线的豁免"),
    Phrase("Error injection for the software team", "供软件组使用的错误注入"),
    Phrase("Name of the interrupt in the top level", "顶层中断命名"),
)
STATES = (Phrase("open", "未完成"), Phrase("in review", "评审中"), Phrase("closed", "已关闭"))
CHANGES = (
    Phrase("first draft", "初稿"),
    Phrase("register map completed", "完善寄存器映射"),
    Phrase("timing budget after placement", "更新布局后的时序预算"),
    Phrase("assertions added", "增加断言"),
    Phrase("comments of the review worked in", "落实评审意见"),
    Phrase("floor plan changed", "调整版图规划"),
)
