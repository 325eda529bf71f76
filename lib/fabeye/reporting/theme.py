"""One look for every figure, page drawing and report: colours, fonts, sizes, bilingual names.

Notable:
- Colours are Okabe and Ito's, which people with any common colour blindness tell apart.
- A category's hue says which block it belongs to (a table and its caption are both green), its lightness which part.
- No figure offers plotly's "share" button, which would send its data to a server of plotly's.
- Fonts are the system's, Chinese fallbacks included: nothing is ever fetched.
"""

import plotly.graph_objects as go

BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY, INK = "#56B4E9", "#CC79A7", "#8A9099", "#1F2933"
PAPER, RULE = "#FFFFFF", "#E4E7EB"

SERIES = [BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, GREY]
SPLIT_COLOURS = {"train": BLUE, "validation": ORANGE, "gold": GREEN}
SYSTEM_COLOURS = {
    "teacher": GREY,
    "rapidocr": GREY,
    "v0.5": SKY,
    "v1.0": BLUE,
    "fabeye-nano": GREEN,
    "untrained": GREY,
    "pixels": ORANGE,
    "chance": "#C5CCD3",
}
CATEGORY_COLOURS = {
    "title": VERMILLION,
    "text_block": BLUE,
    "table": GREEN,
    "table_caption": "#4DBB9E",
    "table_footnote": "#8CD3BF",
    "figure": "#B0568A",
    "figure_caption": PURPLE,
    "equation_isolated": ORANGE,
    "equation_caption": "#F3CB73",
    "code_txt": "#3B82B0",
    "reference": "#7DB3D8",
    "page_footnote": "#7D8794",
    "header": "#6B7280",
    "footer": "#6B7280",
    "page_number": "#9AA1AB",
    "abandon": "#B8BEC6",
}

FONT_STACK = (
    "'Helvetica Neue', Arial, 'Liberation Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)
MONO_STACK = "ui-monospace, 'SF Mono', Consolas, 'Liberation Mono', 'Noto Sans Mono CJK SC', monospace"
FONT_SIZE = 13  # pixels, as all sizes here
TITLE_SIZE = 16
UPLOADS = ["sendChartToCloud", "sendDataToCloud"]  # buttons of plotly.js 4 and 2 that send a figure's data away
ROW_HEIGHT = 260  # of one row of small charts

SYSTEM_NAMES = {
    "teacher": "teacher 教师",
    "rapidocr": "RapidOCR",
    "v0.5": "v0.5",
    "v1.0": "v1.0",
    "fabeye-nano": "fabeye-nano",
    "untrained": "untrained 未训练",
    "pixels": "bare pixels 原始像素",
    "chance": "chance 随机",
}
LOSS_NAMES = {"text": "text loss 文本损失", "image": "image loss 图像损失", "total": "total loss 总损失"}
SPLIT_NAMES = {"train": "train 训练", "validation": "validation 验证", "gold": "gold 金标"}


def category_colour(category: str) -> str:
    """Colour of a category's box; grey for one nobody has named."""
    return CATEGORY_COLOURS.get(category, GREY)


def system_colour(system: str) -> str:
    """Colour of a reader or a checkpoint in every chart."""
    return SYSTEM_COLOURS.get(system, PURPLE)


def styled(figure: go.Figure, title: str, height: int) -> go.Figure:
    """Give a figure the house's look, a title and a height in pixels; returns the same figure."""
    return figure.update_layout(
        template=_template(),
        title={
            "text": title,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
        },
        title_pad={"t": 12},
        height=height,
        modebar={"remove": UPLOADS, "orientation": "v"},
    )


def empty_figure(note: str, title: str, height: int) -> go.Figure:
    """A note in place of a figure that has nothing to show; height in pixels."""
    return styled(go.Figure().add_annotation(text=note, showarrow=False, xref="paper", yref="paper"), title, height)


def _template() -> go.layout.Template:
    axis = {
        "gridcolor": RULE,
        "linecolor": "#9AA5B1",
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "#9AA5B1",
        "automargin": True,
    }
    layout = go.Layout(
        font={"family": FONT_STACK, "size": FONT_SIZE, "color": INK},
        title={"font": {"size": TITLE_SIZE, "weight": 600}},
        colorway=SERIES,
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        xaxis=axis,
        yaxis=axis,
        margin={"l": 60, "r": 20, "t": 76, "b": 50},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 0.99, "yanchor": "top", "yref": "container"},
        hoverlabel={"font": {"family": FONT_STACK, "size": 12}, "align": "left"},
        bargap=0.35,
    )
    return go.layout.Template(layout=layout)
