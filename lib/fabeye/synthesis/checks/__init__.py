"""What must hold of every generated document, found out without a line of the code that made it.

Notable:
- boxes.py looks at pixels and letters as a renderer shows them; tables.py, references.py, reports.py and standards.py
  read the truth as an engineer would and compare what stands in one place with what stands in another.
- run.py walks a folder of generated documents and gathers what is wrong.
- Nothing here imports the generator: a check that shared its arithmetic would share its mistakes.
"""
