"""What everyday articles are about: sentences of several topics, in both languages, with slots for numbers and names.

Notable:
- An article takes some sentences of each of some sections, so two articles on one topic differ in most of their text.
"""

from dataclasses import dataclass

from fabeye.synthesis.wording import Phrase


@dataclass(frozen=True, slots=True)
class Topic:
    """headline; sections: (heading, sentences); measured: what its table and chart count, and in which unit."""

    headline: Phrase
    sections: tuple[tuple[Phrase, tuple[Phrase, ...]], ...]
    measured: Phrase
    unit: str
    classes: tuple[Phrase, ...]


GARDEN = Topic(
    Phrase("A garden in <place> through the year", "<place>花园的一年"),
    (
        (
            Phrase("Soil", "土壤"),
            (
                Phrase("The beds were dug <n> cm deep and left open to the frost.", "苗床翻土深 <n> 厘米，经受霜冻。"),
                Phrase("Compost went in at about <m> kg a square metre.", "每平方米施入约 <m> 公斤堆肥。"),
                Phrase(
                    "Clay held the water for days after rain, so sand was added.", "雨后黏土积水数日，因此掺入沙子。"
                ),
                Phrase("A simple test showed the ground to be slightly sour.", "简易测试显示土壤略偏酸性。"),
                Phrase("Worms returned within <m> weeks, which is a good sign.", "<m> 周内蚯蚓重新出现，是好兆头。"),
            ),
        ),
        (
            Phrase("Sowing", "播种"),
            (
                Phrase("Beans were sown in <month>, two to a hole.", "<month>播种豆类，每穴两粒。"),
                Phrase("Of <n> seeds, most came up before the second week.", "<n> 粒种子大多在第二周前出苗。"),
                Phrase("Lettuce sown too early stayed small all season.", "过早播种的生菜整季矮小。"),
                Phrase("<name> covered the rows with fleece against late cold.", "<name>用无纺布覆盖以防倒春寒。"),
                Phrase("Rows were kept <n> cm apart so a hoe could pass.", "行距 <n> 厘米，便于锄草。"),
            ),
        ),
        (
            Phrase("Harvest", "收获"),
            (
                Phrase("By <month> the first tomatoes had turned.", "到<month>，第一批番茄转红。"),
                Phrase("The best plant gave <m> kg of fruit.", "最好的一株结果 <m> 公斤。"),
                Phrase("Birds took the cherries before anybody else did.", "樱桃先被鸟儿吃掉。"),
                Phrase("What was not eaten was dried or given to neighbours.", "吃不完的晒干或送给邻居。"),
                Phrase("Pumpkins kept in the cellar until the next spring.", "南瓜在地窖中存放至次年春天。"),
            ),
        ),
    ),
    Phrase("Harvest", "收成"),
    "kg",
    (
        Phrase("Beans", "豆类"),
        Phrase("Tomatoes", "番茄"),
        Phrase("Potatoes", "土豆"),
        Phrase("Cabbage", "卷心菜"),
        Phrase("Onions", "洋葱"),
    ),
)
TRANSPORT = Topic(
    Phrase("Getting to work in <place>", "<place>的通勤"),
    (
        (
            Phrase("Buses", "公交"),
            (
                Phrase("Line <n> runs every <m> minutes on working days.", "<n> 路在工作日每 <m> 分钟一班。"),
                Phrase("The new lanes cut the ride by a quarter.", "新设专用道使行程缩短四分之一。"),
                Phrase("Passengers ask most often for shelters and clear maps.", "乘客最常要求候车亭与清晰的线路图。"),
                Phrase("On <month> mornings buses were full by the third stop.", "<month>早晨第三站即已满载。"),
                Phrase("<name> has driven the route since <past>.", "<name>自 <past> 年起驾驶该线路。"),
            ),
        ),
        (
            Phrase("Cycling", "骑行"),
            (
                Phrase("A counter on the bridge saw <k> riders on one day.", "桥上计数器单日记录 <k> 名骑行者。"),
                Phrase("Most rides are shorter than <m> km.", "多数骑行不足 <m> 公里。"),
                Phrase("Rain keeps fewer people away than wind does.", "雨天的影响小于大风。"),
                Phrase("Stands near the station were doubled in <past>.", "<past> 年车站旁的停车架增加一倍。"),
                Phrase("Helmets became common after the campaign at schools.", "校园宣传之后头盔逐渐普及。"),
            ),
        ),
        (
            Phrase("Walking", "步行"),
            (
                Phrase("Crossings with longer green times were tried at <m> places.", "在 <m> 处路口试行延长绿灯。"),
                Phrase("Shade matters more in summer than a short way.", "夏季遮荫比路程短更重要。"),
                Phrase("Shops on the square report more visitors since cars left.", "禁行汽车后广场商铺客流增加。"),
                Phrase("A survey of <n> people put benches first on the list.", "对 <n> 人的调查中长椅需求居首。"),
            ),
        ),
    ),
    Phrase("Trips", "出行次数"),
    "k",
    (
        Phrase("Bus", "公交"),
        Phrase("Tram", "电车"),
        Phrase("Bicycle", "自行车"),
        Phrase("Car", "汽车"),
        Phrase("On foot", "步行"),
    ),
)
LIBRARY = Topic(
    Phrase("The library of <place> in <year>", "<year> 年的<place>图书馆"),
    (
        (
            Phrase("Readers", "读者"),
            (
                Phrase("In <year> the house counted <k> visits.", "<year> 年到馆 <k> 人次。"),
                Phrase("Children came most on Saturday mornings.", "周六上午儿童最多。"),
                Phrase(
                    "About one reader in <m> borrows nothing and stays to work.", "每 <m> 名读者约有一名只在馆内自习。"
                ),
                Phrase("<name> read to the youngest every week.", "<name>每周为低龄儿童朗读。"),
                Phrase("Opening on Sunday was asked for in many letters.", "许多来信要求周日开放。"),
            ),
        ),
        (
            Phrase("Books", "藏书"),
            (
                Phrase(
                    "<n> new titles were bought, a third of them for young readers.",
                    "新购 <n> 种图书，三分之一面向青少年。",
                ),
                Phrase("Travel guides go out most often in <month>.", "旅行指南在<month>借阅最多。"),
                Phrase("Worn copies were sold for a coin at the door.", "破旧副本在门口低价出售。"),
                Phrase("A gift of old maps was scanned and put online.", "获赠的旧地图已扫描上网。"),
                Phrase("Large print is borrowed more each year.", "大字本的借阅逐年增加。"),
            ),
        ),
        (
            Phrase("The house", "馆舍"),
            (
                Phrase("The roof was insulated and the bill fell by <m> %.", "屋顶加装保温层，费用下降 <m> %。"),
                Phrase("A quiet room with <n> seats opened on the second floor.", "二层开放了 <n> 座的安静阅览室。"),
                Phrase("The lift was out of order for <m> days in <month>.", "<month>电梯停用 <m> 天。"),
                Phrase("Plants on the stairs were given by a neighbour.", "楼梯上的绿植由邻居赠送。"),
            ),
        ),
    ),
    Phrase("Loans", "借阅量"),
    "k",
    (
        Phrase("Novels", "小说"),
        Phrase("Children", "儿童"),
        Phrase("Travel", "旅行"),
        Phrase("Science", "科普"),
        Phrase("Films", "影片"),
    ),
)
KITCHEN = Topic(
    Phrase("Cooking for <n> guests", "为 <n> 位客人做饭"),
    (
        (
            Phrase("Planning", "计划"),
            (
                Phrase("Ask early who eats no meat and who no nuts.", "提前了解谁不吃肉、谁忌坚果。"),
                Phrase("Count <m> hours from the first onion to the table.", "从切第一个洋葱到上桌预留 <m> 小时。"),
                Phrase("Write the order of the dishes on one sheet and hang it up.", "把上菜顺序写在一张纸上并贴好。"),
                Phrase("<name> cooks the day before and only warms up.", "<name>前一天做好，当天只需加热。"),
                Phrase("Borrow pots rather than buy them.", "锅具能借则不买。"),
            ),
        ),
        (
            Phrase("Shopping", "采购"),
            (
                Phrase("Buy <m> kg of potatoes and half as much carrots.", "买 <m> 公斤土豆，胡萝卜减半。"),
                Phrase("Herbs are cheaper at the market in <month>.", "<month>集市上的香草更便宜。"),
                Phrase("Bread is ordered, since the baker runs out by noon.", "面包须预订，中午前即售罄。"),
                Phrase("Keep the list in the order of the shop.", "清单按店内路线排列。"),
            ),
        ),
        (
            Phrase("At the stove", "烹饪"),
            (
                Phrase("Roast at <t> °C for <n> minutes and let it rest.", "<t> °C 烤 <n> 分钟后静置。"),
                Phrase("Salt the water until it tastes like the sea.", "水中加盐至有海水的味道。"),
                Phrase("A sauce that splits is saved with a spoon of cold water.", "酱汁分离时加一勺冷水即可挽救。"),
                Phrase("Taste twice, season once.", "尝两次，调一次味。"),
                Phrase("Rice needs no lid once it has taken up the water.", "米饭收水后无需盖盖。"),
            ),
        ),
    ),
    Phrase("Amount", "用量"),
    "kg",
    (
        Phrase("Potatoes", "土豆"),
        Phrase("Carrots", "胡萝卜"),
        Phrase("Rice", "大米"),
        Phrase("Flour", "面粉"),
        Phrase("Apples", "苹果"),
    ),
)
WEATHER = Topic(
    Phrase("The weather of <place>, <month> <year>", "<place> <year> 年<month>天气"),
    (
        (
            Phrase("Temperature", "气温"),
            (
                Phrase("The month was warmer than usual by 1.<m> °C.", "本月气温较常年偏高 1.<m> °C。"),
                Phrase("The coldest night was the <m>th with light frost.", "最冷之夜为 <m> 日，有轻霜。"),
                Phrase("On <m> days the thermometer passed 30 °C.", "有 <m> 天超过 30 °C。"),
                Phrase("<name>, who keeps the station, changed the sensor.", "气象站负责人<name>更换了传感器。"),
            ),
        ),
        (
            Phrase("Rain", "降水"),
            (
                Phrase("<n> mm fell, most of it in one storm.", "降水 <n> 毫米，大部分来自一场暴雨。"),
                Phrase("The brook left its bed for <m> hours.", "小溪漫溢 <m> 小时。"),
                Phrase("Hail damaged fruit on the south slopes.", "冰雹损坏了南坡的果实。"),
                Phrase("It was dry for <m> days in a row.", "连续 <m> 天无雨。"),
                Phrase("Reservoirs stood at <n> % at the end.", "月末水库蓄水 <n> %。"),
            ),
        ),
        (
            Phrase("Wind and sun", "风与日照"),
            (
                Phrase("A gust of <n> km/h broke branches in the park.", "<n> km/h 的阵风折断了公园树枝。"),
                Phrase("The sun shone for <k> hours since January.", "一月以来日照 <k> 小时。"),
                Phrase("Fog in the valley lasted until noon on many days.", "多日山谷雾气持续至中午。"),
            ),
        ),
    ),
    Phrase("Rain", "降水量"),
    "mm",
    (
        Phrase("Week 1", "第一周"),
        Phrase("Week 2", "第二周"),
        Phrase("Week 3", "第三周"),
        Phrase("Week 4", "第四周"),
        Phrase("Week 5", "第五周"),
    ),
)
CLUB = Topic(
    Phrase("Report of the rowing club, <year>", "<year> 年赛艇俱乐部年报"),
    (
        (
            Phrase("Members", "会员"),
            (
                Phrase("The club has <n> members, <m> more than a year ago.", "俱乐部有 <n> 名会员，比去年多 <m> 名。"),
                Phrase("Half of the newcomers found us at the open day in <month>.", "半数新会员来自<month>的开放日。"),
                Phrase("<name> was thanked for ten years in the board.", "感谢<name>担任理事十年。"),
                Phrase("The fee stays the same for those under eighteen.", "未成年人会费不变。"),
            ),
        ),
        (
            Phrase("Boats", "船艇"),
            (
                Phrase("The old eight was repaired with <m> litres of varnish.", "旧八人艇用 <m> 升清漆修复。"),
                Phrase("A used double was bought from a club in <place>.", "从<place>的俱乐部购入二手双人艇。"),
                Phrase("Oars are to be stored standing from now on.", "今后船桨须竖放。"),
                Phrase("The trailer passed its inspection at the second try.", "拖车第二次通过年检。"),
            ),
        ),
        (
            Phrase("Races", "比赛"),
            (
                Phrase("At the regatta our four came in <m> seconds behind.", "比赛中我方四人艇落后 <m> 秒。"),
                Phrase("Wind forced the finals to be cut to <n>0 metres.", "因风决赛缩短至 <n>0 米。"),
                Phrase("Juniors won for the first time since <past>.", "青年组自 <past> 年以来首次夺冠。"),
                Phrase("Training starts again in <month>, on Tuesdays.", "<month>起每周二恢复训练。"),
            ),
        ),
    ),
    Phrase("Hours on the water", "水上小时"),
    "h",
    (
        Phrase("Juniors", "青年组"),
        Phrase("Women", "女子组"),
        Phrase("Men", "男子组"),
        Phrase("Veterans", "老将组"),
        Phrase("Guests", "访客"),
    ),
)
TOPICS = (GARDEN, TRANSPORT, LIBRARY, KITCHEN, WEATHER, CLUB)
MONTHS = tuple(
    Phrase(name, f"{number} 月")
    for number, name in enumerate(
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        start=1,
    )
)
PLACES = (
    Phrase("Ashford", "青溪"), Phrase("Lindau", "临江"), Phrase("Marlow", "梅岭"), Phrase("Portree", "白港"),
    Phrase("Veldon", "云台"), Phrase("Norbury", "北坡"), Phrase("Saltmere", "盐湖"), Phrase("Highfield", "高田"),
)  # fmt: skip
