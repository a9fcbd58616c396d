from __future__ import annotations

from importmgr.client.door import Door, Patience
from importmgr.client.paging import Listing
from tests.api_server import ApiServer

PAGES = Listing(limit="count", offset="skip", size=2, member="data")


def test_pages_are_followed_until_nothing_comes(api_server: ApiServer) -> None:
    """The total may be wrong by the time it is read."""
    api_server.answer({"data": [{"n": 1}, {"n": 2}], "total": 9})
    api_server.answer({"data": [], "total": 9})
    door = Door(api_server.url, "k", "s", Patience())

    assert list(PAGES.follow(door, "/x", lambda row: int(row["n"]))) == [1, 2]
    assert [seen.path for seen in api_server.seen] == ["/x?count=2&skip=0", "/x?count=2&skip=2"]
