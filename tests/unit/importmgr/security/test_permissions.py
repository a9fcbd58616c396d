from __future__ import annotations

import pytest

from definitions.errors import InvalidError
from importmgr.security.permissions import PERMISSIONS, check_known


def test_every_known_permission_is_known() -> None:
    check_known(PERMISSIONS)
    check_known([])


def test_unknown_ones_are_named_all_at_once_with_the_nearest() -> None:
    with pytest.raises(InvalidError) as refused:
        check_known(["imports.list", "imports.reed", "catalog.write", "zzz"])

    first, second, third = refused.value.problems["permissions"]
    assert first == "unknown permission 'catalog.write': did you mean 'catalogs.write'?"
    assert second == "unknown permission 'imports.reed': did you mean 'imports.read'?"
    assert third.startswith("unknown permission 'zzz': known are imports.list, ")
