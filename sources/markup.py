"""Reading markup piece by piece: entities and references to other files are refused.

An element is told when it begins and when it ends; nothing is kept of it here. A single tag,
comment or attribute can be as long as `LONGEST_TOKEN`, more of one is never in memory. The parser
begins a tag that has no end yet from its first byte again with every piece; so it gets more of a
long one only once there is as much again, and the whole takes time proportional to its length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from definitions.errors import FormatError

LONGEST_TOKEN = 8 << 20
SHORT_TOKEN = 1 << 16  # begun again with every piece


class Spot(NamedTuple):
    """A place in a text: its byte, counted from 0, and its line, counted from 1."""

    byte: int
    line: int


START = Spot(0, 1)


class BrokenMarkupError(Exception):
    """The text is not well-formed from `byte` on, which is on `line`.

    `is_cut`: it is, but ends too early. `is_endless`: a tag or comment begins there that has no
    end within `LONGEST_TOKEN`.
    """

    def __init__(
        self, reason: str, byte: int, line: int, *, is_cut: bool, is_endless: bool = False
    ) -> None:
        self.reason, self.byte, self.line = reason, byte, line
        self.is_cut, self.is_endless = is_cut, is_endless
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told what: an element begins, with its attributes; it ends; text of it."""

    begin: Callable[[str, dict[str, str]], object]
    end: Callable[[str], object]
    text: Callable[[str], object]


class _Section:
    """Whether a CDATA section is open; apart from `Markup`, which the parser must not refer to."""

    __slots__ = ("is_open",)

    def __init__(self) -> None:
        self.is_open = False

    def begin(self) -> None:
        self.is_open = True

    def end(self) -> None:
        self.is_open = False


class Markup:
    """Markup that is taken in pieces of UTF-8, or of what its declaration says.

    It may be taken from `spot` on, where the elements `inside` are open.
    """

    def __init__(
        self, told: Told, name: str, spot: Spot = START, inside: Sequence[str] = ()
    ) -> None:
        before = "".join(f"<{tag}>" for tag in inside).encode()
        self._name, self._fed = name, len(before)
        self._waiting = bytearray()  # pieces that the parser has not got yet
        self._byte, self._line = spot.byte - len(before), spot.line - 1
        self._section = _Section()
        self._expat = _parser_of(told, before)
        self._expat.StartCdataSectionHandler = self._section.begin
        self._expat.EndCdataSectionHandler = self._section.end

    @property
    def line(self) -> int:
        """Return the line of what is being told."""
        return self._line + int(self._expat.CurrentLineNumber)

    @property
    def spot(self) -> Spot:
        """Return where what is being told begins, or what is yet to be told."""
        return Spot(self._byte + self._expat.CurrentByteIndex, self.line)

    @property
    def is_even(self) -> bool:
        """Tell whether everything that was taken has been told, no tag or comment being open."""
        return bool(self._expat.CurrentByteIndex == self._fed)

    @property
    def is_in_section(self) -> bool:
        """Tell whether what was told last is in a CDATA section."""
        return self._section.is_open

    def take(self, piece: bytes | bytearray | memoryview) -> None:
        """Tell what is in the next piece of the text; raise `BrokenMarkupError` where it breaks."""
        self._fed += len(piece)
        untold = self._fed - self._expat.CurrentByteIndex
        if SHORT_TOKEN < untold <= LONGEST_TOKEN or self._waiting:
            self._waiting += piece
            if 2 * len(self._waiting) < untold <= LONGEST_TOKEN:
                return
            piece, self._waiting = self._waiting, bytearray()
        self._parse(piece, final=False)
        if self._fed - self._expat.CurrentByteIndex > LONGEST_TOKEN:
            reason = f"a tag or comment is longer than {LONGEST_TOKEN} bytes"
            raise BrokenMarkupError(reason, *self.spot, is_cut=False, is_endless=True)

    def take_instead(self, text: bytes, size: int) -> None:
        """Tell a text that stands for the next `size` bytes, when all before has been told."""
        self.take(text)
        self._byte += size - len(text)

    def finish(self) -> None:
        """Say that there are no more pieces; raise `BrokenMarkupError` if there should be."""
        waiting, self._waiting = self._waiting, bytearray()
        self._parse(waiting, final=False)
        self._parse(b"", final=True)

    def _parse(self, piece: bytes | bytearray | memoryview, *, final: bool) -> None:
        try:
            self._expat.Parse(piece, final)
        except ExpatError as exc:
            byte = self._byte + max(self._expat.ErrorByteIndex, 0)
            line = self._line + exc.lineno
            raise BrokenMarkupError(ErrorString(exc.code), byte, line, is_cut=final) from None
        except DefusedXmlException:
            msg = (
                f"{self._name!r} declares entities or a document type that is more than a name, "
                "which is refused; take the declaration out"
            )
            raise FormatError(msg) from None


class _Refusing(DefusedExpatParser):
    """What refuses that a document declares more than a name."""

    def defused_start_doctype_decl(
        self,
        name: str,
        sysid: str | None,
        pubid: str | None,
        has_internal_subset: bool,  # noqa: FBT001 - expat's
    ) -> None:
        """Refuse a document type that declares anything: `<!DOCTYPE name>` does not."""
        if sysid is not None or pubid is not None or has_internal_subset:
            super().defused_start_doctype_decl(name, sysid, pubid, has_internal_subset)


REFUSING = _Refusing(forbid_dtd=True)  # keeps nothing: one does for all


def _parser_of(told: Told, before: bytes) -> Any:  # noqa: ANN401 - its type has no public name
    """Return a parser that refuses what it should and tells nothing of what is `before`.

    It is made without those layers around it that take longer than a short record: where many are
    broken, there is one parser for each.
    """
    parser = ParserCreate(intern=None)
    parser.StartDoctypeDeclHandler = REFUSING.defused_start_doctype_decl
    parser.EntityDeclHandler = REFUSING.defused_entity_decl
    parser.UnparsedEntityDeclHandler = REFUSING.defused_unparsed_entity_decl
    refuse_entity: Any = REFUSING.defused_external_entity_ref_handler  # it never returns
    parser.ExternalEntityRefHandler = refuse_entity
    # A newer expat would wait by itself with a long tag, and not say how far it came.
    defer = getattr(parser, "SetReparseDeferralEnabled", None)
    if defer is not None:
        defer(False)  # noqa: FBT003 - expat's
    parser.Parse(before, False)  # noqa: FBT003 - expat's
    parser.buffer_text = True
    parser.StartElementHandler = told.begin
    parser.EndElementHandler = told.end
    parser.CharacterDataHandler = told.text
    return parser


def local_name(name: str) -> str:
    """Return the name of an element or attribute without the prefix of its namespace."""
    return name.rpartition(":")[2]
