"""The schema's history, worked off by Alembic.

`importmgr.store.migrate` runs it; every revision also works while the code before it still runs.
"""
