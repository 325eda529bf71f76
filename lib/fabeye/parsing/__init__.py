"""Pages to elements: the teacher that labels every page, and how good it is on the gold set."""
