"""The names of the locks under which loaded data is written; each is held for one transaction.

A transaction that needs several takes them in the order of this file.
"""

from __future__ import annotations


def catalog_names_lock(project_id: int) -> str:
    """Name the lock for making, naming and removing catalogs of a project."""
    return f"importmgr:catalogs:{project_id}"


def items_lock(catalog_id: int) -> str:
    """Name the lock for writing items of a catalog, and for removing it."""
    return f"importmgr:items:{catalog_id}"


def customers_lock(project_id: int) -> str:
    """Name the lock for finding, making, changing and removing customers of a project."""
    return f"importmgr:customers:{project_id}"
