"""The wording of bulletins, invoices and letters."""

from dataclasses import dataclass

from fabeye.synthesis.wording import Phrase

LEADS = (
    Phrase("That is one of several things noted down here for whoever comes next.", "这是留给后来者的若干记录之一。"),
    Phrase("What follows was collected over the year by people who took part.", "以下内容由参与者在一年中收集整理。"),
    Phrase("A short look back, with a few numbers.", "简短回顾，附若干数据。"),
)
NOTES = (
    Phrase("Numbers were rounded; sums may differ by one.", "数字经四舍五入，合计可能相差一。"),
    Phrase("A first version appeared in <month> <year>.", "初稿写于 <year> 年<month>。"),
    Phrase("With thanks to <name>, who read the draft.", "感谢<name>审阅初稿。"),
)
MASTHEADS = (
    Phrase("<place> bulletin, <month> <year>", "<place>简报 <year> 年<month>"),
    Phrase("News from <place>: <month> <year>", "<place>通讯（<year> 年<month>）"),
    Phrase("<place> and around, <month> <year>", "<place>周边 <year> 年<month>号"),
)
GOODS = (
    Phrase("Desk lamp, adjustable", "可调台灯"),
    Phrase("Copy paper A4, box of 5", "A4 复印纸（5 包/箱）"),
    Phrase("Filing cabinet, four drawers", "四抽文件柜"),
    Phrase("Coffee beans, 1 kg", "咖啡豆 1 kg"),
    Phrase("Cleaning of windows, hour", "擦窗服务（小时）"),
    Phrase("USB cable, 2 m", "USB 线 2 m"),
    Phrase("Office chair", "办公椅"),
    Phrase("Delivery and set-up", "送货与安装"),
    Phrase("Whiteboard 120 x 90 cm", "白板 120 × 90 cm"),
    Phrase("First-aid kit", "急救箱"),
    Phrase("Printer toner, black", "黑色墨粉"),
    Phrase("Extension lead, six sockets", "六位插线板"),
    Phrase("Repair of a shelf", "货架维修"),
)
PAYMENT = (
    Phrase("Please pay <total> by <due> and quote the number above.", "请于 <due> 前支付 <total>，并注明上述号码。"),
    Phrase(
        "The amount of <total> is due on <due> without deduction.", "应付金额 <total>，付款截止日 <due>，不得扣减。"
    ),
    Phrase(
        "We thank you for your order. <total> will be debited on <due>.", "感谢惠顾，款项 <total> 将于 <due> 扣收。"
    ),
)
OPENINGS = (
    Phrase("For goods and work delivered in <month> we charge as follows.", "<month>交付的货物与服务收费如下。"),
    Phrase("The items below were handed over to <name> against a signature.", "下列物品已交付<name>签收。"),
    Phrase("Your order was delivered in <m> parcels to <place>.", "您的订单已分 <m> 件送达<place>。"),
)
SMALL_PRINT = (
    Phrase("Goods remain ours until they are paid in full.", "货款付清前货物所有权归卖方。"),
    Phrase("Returns within 14 days in the original box.", "14 天内原包装可退货。"),
    Phrase("Prices are net unless stated otherwise.", "除另有说明外均为不含税价。"),
    Phrase("Complaints are to be made within <m> working days.", "如有异议请于 <m> 个工作日内提出。"),
    Phrase("Interest of <m> % a year is charged on late payment.", "逾期付款按年利率 <m> % 计息。"),
    Phrase("This document was made by machine and is valid without a signature.", "本单据由系统生成，无需签字即有效。"),
)
GREETINGS = (
    Phrase("Yours sincerely", "此致 敬礼"),
    Phrase("With kind regards", "顺颂商祺"),
    Phrase("Best wishes", "祝好"),
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a letter is about; each of `pools` becomes a paragraph."""

    subject: Phrase
    pools: tuple[tuple[Phrase, ...], ...]


MATTERS = (
    Matter(
        Phrase("Your visit in <month>", "关于您<month>的来访"),
        (
            (
                Phrase("Thank you for your letter; we look forward to your visit.", "感谢来信，期待您的到访。"),
                Phrase("A room has been booked for <m> nights near the station.", "已在车站附近预订 <m> 晚住宿。"),
                Phrase("The train from <place> takes about <n> minutes.", "从<place>乘火车约需 <n> 分钟。"),
            ),
            (
                Phrase("On the first day we would like to show you the workshop.", "首日拟带您参观工坊。"),
                Phrase(
                    "There will be <n> people at the talk, so please bring slides.",
                    "报告约有 <n> 人出席，请准备幻灯片。",
                ),
                Phrase("Lunch is at noon in the house across the street.", "午餐定于中午，在街对面。"),
                Phrase("Tell us if you would rather rest after the journey.", "如旅途劳顿需休息，请告知。"),
            ),
            (
                Phrase("Costs are borne by us; please keep the receipts.", "费用由我方承担，请保留票据。"),
                Phrase("Should anything change, a short call is enough.", "如有变动，电话告知即可。"),
            ),
        ),
    ),
    Matter(
        Phrase("Repair of the heating in flat <n>", "<n> 号房暖气维修"),
        (
            (
                Phrase(
                    "Since <month> the living room has not been warmer than 16 °C.",
                    "自<month>以来客厅温度不超过 16 °C。",
                ),
                Phrase("The valve was replaced <m> weeks ago without success.", "<m> 周前更换阀门未见效果。"),
                Phrase("The neighbours below have the same trouble.", "楼下邻居也有同样问题。"),
            ),
            (
                Phrase("We ask you to send a fitter within <m> days.", "请在 <m> 天内派人维修。"),
                Phrase("Somebody is at home in the afternoon on most days.", "下午一般有人在家。"),
                Phrase("Until then we shall keep back a part of the rent.", "在此之前将暂扣部分租金。"),
            ),
            (
                Phrase("Photographs are enclosed.", "随信附上照片。"),
                Phrase("We hope that this can be settled without a dispute.", "希望能友好解决。"),
            ),
        ),
    ),
    Matter(
        Phrase("Offer for the summer course", "暑期课程邀约"),
        (
            (
                Phrase(
                    "The school plans a course for <n> children in <month>.", "学校计划<month>为 <n> 名儿童开设课程。"
                ),
                Phrase("<name> told us about your work with clay.", "<name>向我们介绍了您的陶艺工作。"),
                Phrase("The room has <m> tables and a kiln.", "教室有 <m> 张桌子和一座窑。"),
            ),
            (
                Phrase("Could you teach on <m> mornings?", "您能否授课 <m> 个上午？"),
                Phrase("Material is paid for by the parents' union.", "材料费由家长会承担。"),
                Phrase("The fee is the same as in <year>.", "酬金与 <year> 年相同。"),
                Phrase("A helper will be there all the time.", "全程有助手协助。"),
            ),
            (
                Phrase("Please let us know by the end of the week.", "请于本周末前回复。"),
                Phrase("We enclose the plan of last year.", "附上去年的计划。"),
            ),
        ),
    ),
    Matter(
        Phrase("Change of address", "地址变更"),
        (
            (
                Phrase(
                    "We have moved to <place> and ask you to note the new address.", "我们已迁至<place>，请更新地址。"
                ),
                Phrase("Mail is forwarded for <m> months.", "邮件将转递 <m> 个月。"),
                Phrase("Telephone and e-mail stay as they are.", "电话与邮箱不变。"),
            ),
            (
                Phrase("The order of <month> should go to the old place.", "<month>的订单仍寄旧址。"),
                Phrase("Deliveries are taken between 8 and <m>:30.", "收货时间为 8 点至 <m>:30。"),
                Phrase("The lift carries up to <n>0 kg.", "电梯载重 <n>0 kg。"),
            ),
        ),
    ),
)
