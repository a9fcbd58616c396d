"""What an import is: its definition, schedule, mapping and the rules of a run, as pure values.

Nothing here does I/O, reads a clock or draws a random number.
"""
