"""Files that are made from files: one for each, called the same, in another folder."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from definitions.errors import RequestError
from importmgr.services.local_files import STDIN, file_name, is_address


def targets_in(folder: Path, wheres: Sequence[str]) -> list[Path]:
    """Return where in `folder` the file made from each input goes, and make the folder.

    Raise `RequestError` if two would be one, or if one of them is an input.
    """
    targets = [folder / file_name(where) for where in wheres]
    _refuse_twins(targets)
    _refuse_inputs(targets, wheres)
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return targets


@contextmanager
def whole_file(target: Path) -> Iterator[Callable[[bytes], None]]:
    """Give what writes a file that appears when it is whole, in place of an older one.

    Raise `RequestError` if it cannot be written.
    """
    part = target.with_name(f".importmgr-{os.getpid()}.part")  # no longer than a name may be
    with _writing(target):
        stream = part.open("wb")
    try:
        with stream:
            yield partial(_write, stream, target)
            with _writing(target):
                stream.flush()
        with _writing(target):
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _refuse_twins(targets: Sequence[Path]) -> None:
    for target, times in Counter(targets).items():
        if times > 1:
            msg = (
                f"{times} inputs are called {target.name!r} and would be one file in "
                f"{str(target.parent)!r}; write them to different folders"
            )
            raise RequestError(msg)


def _refuse_inputs(targets: Sequence[Path], wheres: Sequence[str]) -> None:
    paths = (where for where in wheres if not (where == STDIN or is_address(where)))
    inputs = {Path(path).resolve() for path in paths}
    for target in targets:
        if target.resolve() in inputs:
            msg = f"{str(target)!r} is an input and would be overwritten; name another folder"
            raise RequestError(msg)


def _write(stream: BinaryIO, target: Path, data: bytes) -> None:
    with _writing(target):
        stream.write(data)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Say which file it is that cannot be written, and why."""
    try:
        yield
    except OSError as exc:
        reason = (exc.strerror or type(exc).__name__).lower()
        msg = f"{str(target)!r} cannot be written ({reason}); name another folder"
        raise RequestError(msg) from exc
