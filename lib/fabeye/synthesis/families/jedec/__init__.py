"""Memory standards and data sheets: compose.py is the way in, one file a kind of clause or table."""

from fabeye.synthesis.families.jedec.compose import compose

__all__ = ["compose"]
