"""Where records go: customers, events and catalogs, on SQLite and PostgreSQL.

Every batch, its faults and its ledger row are committed in one transaction.
"""
