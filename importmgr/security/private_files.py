"""Files that only their owner may read, whatever the folder allows in which they are made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OTHERS: Final = 0o077  # every right of anybody else


@contextmanager
def private_files() -> Iterator[None]:
    """Let nobody else read what this process makes meanwhile, in all of its threads."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)
