"""What patterns find, and what of a memory standard they leave alone."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.intake.redaction.detect import Detector, DictionaryError, Span, united
from fabeye.schema import Sensitive

S = Sensitive


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(Sensitive, min_score=0.5)


def found(detector: Detector, text: str) -> list[tuple[Sensitive, str]]:
    return [(span.kind, text[span.start : span.end]) for span in detector.find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Requester\tJ. Wu\tDue", S.PERSON, "J. Wu"),
        ("分析人：王志强", S.PERSON, "王志强"),
        ("Analyst\tA. Chen\tReviewer\tR. Novak", S.PERSON, "A. Chen"),
        ("Downloaded by Kevin Lin on", S.PERSON, "Kevin Lin"),
        ("Operator: wang.zq 10 kV", S.PERSON, "wang.zq"),
        ("5.0 kV User yzhao", S.PERSON, "yzhao"),
        ("2024-08-18 09:36 he.le", S.PERSON, "he.le"),
        ("2024-08-18 09:36 hsu.to", S.PERSON, "hsu.to"),
        ("2024-08-18 09:36 jhe", S.PERSON, "jhe"),
        ("2024-05-14 17:22 pete:kwalsk", S.PERSON, "pete:kwalsk"),
        ("SEM25D User Izhao 10 kV", S.PERSON, "Izhao"),
        ("PIE-2 的李洋提出 FA request", S.PERSON, "李洋"),
        ("SN94003918", S.PRODUCT, "SN94003918"),
        ("CH-B 已 hold", S.TOOL, "CH-B"),
        ("Stop CH-C until it is released", S.TOOL, "CH-C"),
        ("or 182 7005 7990.", S.PHONE, "182 7005 7990"),
        ("由陈静确认", S.PERSON, "陈静"),
        ("工号 E012345", S.EMPLOYEE, "E012345"),
        ("mail to zhiqiang.wang@example-fab.com now", S.EMAIL, "zhiqiang.wang@example-fab.com"),
        ("联系min.guo@example-fab.com。", S.EMAIL, "min.guo@example-fab.com"),
        ("微信号：fab_wang88", S.EMAIL, "fab_wang88"),
        ("call 13812345678 today", S.PHONE, "13812345678"),
        ("0551-66490738", S.PHONE, "0551-66490738"),
        ("分机 4521", S.PHONE, "分机 4521"),
        ("lot TH8402B.03 failed", S.LOT, "TH8402B.03"),
        ("TH8402B_17_SEM", S.LOT, "TH8402B"),
        ("批号\nA7781-22", S.LOT, "A7781-22"),
        ("Wafer #17 yields", S.WAFER, "#17"),
        ("第 17 片", S.WAFER, "17"),
        ("mark TH8402B-17A2", S.WAFER, "TH8402B-17A2"),
        ("Product D5X16GC-K3", S.PRODUCT, "D5X16GC-K3"),
        ("mask M2301-GC-03", S.PRODUCT, "M2301-GC-03"),
        ("for Northwind Devices Co., Ltd. in", S.CUSTOMER, "Northwind Devices Co., Ltd."),
        ("客户：星河微电子股份有限公司", S.CUSTOMER, "星河微电子股份有限公司"),
        ("on ETC07B/CH-C at", S.TOOL, "ETC07B/CH-C"),
        ("tool CVD26D CH-D。", S.TOOL, "CH-D"),
        ("腔体 CH-B", S.TOOL, "CH-B"),
        ("recipe GC_ETCH_012_V3", S.RECIPE, "GC_ETCH_012_V3"),
        (r"at \\fab-fs03\FA\2024\TH8402B now", S.HOST, r"\\fab-fs03\FA\2024\TH8402B"),
        ("http://fa-portal.intra/case/12", S.HOST, "http://fa-portal.intra/case/12"),
        ("fabdb02.corp.local", S.HOST, "fabdb02.corp.local"),
        ("image_0042.tif", S.HOST, "image_0042.tif"),
        ("host 10.23.44.5", S.ADDRESS, "10.23.44.5"),
        ("00:1A:2B:3C:4D:5E", S.ADDRESS, "00:1A:2B:3C:4D:5E"),
        ("Case No. FA2305-0217", S.CASE, "FA2305-0217"),
        ("SOP-ETC-0147", S.CASE, "SOP-ETC-0147"),
    ],
)
def test_every_kind_is_found(detector: Detector, text: str, kind: Sensitive, value: str) -> None:
    assert (kind, value) in found(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "JESD79-5B Page 12, DDR5-4800B, OP[7:5], A17, R0-R17, MR4, tRCD, CK_t/CK_c",
        "4.28.2.1 Refresh\n10.2.3.4 Write Leveling\nTable 104 \u2013 Timing 1.1 V 85 °C 0x1A3F",
        "DQ0 DQ15 CA[13:0] CS_n BG0 BA1 LPDDR5X 6400 Mbps tREFI 3.9 us BL16 x4/x8/x16 78-ball FBGA",
        "石英 高温 金属 成品 温度 方程 时间 项目 白色",
        "Owner\tDue\tStatus",
        "User defined mode, User manual, at 12:30 the user programs",
        "分析人\t审核\t负责人",
        "2024-05-17 2024/5/17 17-May-24 3421.5 1187.0 85.3 % 749 dies",
        "see https://www.jedec.org/standards for more",
        "Customer return (RMA) CP1 Bin7 fail, FIB cut, BLC void",
    ],
)
def test_the_words_of_standards_and_reports_pass(detector: Detector, text: str) -> None:
    assert found(detector, text) == []


def test_a_placeholder_is_not_sensitive(detector: Detector) -> None:
    assert found(detector, "Lot ID\tLOT-7F3A2.03\tTool\tTOOL-0B4KD, analyst PER-Q3ZZ1") == []


def test_full_width_letters_are_letters(detector: Detector) -> None:
    assert found(detector, "批号：ＴＨ８４０２Ｂ．０３") == [(S.LOT, "ＴＨ８４０２Ｂ．０３")]


def test_only_the_kinds_asked_for() -> None:
    assert found(Detector([S.LOT], 0.5), "TH8402B.03 by Kevin Lin") == [(S.LOT, "TH8402B.03")]


def test_a_dictionary_adds_names(tmp_path: Path) -> None:
    (tmp_path / "CUSTOMER.txt").write_text("Blue Heron\n\n青鹭\n", encoding="utf-8")
    assert found(Detector([S.CUSTOMER], 0.5, tmp_path), "sent by Blue Heron (青鹭)") == [
        (S.CUSTOMER, "Blue Heron"),
        (S.CUSTOMER, "青鹭"),
    ]


def test_a_dictionary_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "LOT.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DictionaryError, match=r"LOT\.txt"):
        Detector([S.LOT], 0.5, tmp_path)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(list(Sensitive)))))
def test_united_spans_cover_the_same_and_never_overlap(drawn: list[tuple[int, int, Sensitive]]) -> None:
    spans = [Span(start, start + length, kind, 0.5) for start, length, kind in drawn]
    joined = united(spans)
    assert all(one.end <= other.start for one, other in pairwise(joined))
    letters = {place for span in spans for place in range(span.start, span.end)}
    assert {place for span in joined for place in range(span.start, span.end)} == letters
