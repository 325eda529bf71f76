"""Who and what a report can name: people, products, lots, tools, customers, files. All of them are invented.

Notable:
- A person is one row of a table: name, name in Latin letters, employee number, address, telephone. Wherever the
  person appears, in text or in a picture, the same row speaks.
- Addresses lie in reserved domains and networks.
"""

from dataclasses import dataclass
from random import Random

SURNAMES = {
    "王": "Wang",
    "李": "Li",
    "张": "Zhang",
    "刘": "Liu",
    "陈": "Chen",
    "杨": "Yang",
    "赵": "Zhao",
    "黄": "Huang",
    "周": "Zhou",
    "吴": "Wu",
    "徐": "Xu",
    "孙": "Sun",
    "胡": "Hu",
    "郭": "Guo",
    "林": "Lin",
    "何": "He",
    "欧阳": "Ouyang",
    "诸葛": "Zhuge",
}
GIVEN = {
    "伟": "Wei",
    "敏": "Min",
    "静": "Jing",
    "磊": "Lei",
    "洋": "Yang",
    "艳": "Yan",
    "勇": "Yong",
    "杰": "Jie",
    "涛": "Tao",
    "晓明": "Xiaoming",
    "志强": "Zhiqiang",
    "海燕": "Haiyan",
    "建国": "Jianguo",
    "雨桐": "Yutong",
    "思远": "Siyuan",
    "文博": "Wenbo",
    "佳怡": "Jiayi",
    "子轩": "Zixuan",
}
LATIN = (
    ("Kevin", "Lindqvist"),
    ("Amy", "Chen"),
    ("Jason", "Wu"),
    ("Grace", "Huang"),
    ("Deepa", "Patel"),
    ("Mari", "Sato"),
    ("Lena", "Zhao"),
    ("Tom", "Hsu"),
    ("Radek", "Novak"),
    ("Soo-jin", "Kim"),
    ("Oliver", "Brandt"),
    ("Nadia", "Rahman"),
    ("Peter", "Kowalski"),
    ("Ines", "Moreau"),
)
CUSTOMERS = (
    ("Northlake Systems Co., Ltd.", "北湖系统股份有限公司"),
    ("Vantor Mobile GmbH", "梵拓移动有限公司"),
    ("Blue Heron Computing Inc.", "蓝鹭计算股份有限公司"),
    ("Quarry Server Ltd.", "采石服务器有限公司"),
    ("Hexa Tablet Corp.", "六合平板电子有限公司"),
    ("Silverpine Automotive AG", "银松汽车电子股份有限公司"),
)
PACKAGES = ("78-ball FBGA", "96-ball FBGA", "102-ball FBGA", "315-ball FBGA")
NODES = ("1x nm", "1y nm", "1z nm")
DOMAIN = "example-fab.com"


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the people table. name: as reports write it; login: as tools do; phone: an extension or a number."""

    name: str
    login: str
    number: str
    mail: str
    phone: str


def draw_people(rng: Random, language: str, count: int) -> list[Person]:
    """`count` different people, named as reports in this language name them."""
    if language == "en":
        return [_latin(rng, *pair) for pair in rng.sample(LATIN, count)]
    pairs = rng.sample([(surname, given) for surname in SURNAMES for given in GIVEN], count)
    return [_chinese(rng, *pair) for pair in pairs]


def draw_product(rng: Random) -> str:
    """A product code such as "D5X16GC-K3"; the digits after X are its density in Gb."""
    density = rng.choice(("08", "16", "24"))
    return f"D{rng.choice('45')}X{density}G{rng.choice('ABC')}-{rng.choice('EFK')}{rng.randint(1, 3)}"


def draw_lot(rng: Random) -> str:
    """A lot number such as "TH8402B.03"."""
    number = f"{rng.choice('PQRTZ')}{rng.choice('ABCDEFGH')}{rng.randint(1000, 9999)}"
    return f"{number}{rng.choice('ABKX')}.{rng.randint(1, 9):02d}"


def draw_tool(rng: Random, prefix: str) -> str:
    """A tool such as "ETC07B"."""
    return f"{prefix}{rng.randint(1, 30):02d}{rng.choice('ABCD')}"


def draw_mask(rng: Random, layer: str) -> str:
    """The number of a layer's mask, such as "M3072-GC-02"."""
    return f"M{rng.randint(1000, 9999)}-{layer}-{rng.randint(1, 12):02d}"


def draw_address(rng: Random) -> str:
    """An address of a private or a reserved network."""
    tail = f"{rng.randint(1, 254)}.{rng.randint(2, 254)}"
    return rng.choice((f"10.{rng.randint(11, 254)}.{tail}", f"192.168.{tail}", f"192.0.2.{rng.randint(2, 254)}"))


def draw_station(rng: Random) -> str:
    """The hardware address of a tester's network card; the range is set aside for local use."""
    return ":".join(["02", *(f"{rng.randrange(256):02X}" for _ in range(5))])


def _latin(rng: Random, given: str, surname: str) -> Person:
    name = rng.choice((f"{given} {surname}", f"{given[0]}. {surname}"))
    return _person(rng, name, given, surname)


def _chinese(rng: Random, surname: str, given: str) -> Person:
    """Mostly in characters, now and then in Latin letters, as colleagues abroad would write it."""
    name = f"{SURNAMES[surname]} {GIVEN[given]}" if rng.random() < 0.12 else surname + given
    return _person(rng, name, GIVEN[given], SURNAMES[surname])


def _person(rng: Random, name: str, given: str, surname: str) -> Person:
    given, surname = given.lower().replace("-", ""), surname.lower()
    login = rng.choice((f"{given}.{surname}", f"{surname}.{given[:2]}", f"{given[0]}{surname}"))
    number = f"{rng.choice('EWT')}{rng.randint(100000, 999999)}"
    mobile = f"1{rng.choice('3578')}{rng.randint(0, 9)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"
    phone = rng.choice((f"ext. {rng.randint(2000, 8999)}", mobile, f"0551-{rng.randint(60000000, 69999999)}"))
    return Person(name, login, number, f"{login}@{DOMAIN}", phone)
