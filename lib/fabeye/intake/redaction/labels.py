"""The labels that stand before or above sensitive values on forms.

Notable:
- A label is a pattern, as forms write "Request(er|or)", "Lot ID" and "Lot No."; case does not count.
"""

import regex

from fabeye.schema import Sensitive

GAP = r"[ \t]*[:=]?[ \t]*\n?"  # between a label and its value
CHAMBERS = "Chamber|腔体|腔室|反应腔|腔"
LABELS: dict[Sensitive, tuple[str, ...]] = {
    Sensitive.PERSON: (
        r"Request(?:er|or|ed by)|Analy(?:st|[sz]ed by)|Review(?:er|ed by)|Approv(?:er|ed by)",
        r"Prepared by|Checked by|Written by|Author|Owner|Operator|Engineer|Inspector",
        r"Contact(?: person)?|User(?: name)?|Login|Signed(?: by)?|Signature|Downloaded by",
        r"Printed by|Issued by|Submitted by|Responsible|PIC|Attn\.?|Taken by|From|Cc|To|委托人|申请人",
        r"分析人员?|分析员|分析者|审核人?|复核人?|批准人?|核准人?|会签人?|编制人?|制作人?|编写人?|作者|负责人|责任人|操作员|操作者|操作人员?|拍摄人|工程师",
        r"联系人|经办人|签名|签字|用户名?|检验员|主管|抄送|收件人|发件人|姓名|下载人|下载者|打印人|担当|提交人|发起人|跟进人|确认人?|测试人员?",
    ),
    Sensitive.EMPLOYEE: (
        r"Employee(?: No| ID)?|Emp(?:loyee)?\.? ?(?:No|ID)|Badge(?: No)?|Staff(?: No| ID)?|工号|员工号",
        r"员工编号",
    ),
    Sensitive.EMAIL: (r"E-?mail|Mail|WeChat(?: ID)?|微信号?|企业微信|QQ|钉钉号?|飞书号?|邮箱|电子邮件|邮件",),
    Sensitive.PHONE: (r"Tel|Phone|Mobile|Cell|Fax|电话|手机号?|联系电话|联系方式|座机|传真|分机号?|Ext",),
    Sensitive.LOT: (r"(?:Child |Parent |Fab )?Lots?(?: ?ID| ?No)?|批号|批次号?|母批|子批|批",),
    Sensitive.WAFER: (
        r"Wafers?(?: ?ID| ?No)?|WF(?: ?ID)?|Slot|晶圆号?|片号|晶圆片号|Laser ?mark|Wafer mark|激光刻号|刻号|晶圆编号",
    ),
    Sensitive.PRODUCT: (
        r"Product(?: ?code| ?name| ?ID)?|Part(?: ?No| ?name)|产品(?:型号|代码|名称|编号)?|料号",
        r"Mask(?: ?set| ?ID| ?No)?|光罩号?|掩模版?号?",
    ),
    Sensitive.CUSTOMER: (r"Customer(?: ?name)?|Client|客户(?:名称)?",),
    Sensitive.TOOL: (
        r"Tools?(?: ?ID)?|Equipment(?: ?ID)?|Eqp(?: ?ID)?|EQP|Instrument|Machine|System|机台号?|机台编号",
        r"设备(?:编号)?|机型|仪器",
    ),
    Sensitive.RECIPE: (r"Recipe(?: ?name| ?ID)?|Rcp|PPID|配方(?:名称?)?|程式|工艺菜单|菜单",),
    Sensitive.HOST: (
        r"Path|File(?: ?name)?|Folder|Link|Server|Host(?: ?name)?|URL|Location|路径|文件名?|文件夹|链接|服务器",
        r"主机名?|存档|地址",
    ),
    Sensitive.ADDRESS: (r"IP(?: ?address)?|MAC(?: ?address)?|IP ?地址|MAC ?地址",),
    Sensitive.CASE: (
        r"Case(?: ?No| ?ID)?|(?:E|P)?FA ?(?:No|ID)|Report(?: ?No| ?ID)|Request ?No|Ticket(?: ?No)?",
        r"Doc(?:ument)?\.? ?No|8D ?No|RMA ?No|案件编号|案件号|FA ?单号|单号|委托单号|报告编号|文件编号|文件号|编号|S/N",
        r"Serial(?: ?No)?|序列号|RMA ?单?号",
    ),
}


def label(kind: Sensitive) -> str:
    """Pattern of all labels of a kind, with the full stop or the second wording behind them."""
    return rf"(?i:(?<![A-Za-z])(?:{'|'.join(LABELS[kind])})s?\.?(?: ?(?:\(s\)|/ ?[A-Za-z]+))?)"


def is_label(text: str) -> bool:
    """True where a text is nothing but the label of some kind."""
    return _ANY.fullmatch(text.strip().rstrip(":")) is not None


_ANY = regex.compile("(?i:" + "|".join(one for every in LABELS.values() for one in every) + r")\.?s?")
