"""The parties' scripts, each run with its own libraries.

`python -m benchmarks.polluted.readers.NAME FOLDER auto|given OUTPUT` reads every file of the
folder's list and writes a line of JSON for each: what it read, or why it could not.
"""
