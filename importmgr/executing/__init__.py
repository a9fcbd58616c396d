"""One attempt at a run: claim, fetch, read, map, load, finish; with its lease and its control."""
