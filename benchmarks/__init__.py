"""How fast importmgr loads a file, as a ratio to the obvious script, measured in the same run.

Figures hold for the machine that printed them; compare ratios, and only those of one run.
"""
