"""The document generator: standards and failure-analysis reports with the exact place and text of everything on them.

Notable:
- generate.py is the way in; families/ holds one file a kind of document.
- Everything is a pure function of (family, language, seed, index): the same bytes in any process, in any order.
"""
