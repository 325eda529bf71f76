"""Every sentence the app shows, in English and Chinese.

Notable:
- One table: a key without its Chinese is caught by the type, a placeholder that only one language has by a test.
- The encoder's own terms (patch, checkpoint) keep their English name beside the Chinese one.
"""

from typing import Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: list[tuple[str, str]] = [("English", "en"), ("中文", "zh")]
DEFAULT_LANGUAGE: Language = "en"


class Text(NamedTuple):
    """One sentence in both languages; `{names}` are filled in by say()."""

    en: str
    zh: str


TEXTS: dict[str, Text] = {
    "title": Text("What the encoder sees", "编码器看到了什么"),
    "subtitle": Text(
        "Choose a page, click into it: the element under the point, and every patch that looks like it to the encoder.",
        "选择页面并点击：显示该点的版面元素，以及编码器认为与之相似的所有图像块。",
    ),
    "language": Text("Language", "语言"),
    "search": Text("Search documents", "搜索文档"),
    "search_hint": Text("family, language, file name", "文档族、语言、文件名"),
    "document": Text("Document", "文档"),
    "page": Text("Page", "页"),
    "previous": Text("‹ Previous", "‹ 上一页"),
    "next": Text("Next ›", "下一页 ›"),
    "boxes": Text("Boxes", "版面框"),
    "truth": Text("truth: blocks (filled)", "真值：块（填充）"),
    "truth_lines": Text("truth: lines and cells", "真值：行与单元格"),
    "parse": Text("teacher (outlined)", "教师模型（描边）"),
    "page_image": Text("Page: click a point", "页面：请点击一点"),
    "under_point": Text("Under the point", "该点处"),
    "elements": Text("Elements", "元素"),
    "elements_note": Text("Choose a row: its box is outlined on the page.", "点击一行：页面上对应的框会被描出。"),
    "similarity": Text("Similar patches", "相似图像块"),
    "similarity_note": Text(
        "Cosine between the clicked patch's vector and every other patch's; hover to read the value. It shows what the "
        "encoder treats alike, not what it reads.",
        "所点图像块与其余各块特征向量的余弦；悬停可读数值。它表明编码器视为相似的内容，而非识读结果。",
    ),
    "checkpoint": Text("Checkpoint", "检查点 (checkpoint)"),
    "radius": Text("Leave out patches nearer than", "忽略以下距离内的图像块"),
    "opacity": Text("Overlay", "叠加强度"),
    "category": Text("category", "类别"),
    "source": Text("source", "来源"),
    "score": Text("score", "置信度"),
    "text": Text("text", "文本"),
    "nothing_clicked": Text("Click into the page.", "请点击页面。"),
    "nothing_here": Text("No element at ({x}, {y}).", "({x}, {y}) 处没有元素。"),
    "no_text": Text("no text", "无文本"),
    "no_match": Text("No document matches “{words}”.", "没有与“{words}”匹配的文档。"),
    "some_shown": Text(
        "{shown} of {total} documents are listed; search to narrow.", "列出 {total} 份文档中的 {shown} 份；请搜索。"
    ),
    "patch": Text(
        "Patch (row {row}, column {column}) of {rows} × {columns}; nearest elsewhere: {best:.3f}.",
        "图像块：第 {row} 行第 {column} 列（共 {rows} × {columns}）；别处最相似值 {best:.3f}。",
    ),
    "no_corpus": Text(
        "There are no documents yet. Run `dvc repro corpus`, then reload this page.",
        "尚无文档。请运行 `dvc repro corpus`，然后刷新本页。",
    ),
    "no_parses": Text(
        "The teacher has not read the pages yet: run `dvc repro parse`.",
        "教师模型尚未解析页面：请运行 `dvc repro parse`。",
    ),
    "no_checkpoint": Text(
        "There is no trained encoder yet: run `dvc repro pretrain@native`. Pages and boxes work without it.",
        "尚无训练好的编码器：请运行 `dvc repro pretrain@native`。页面与版面框仍可查看。",
    ),
    "ready": Text("{documents} documents; checkpoints: {checkpoints}.", "{documents} 份文档；检查点：{checkpoints}。"),
    "bug": Text(
        "That did not work; the terminal in which the app runs has the details.", "操作未成功；详情见运行本应用的终端。"
    ),
}


def say(key: str, language: str, **values: object) -> str:
    """The sentence `key` in a language (English for one that is not known), its placeholders filled."""
    text = TEXTS[key]
    return (text.zh if language == "zh" else text.en).format(**values)


def preferred(accept_language: str) -> Language:
    """The language a browser asks for in its Accept-Language header: the first of ours."""
    for part in accept_language.lower().split(","):
        name = part.split(";")[0].strip()
        if name.startswith("zh"):
            return "zh"
        if name.startswith("en"):
            return "en"
    return DEFAULT_LANGUAGE
