"""How SQLite takes a batch: statement by statement in file order, with merging in Python."""
