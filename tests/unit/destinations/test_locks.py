from __future__ import annotations

from destinations.locks import catalog_names_lock, customers_lock, items_lock


def test_no_two_locks_share_a_name() -> None:
    names = [name(n) for name in (catalog_names_lock, customers_lock, items_lock) for n in (1, 11)]

    assert len(set(names)) == len(names)
