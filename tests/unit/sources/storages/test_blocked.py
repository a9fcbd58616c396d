from __future__ import annotations

from definitions.troubles import Trouble
from sources.storages.blocked import not_a_folder


def test_a_file_that_is_in_the_way_is_named_with_what_to_do() -> None:
    error = not_a_folder("done", "done/a.csv")

    assert error.trouble is Trouble.PATH
    assert str(error) == (
        "'done' is a file, so 'done/a.csv' cannot lie in a folder of that name; move that file "
        "away, or name another folder"
    )
