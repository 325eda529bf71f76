"""fabeye: trains and proves the visual encoder that reads chip-making documents.

Notable:
- The packages follow the data's way: synthesis, intake -> parsing -> annotation -> shards -> training -> evaluation.
- Importing this package imports nothing heavy; Composer alone costs seconds and is imported where training starts.
"""

__version__ = "0.1.0"
