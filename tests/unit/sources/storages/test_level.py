from __future__ import annotations

import pytest

from sources.storages.level import Level

LAST = "\U0010fffd"


@pytest.mark.parametrize(
    ("prefix", "depth", "path", "holds"),
    [
        ("", 1, "a.csv", True),
        ("", 1, "in/a.csv", False),
        ("in", 1, "in/a.csv", True),
        ("in", 2, "in/deep/a.csv", True),
        ("in", 2, "in/deep/er/a.csv", False),
        ("in", None, "in/deep/er/a.csv", True),
    ],
)
def test_an_object_is_as_deep_as_it_has_folders(
    prefix: str, depth: int | None, path: str, *, holds: bool
) -> None:
    assert Level(prefix=prefix, depth=depth).holds(path) is holds


@pytest.mark.parametrize(
    ("prefix", "depth", "path", "behind"),
    [
        ("", 1, "in/a.csv", f"in/{LAST}"),
        ("in", 1, "in/deep/er/a.csv", f"in/deep/{LAST}"),
        ("in", 2, "in/deep/er/a.csv", f"in/deep/er/{LAST}"),
        ("in", 1, "in/z.csv", ""),
        ("in", None, "in/deep/a.csv", ""),
    ],
)
def test_a_list_that_ends_too_deep_goes_on_behind_that_folder(
    prefix: str, depth: int | None, path: str, behind: str
) -> None:
    assert Level(prefix=prefix, depth=depth).behind([path]) == behind
    assert behind == "" or behind > path


def test_of_names_that_are_out_of_order_none_is_left_out() -> None:
    level = Level(prefix="", depth=1)

    assert level.behind(["z.csv", "in/a.csv"]) == ""
    assert level.behind([]) == ""
