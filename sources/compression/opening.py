"""Opening a fetched file as plain bytes, however it is packed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression.archive import find_member, open_member
from sources.compression.kinds import START_SIZE, ZIP, packed_kind
from sources.compression.listing import told_behind
from sources.compression.unpacking import METHODS, ByteStream, Unpacked

NONE = "none"
SKIP_SIZE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How a file is packed, and of an archive the name of the file in it and what is behind it."""

    kind: str = NONE
    member: str | None = None
    behind: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, str]:
        """Return it as the evidence of a reader tells it."""
        told = {"compression": self.kind} | dict(self.behind)
        return told | ({"member": self.member} if self.member else {})


def packing_of(file: Path, limits: ExpandLimits, member: str | None = None) -> Packing:
    """Find out from its bytes how `file` is packed; `member` is the pattern of a name in archives.

    Raise `FormatError` for an archive without exactly one such file, and for what is packed twice.
    """
    with file.open("rb") as plain:
        kind = packed_kind(plain.read(START_SIZE))
    if kind is None:
        return Packing()
    packing = Packing(kind=kind)
    if kind == ZIP:
        packing = Packing(kind=kind, member=find_member(file, member), behind=told_behind(file))
    with closing(open_packed(file, packing, limits)) as stream:
        inner = packed_kind(stream.read(START_SIZE))
    if inner is not None:
        msg = f"the file is {inner} inside {kind}; pack it once, and workbooks not at all"
        raise FormatError(msg)
    return packing


def open_packed(file: Path, packing: Packing, limits: ExpandLimits) -> ByteStream:
    """Open `file` for reading what is in it; the caller closes it."""
    if packing.member is not None:
        return open_member(file, packing.member, limits)
    with ExitStack() as on_failure:
        raw = on_failure.enter_context(file.open("rb"))
        stream = raw if packing.kind == NONE else Unpacked(raw, METHODS[packing.kind], limits)
        on_failure.pop_all()
    return stream


def open_plain(file: Path, limits: ExpandLimits, member: str | None = None) -> ByteStream:
    """Find out how `file` is packed and open it for reading what is in it; the caller closes it."""
    return open_packed(file, packing_of(file, limits, member), limits)


def skip(stream: ByteStream, size: int, heartbeat: Callable[[], None]) -> None:
    """Read and forget `size` bytes of `stream`; what `heartbeat` raises ends that."""
    while size > 0 and (data := stream.read(min(size, SKIP_SIZE))):
        size -= len(data)
        heartbeat()
