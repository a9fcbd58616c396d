"""What stands in the way of a path, told alike by every storage."""

from __future__ import annotations

from definitions.errors import SourceRefusedError
from definitions.troubles import Trouble


def not_a_folder(folder: str, path: str) -> SourceRefusedError:
    """Return what is wrong where a plain file stands in the way of a path."""
    msg = (
        f"{folder!r} is a file, so {path!r} cannot lie in a folder of that name; move that file "
        "away, or name another folder"
    )
    return SourceRefusedError(msg, trouble=Trouble.PATH)
