"""What is wrong with files: each pollution is a function of a sheet, which it returns polluted.

A function raises `UnfitError` for a table that would become another one by it. Its first line says
what it does and, behind a dash, why a careful person could argue about the answer.
"""
