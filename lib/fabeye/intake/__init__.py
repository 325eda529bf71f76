"""Files that people bring: found, read page by page, and every one of them accounted for."""
