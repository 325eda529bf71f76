"""What sensitive things look like: one table of patterns.

Notable:
- Patterns see text with half-width letters and plain hyphens (`plain`), rows ending in "\\n", cells of a row parted by
  "\\t".
- A score says how sure a pattern is by itself: 0.9 a form that means nothing else, 0.8 a value behind its label,
  0.6 a form that is rarely something else. redact.min_score decides what counts.
- The words of a memory standard must pass: JESD79-5, DDR5-4800B, A[17:10], MR4 OP[7:5], tRCD, 4.28.2.1. So a chamber, a
  tester's channel or a bare number counts only beside its label, and 10.2.3.4 is a heading unless it can be none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fabeye.intake.redaction.labels import CHAMBERS, GAP, label
from fabeye.intake.redaction.people import FIRST_NAMES, GIVEN_OF, LATIN_SURNAMES, SURNAME_OF, words
from fabeye.schema import Sensitive


@dataclass(frozen=True, slots=True)
class Form:
    """One way a kind is written; `regex` in the notation of the `regex` package, case counts."""

    kind: Sensitive
    regex: str
    score: float


L, R = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"  # no letter or digit before, behind; an underscore may stand there
ALIKE = str.maketrans("OQDILSBZG", "000115826")
DIGITISH = "[0-9OQILSBZG]"  # digits, and the letters that recognition takes them for


def plain(text: str) -> str:
    """Full-width letters and signs as half-width ones, all hyphens alike; the length stays."""
    return text.translate(_PLAIN)


def folded(code: str) -> str:
    """A code's letters and digits in capitals, those that recognition takes for each other as one."""
    return "".join(sign for sign in code.upper() if sign.isalnum()).translate(ALIKE)


def forms() -> tuple[Form, ...]:
    """Every pattern of every kind."""
    return (*_PEOPLE, *_IDENTIFIERS, *_WAYS_TO_REACH)


def _after(kind: Sensitive, value: str, score: float = 0.8, gap: str = GAP) -> Form:
    return Form(kind, rf"(?<={label(kind)}{gap}){value}", score)


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(set(words), key=lambda word: (-len(word), word))) + ")"


_PLAIN = {0xFF01 + shift: 0x21 + shift for shift in range(94)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0x3001: 0x2C,
    **{ord(sign): 0x2D for sign in "‐‑‒–—―−﹣"},
    **{ord(sign): 0x27 for sign in "‘’"},
    ord("©"): 0x40,  # what recognition makes of the sign in a mail address
}

# --------------------------------------------------------------------------------------------------------------- people

_HOMOGRAPHS = words("homographs")
_HAN = r"[\u4e00-\u9fff]"
_CHINESE = rf"{_either(SURNAME_OF)}{_HAN}{{1,2}}"
_CLEARLY_CHINESE = rf"{_either(SURNAME_OF)}[{''.join(GIVEN_OF)}]{{1,2}}"
_END = rf"(?!{_HAN})"
_FAMILY = _either(
    [*LATIN_SURNAMES, *(name.capitalize() for name in SURNAME_OF.values() if name.capitalize() not in _HOMOGRAPHS)]
)
_DOES = "提出|提交|委托|反馈|确认|分析|完成|负责|审核|批准|复测|送样"
_ACCOUNT = _either(SURNAME_OF.values())
_ACCOUNT_START = r"(?:[a-z]|I(?![nsftdmc][^a-z]|[nmc][a-z]|[A-Z0-9]))"  # recognition takes a small l for a capital I
_SYLLABLES = _either([name for name in GIVEN_OF.values() if name.capitalize() not in _HOMOGRAPHS])
_PINYIN = rf"(?i:{_SYLLABLES}-?{_SYLLABLES}?)"
_NO_NAME = _either(words("no_name_words"))
_NAME_WORD = rf"(?!(?i:{_NO_NAME})s?\b)" + r"(?:[A-Z][a-z'\-]+[A-Za-z]*|[A-Z]{2,}(?![0-9])|[A-Z]\.?(?:-?[A-Z]\.)?)"

_PEOPLE = (
    _after(Sensitive.PERSON, rf"{_CHINESE}{_END}"),
    _after(Sensitive.PERSON, _CLEARLY_CHINESE),
    _after(Sensitive.PERSON, rf"{_NAME_WORD}(?:[ .,]{{1,2}}{_NAME_WORD}){{1,2}}{R}"),
    _after(Sensitive.PERSON, rf"[A-Z][a-z]+[A-Z][a-z]+{R}"),
    _after(Sensitive.PERSON, rf"[a-z]+[._][a-z]+{R}"),
    Form(Sensitive.PERSON, r"(?<=(?i:user|login|operator|用户|操作员)[ \t]*[:=][ \t]*)[A-Za-z][\w.\-]{2,30}", 0.8),
    Form(Sensitive.PERSON, rf"(?<=\b(?:User|USER|Operator)[ :=]{{1,3}}){_ACCOUNT_START}[a-z0-9._\-]{{2,30}}", 0.8),
    Form(
        Sensitive.PERSON,
        rf"(?<=\d:\d{{2}}(?::\d{{2}})?[ \t:]{{1,3}}){_ACCOUNT_START}[a-z]{{0,12}}(?: ?[._:;,])?[a-z]{{2,12}}"
        r"(?![a-z@])",
        0.6,
    ),
    Form(Sensitive.PERSON, rf"{L}(?:{_ACCOUNT}[._][a-z]{{2,12}}|[a-z]{{2,12}}[._]{_ACCOUNT}){R}(?![.@/])", 0.6),
    Form(
        Sensitive.PERSON,
        rf"{_CLEARLY_CHINESE}(?= ?(?:{_DOES}))",
        0.6,
    ),
    Form(Sensitive.PERSON, rf'(?<=^|\t|[,;/>"(] ?){_CLEARLY_CHINESE}(?=$|\t|[,;/<")(])', 0.6),
    Form(Sensitive.PERSON, rf"(?<=由|请|经|联系|致|@|抄送[::]?){_CLEARLY_CHINESE}", 0.6),
    Form(Sensitive.PERSON, rf"{L}{_either(FIRST_NAMES)} (?:[A-Z]\. ?)?[A-Z][a-z]+{R}", 0.7),
    Form(Sensitive.PERSON, rf"{L}(?:[A-Z]\.[ \-]?){{1,2}}{_FAMILY}{R}", 0.7),
    Form(Sensitive.PERSON, rf"{L}{_FAMILY},? {_PINYIN}{R}", 0.6),
    Form(Sensitive.PERSON, rf"{L}{_PINYIN} {_FAMILY}{R}", 0.6),
    _after(Sensitive.EMPLOYEE, rf"[A-Z]?\d{{5,8}}{R}", 0.9),
    Form(Sensitive.EMPLOYEE, rf"{L}[EWT]\d{{6}}{R}", 0.6),
)

# ---------------------------------------------------------------------------------------------------------- identifiers

_CODE = (  # two digits at least; no date, no hexadecimal number, no standard
    r"(?=[A-Za-z0-9.\-_/]*\d[A-Za-z0-9.\-_/]*\d)(?!JE[SP]|0x|\d{4}[\-/.]\d{1,2}[\-/.])"
    r"[A-Z0-9][A-Za-z0-9.\-_]{3,}[A-Za-z0-9]"
)
_PREFIXES = _either(words("tools"))
_CHAMBER = r"CH-?[A-F1-8]"
_TOOL = rf"{_PREFIXES}-?{DIGITISH}{{2}}[A-F]?(?:[ ]?[/\-][ ]?{_CHAMBER})?"
_SUFFIX_ZH = "(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|集团)"
_SUFFIX_EN = (
    r"(?:Co\.?,? ?Ltd\.?|Inc\.?|GmbH|Ltd\.?|Corp(?:oration|\.)?|LLC|S\.A\.|B\.V\.|N\.V\.|AG|K\.K\.|Pte\.? ?Ltd\.?"
    r"|AB|Oy|SE|PLC)"
)
_FILE = "(?:tiff?|png|jpe?g|bmp|pptx?|xlsx?|docx?|pdf|dm[34]|gds|oas|log|csv|txt|zip|raw|dat|klarf|avi|mp4)"
_NO_RETURN = r"(?!退|投|端|返|反|要|需|抱|审|处|使|(?i:return|complain|claim|site|line|request|side|audit|notif))"

_IDENTIFIERS = (
    Form(Sensitive.LOT, rf"{L}[A-Z]{{2}}\d{{4}}[A-Z](?:\.\d{{1,2}})?(?:-[A-Z])?{R}", 0.9),
    Form(Sensitive.LOT, rf"{L}[A-Z][A-Z0-9]{DIGITISH}{{4}}[A-Z0-9]\.[0-9O]{{1,2}}(?:-[A-Z])?{R}", 0.6),
    Form(Sensitive.LOT, rf"{L}(?=[A-Z]*(?:\d[A-Z]*){{3}})[A-Z]{{1,2}}[A-Z0-9]{{5,7}}\.\d{{2}}(?:-[A-Z])?{R}", 0.6),
    _after(Sensitive.LOT, rf"{_CODE}{R}"),
    Form(Sensitive.WAFER, rf"{L}[A-Z]{{2}}\d{{4}}[A-Z](?:\.\d{{1,2}})?-\d{{2}}(?:-?[A-Z]{{1,3}}\d{{1,2}})?{R}", 0.95),
    _after(Sensitive.WAFER, rf"#?\d{{1,2}}(?!\.\d|-| ?(?:mm|%|[a-z]{{3}}|片|颗|英)){R}"),
    _after(Sensitive.WAFER, rf"{_CODE}{R}"),
    Form(Sensitive.WAFER, rf"(?<![A-Za-z)\]])#\d{{2}}(?:-#?\d{{2}})?{R}", 0.6),
    Form(Sensitive.WAFER, rf"(?<=第 ?)\d{{1,2}}(?= ?片)|(?<=\bWF?#?)\d{{2}}{R}", 0.6),
    Form(
        Sensitive.WAFER,  # laser mark: 12 or 18 characters, check characters included
        rf"{L}(?!JE[SP])(?=(?:[A-Z.\-]*\d){{5}})(?=(?:[0-9.\-]*[A-Z]){{3}})"
        rf"[A-Z][A-Z0-9.\-]{{10}}(?:[A-Z0-9]{{6}})?[A-Z0-9]{R}",
        0.6,
    ),
    Form(Sensitive.PRODUCT, rf"{L}D[45]X\d{{2}}G[A-Z]-[A-Z]\d{R}", 0.9),
    Form(Sensitive.PRODUCT, rf"{L}[A-Z]{{1,3}}\dX\d{{1,3}}[GM][A-Z]{{1,2}}-?[A-Z0-9]{{2,4}}{R}", 0.6),
    Form(Sensitive.PRODUCT, rf"{L}M\d{{4}}-[A-Z]{{1,4}}\d?-\d{{2}}{R}", 0.9),
    Form(Sensitive.PRODUCT, rf"{L}S/?N[ :]?\d{{6,12}}{R}", 0.8),
    _after(Sensitive.PRODUCT, rf"(?!DDR|LPDDR|GDDR|HBM){_CODE}{R}"),
    Form(Sensitive.CUSTOMER, rf"{_HAN}{{2,14}}{_SUFFIX_ZH}", 0.8),
    Form(Sensitive.CUSTOMER, rf"{L}(?:[A-Z][A-Za-z\-]+[ ]?(?:& )?){{1,4}},? ?{_SUFFIX_EN}(?![A-Za-z0-9])", 0.7),
    _after(Sensitive.CUSTOMER, rf"{_NO_RETURN}{_HAN}{{2,16}}", gap=r"[ ]*[:\t][ \t]*"),
    _after(
        Sensitive.CUSTOMER, rf"{_NO_RETURN}[A-Z][A-Za-z\-]+(?: [A-Z&][A-Za-z\-]*){{0,3}}{R}", gap=r"[ ]*[:\t][ \t]*"
    ),
    Form(Sensitive.TOOL, rf"{L}{_TOOL}{R}", 0.9),
    _after(Sensitive.TOOL, rf"[A-Z]{{2,6}}[ \-]?\d{{1,3}}[A-Z]?(?:[ ]?/[ ]?{_CHAMBER})?{R}"),
    Form(Sensitive.TOOL, rf"(?<=(?i:{CHAMBERS})(?: ?ID)?{GAP})(?:{_CHAMBER}|[A-F](?=[ \t\n,;.。)]|$)){R}", 0.8),
    Form(Sensitive.TOOL, rf"{L}{_CHAMBER}(?= ?(?i:{CHAMBERS}))", 0.8),
    Form(Sensitive.TOOL, rf"{L}{_CHAMBER}(?= ?(?:已|停机|hold|held|down|PM|offline))", 0.8),
    Form(Sensitive.TOOL, rf"(?<={L}{_TOOL}[ \n(/,]{{1,3}}){_CHAMBER}{R}", 0.8),
    Form(Sensitive.TOOL, rf"{L}CH-[A-F]{R}", 0.6),
    Form(Sensitive.RECIPE, rf"{L}[A-Z][A-Z0-9]*(?:[_][A-Z0-9]+)*_[Vv]\d+(?:\.\d+)?{R}", 0.9),
    Form(Sensitive.RECIPE, rf"{L}[A-Z]{{2,}}(?:[_ ]?[A-Z0-9]+)*[_ ]?\d{{3}}[_ ][Vv]\d+{R}", 0.6),
    _after(Sensitive.RECIPE, rf"[A-Z][A-Z0-9]+(?:[_\-][A-Za-z0-9]+){{1,5}}{R}"),
    Form(Sensitive.CASE, rf"{L}FA{DIGITISH}{{4}}-{DIGITISH}{{4}}{R}", 0.9),
    Form(Sensitive.CASE, rf"{L}(?:FA|PFA|EFA|RMA|8D|CAR|NCR|ECN|CAPA|FRACAS|QN)[\-_]?\d{{2,8}}(?:-\d{{2,5}})+{R}", 0.8),
    Form(Sensitive.CASE, rf"{L}(?:FA|PFA|EFA|RMA|8D)[\-_]?\d{{4,8}}{R}", 0.6),
    Form(Sensitive.CASE, rf"{L}(?:SOP|WI|PM|OCAP|DOC|SPEC)-[A-Z]{{2,4}}-\d{{3,5}}{R}", 0.9),
    _after(Sensitive.CASE, rf"{_CODE}{R}"),
)

# -------------------------------------------------------------------------------------------------------- ways to reach

_DOT = r"(?: ?\. ?|\.)"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_PUBLIC = r"(?:www\.)?(?:jedec|ieee|semi|iso|iec|w3)\.(?:org|ch)"
_PATH_SIGN = r"[^\\\s:*?\"<>|,;，；。、）)]"
_PRIVATE = rf"(?:192\.168|172\.(?:1[6-9]|2\d|3[01])|192\.0\.2|198\.51\.100|203\.0\.113)(?:\.{_OCTET}){{1,2}}"

_WAYS_TO_REACH = (
    Form(Sensitive.EMAIL, rf"(?a:{L}[\w.+\-]+ ?@ ?[A-Za-z0-9\-]+(?:{_DOT}[A-Za-z0-9\-]+)+)", 0.95),
    Form(
        Sensitive.EMAIL,
        r"(?<=(?i:WeChat(?: ID)?|微信号?|QQ号?|钉钉号?|飞书号?)[ \t]*[:=]?[ \t]*)"
        r"(?a:[A-Za-z0-9][\w.\-]{4,30})(?![\w@])",
        0.8,
    ),
    Form(Sensitive.PHONE, r"(?<![\d.])(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d|\.\d)", 0.8),
    Form(Sensitive.PHONE, r"(?<![\d.])(?:\+86[ \-]?|\(?0)\d{2,3}\)?[ \-]\d{7,8}(?:[ \-]\d{3,5})?(?!\d|\.\d)", 0.8),
    Form(Sensitive.PHONE, r"\+\d{1,3}[ \-]\(?\d{1,4}\)?(?:[ \-]\d{2,5}){1,4}(?!\d)", 0.7),
    Form(Sensitive.PHONE, rf"(?i:{L}(?:ext|extension|分机号?|内线)\.?) ?:?[ \t]*\d{{3,6}}{R}", 0.8),
    _after(Sensitive.PHONE, r"\+?\(?\d[\d \-()]{2,18}\d(?!\d)"),
    Form(Sensitive.HOST, rf"\\{{1,2}}[A-Za-z][\w.\-$]+(?:\\{_PATH_SIGN}{{1,80}})+\\?", 0.9),
    Form(Sensitive.HOST, rf"{L}[A-Za-z]:[\\/]{_PATH_SIGN}{{2,80}}(?:\\{_PATH_SIGN}{{1,80}})*\\?", 0.8),
    Form(Sensitive.HOST, r"(?<![\w/])/(?:home|data|mnt|net|srv|fab|users?|proj|share|nas|export)(?:/[\w.\-]+)+", 0.8),
    Form(Sensitive.HOST, rf"(?i:https?|ftp|smb|file) ?: ?/ ?/(?!{_PUBLIC})[^\s\u4e00-\u9fff,;，。；)）\"<>]+", 0.9),
    Form(
        Sensitive.HOST,
        rf"(?i:{L}(?:[a-z0-9\-]+\.)+(?:local|intra|intranet|internal|corp|lan|home){R})(?:/[\w./\-]*)?",
        0.9,
    ),
    Form(Sensitive.HOST, rf"(?i:{L}[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.example(?:\.(?:com|org|net|cn))?{R})", 0.6),
    Form(Sensitive.HOST, rf"{L}(?:fab|mes|yms|eda|srv|spc|fdc|apc|nas|ftp|sql)[a-z]*-?[a-z]*\d{{1,3}}{R}", 0.6),
    Form(Sensitive.HOST, rf"(?i:{L}(?a:[\w\-#~]+(?:\.[\w\-#]+)*)\.{_FILE}{R})", 0.6),
    Form(Sensitive.ADDRESS, rf"(?<![\d.]){_PRIVATE}(?![\d.]*\d)(?:/\d{{1,2}})?", 0.8),
    Form(
        Sensitive.ADDRESS,
        rf"(?<![\d.])10\.(?=[\d.]*\d{{2,3}}){_OCTET}(?:\.{_OCTET}){{2}}(?![\d.]*\d)(?![ \t]+[A-Z])",
        0.6,
    ),
    _after(Sensitive.ADDRESS, r"\d{1,3}(?:\.\d{1,3}){3}"),
    Form(Sensitive.ADDRESS, rf"{L}(?:[0-9A-Fa-f]{{2}}[:\-]){{5}}[0-9A-Fa-f]{{2}}{R}", 0.8),
)
