"""Gold pages for the evaluator's tests, and readings of them that are perfect."""

from typing import Any

from fabeye.evaluation.gold import GoldPage

TABLE = (
    "<table><tr><td>Parameter</td><td>Symbol</td><td>Min</td><td>Max</td><td>Unit</td></tr>"
    "<tr><td>Clock period</td><td>tCK(avg)</td><td>0.625</td><td>–</td><td>ns</td></tr>"
    "<tr><td>Temperature</td><td>TOPER</td><td>-40</td><td>95</td><td>°C</td></tr></table>"
)
PARAGRAPH = "The rail shall be 1.2 V ± 0.06 V from -40 °C to 95 °C. Leakage shall be ≤ 2.5 µA at V_{DDQ}."
FORMULA = r"t_{REFI} = \frac{t_{REFW}}{8192}"
CAPTION = "Figure 3: READ burst with the lot that failed"
READING = f"""# 4.2 Operating conditions

{PARAGRAPH}

$${FORMULA}$$

{TABLE}

![](a.png)

{CAPTION}

```kie
lot_id: TH8402B.03
```
```timing
tRCD: T0 -> Ta1
```
"""


def block(category: str, order: int | None, **content: Any) -> dict[str, Any]:
    top = 10.0 * (order or 0)
    return {
        "anno_id": order or 99,
        "category_type": category,
        "poly": [0, top, 90, top, 90, top + 9, 0, top + 9],
        "order": order,
        **content,
    }


def gold_page(name: str = "0123-0000", family: str = "jedec_standard") -> GoldPage:
    """A page with one element of each kind; `name` is the document's and the page's number."""
    drawn = {"annotations": [{"parameter": "t_{RCD}", "from": "T0", "to": "Ta1", "clocks": 4}]}
    words = [{"category_type": "text_span", "poly": [0, 50, 9, 50, 9, 59, 0, 59], "text": "DQS_t"}]
    blocks = [
        block("title", 0, text="4.2 Operating conditions"),
        block("text_block", 1, text=PARAGRAPH),
        block("equation_isolated", 2, latex=FORMULA),
        block("table", 3, html=TABLE),
        block("figure", 4, timing=drawn, line_with_spans=words),
        block("figure_caption", 5, text=CAPTION),
        block("page_number", None, text="37"),
    ]
    return GoldPage.model_validate(
        {
            "page_info": {
                "page_no": 0,
                "width": 100,
                "height": 100,
                "image_path": f"{name}.png",
                "page_attribute": {"data_source": family, "language": "english"},
            },
            "layout_dets": blocks,
            "kie": [{"field": "lot_id", "value": "TH8402B.03"}],
        }
    )
