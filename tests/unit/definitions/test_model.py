from __future__ import annotations

import copy

from definitions.model import BasicAuth, UrlSource


def test_a_password_is_not_shown() -> None:
    auth = BasicAuth(username="ann", password="hunter2")
    source = UrlSource(url="https://h/x", use_proxy=False, auth=auth)

    assert repr(auth) == str(auth) == "BasicAuth(username='ann')"
    assert "hunter2" not in f"{source} {source!r} {copy.copy(auth)}"
