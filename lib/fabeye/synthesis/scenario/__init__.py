"""What went wrong in the fab, from which every sentence, table and picture of a failure-analysis report follows.

Notable:
- table.py lists the ways to fail; layers.py what each layer and step of the process implies; names.py who and what can
  be named; case.py puts one failure at one place and time; facts.py gives its values their names on a form.
- Arrows: facts > case > table > array_fails, other_fails > kinds; layers and names stand beside.
"""
