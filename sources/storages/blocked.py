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


def already_there(path: str) -> SourceRefusedError:
    """Return that a new file cannot have the name of one that is there."""
    return SourceRefusedError(f"there is a {path!r} already; it is left as it is")
