"""What texts begin with that say what they are."""

import re

CAPTION = re.compile(r"^\W*(?:fig(?:ure)?\.?|table|tab\.|图|圖|表)\s*[A-Z]?[-–]?\d", re.IGNORECASE)
FIGURE_CAPTION = re.compile(r"^\W*(?:fig|图|圖)", re.IGNORECASE)
NOTE = re.compile(r"^\W*(?:note|注|備註|备注)\s*\d*", re.IGNORECASE)
SENTENCE = re.compile(r"[.。;；,，:：!?]$")  # no title and no caption ends so
PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?\W*$"
    r"|^\W*第\s*\d+\s*页(?:\s*[/,，]?\s*共\s*\d+\s*页)?\W*$",
    re.IGNORECASE,
)
