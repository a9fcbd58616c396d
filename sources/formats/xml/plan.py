"""Finding out about an XML document from its first megabyte: encoding, records, columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from definitions.errors import FormatError
from definitions.model import MalformedRows
from sources.base import ReadTerms
from sources.encoding import SAMPLE_SIZE, TextKind, open_text
from sources.formats.xml.cells import Node, Shape, cells_of, shape_of
from sources.formats.xml.choice import Outline, RecordKind, choose, is_named, local_path
from sources.formats.xml.filemaker import filemaker_rows
from sources.formats.xml.naming import naming_of
from sources.formats.xml.outlining import outermost, outline_of
from sources.formats.xml.records import Found, Records
from sources.formats.xml.text import RecordText
from sources.gathering import MAX_COLUMNS, columns_of, shown

PIECE = 1 << 16
# The declaration, and a document type that is a name and an address, which nobody goes to.
DECLARATION = re.compile(
    rb"""\s*+(?:<\?xml\s[^>]*?\?>)?+(?:(?:\s++|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+"""
    rb"""<!DOCTYPE\s++[^\s>\[]++\s++(?:SYSTEM|PUBLIC\s++(?:"[^"]*+"|'[^']*+'))\s*+"""
    rb"""(?:"[^"]*+"|'[^']*+')?+\s*+>)?+""",
    re.DOTALL,
)
ENCODING = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
SPREADSHEET = re.compile(rb"<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet")
PROPERTY_LIST = re.compile(rb"\s*+<plist[\s>]")
HTML = re.compile(
    rb"\s*+(?:<!doctype\s+html|<html|<table[^<>]*+>\s*+(?:<t(?:head|body)[^<>]*+>\s*+)?<tr[\s>])",
    re.IGNORECASE,
)


def declared_encoding(start: bytes) -> str | None:
    """Return the encoding that an XML declaration names."""
    found = ENCODING.match(start)
    return found.group(1).decode() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An XML file and how it is read."""

    file: Path
    name: str
    kind: TextKind
    terms: ReadTerms

    def pieces(self) -> Iterator[bytes]:
        """Yield the text in pieces of UTF-8, with spaces for what it declares of itself.

        Its encoding is what it was before; a document type that another file describes is not
        looked at, and entities of it are none.
        """
        terms, size = self.terms, min(PIECE, max(self.terms.batch_size, 1))
        stream = open_text(self.file, self.kind, 0, terms.limits, terms.heartbeat)
        with closing(stream) as text:
            start = text.read(PIECE)
            declaration = DECLARATION.match(start)
            if declaration is not None:
                blank = re.sub(rb"[^\n]", b" ", declaration.group())
                start = blank + start[declaration.end() :]
            yield from (start[at : at + size] for at in range(0, len(start), size))
            while piece := text.read(size):
                terms.heartbeat()
                yield piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was found out about a document: its records, their shape and columns."""

    kind: RecordKind
    shape: Shape
    header: tuple[str, ...]
    evidence: dict[str, str]


def find_plan(document: Document) -> Plan:
    """Find out about a document from its first megabyte."""
    name, terms = document.name, document.terms
    pieces, complete = _beginning(document)
    kind, where = _found_records(document, pieces, complete=complete)
    nodes, nests = _records(kind, document)
    shape = shape_of(nodes, None if kind.names else naming_of(nodes), kind.names)
    cells = [cells_of(node, shape) for node in nodes]
    if terms.every_name and not complete:
        cells, complete = [_every_name(kind, shape, document)], True
    header = columns_of(cells, terms.wanted, complete=complete, file=name)
    return Plan(
        kind=replace(kind, nests=nests),
        shape=shape,
        header=header,
        evidence=document.kind.packing.told
        | {"encoding": document.kind.told, "records": where}
        | ({} if complete else {"columns": "those of the first megabyte"}),
    )


def _found_records(
    document: Document, pieces: list[bytes], *, complete: bool
) -> tuple[RecordKind, str]:
    """Return what tells records, and what people call them; raise `FormatError` without any."""
    terms, (outline, is_broken) = document.terms, _outline(pieces, document.name)
    if terms.layout.records:
        named = terms.layout.records
        is_record = is_named(named)
        path = next(filter(is_record, map(local_path, outline.seen)), None)
        if path is None:
            _refuse_absent(document, outline, complete=complete)
            path = tuple(named.strip("/").split("/"))
        return RecordKind(is_record=is_record, path=path), named
    _refuse_spreadsheet(b"".join(pieces[:1]), document.name)
    rows = filemaker_rows(outline.seen)
    found, names = rows or (choose(outline, terms.wanted), ())
    if found is None:
        _refuse_without_elements(document, outline, complete=complete)
        return RecordKind(is_record=lambda _: False, path=()), ""
    found = outermost(local_path(found)) if is_broken else local_path(found)
    where = "/".join(found)
    return RecordKind(is_record=is_named(f"/{where}"), path=found, names=names), where


def _refuse_spreadsheet(start: bytes, name: str) -> None:
    if PROPERTY_LIST.match(start):
        msg = f"{name!r} is a property list; convert it, as by `plutil -convert json`"
        raise FormatError(msg)
    if SPREADSHEET.search(start):
        msg = f"{name!r} is a spreadsheet of Excel 2003 (XML, often called .xls); save it as .xlsx"
        raise FormatError(msg)


def _outline(pieces: list[bytes], name: str) -> tuple[Outline, bool]:
    """Return what elements there are, and whether something breaks the document.

    Raise `FormatError` if there are none.
    """
    start = b"".join(pieces[:1])
    if HTML.match(start):
        kind = f"looks like an HTML page, not XML; it begins with {shown(start)[:60]!r}"
        remedy = "if its table is meant, save that with a spreadsheet program as .xlsx or CSV"
        msg = f"{name!r} {kind}; {remedy}"
        raise FormatError(msg)
    text = b"".join(pieces).decode(errors="replace")  # bytes that are no text break no structure
    outline, reason = outline_of(text.encode(), name)
    if not outline.seen:
        reason = reason or "there is no element in it"
        msg = f"{name!r} is no XML: {reason}; it begins with {shown(start)[:60]!r}"
        raise FormatError(msg)
    return outline, bool(reason)


def _records(kind: RecordKind, document: Document) -> tuple[list[Node], bool]:
    """Return the records that are whole in the first megabyte, or else the first one there is.

    Tell also whether there are elements of their name in them.
    """
    nodes: list[Node] = []
    nests = _hear_records(kind, document, nodes.append, lambda: bool(nodes))
    return nodes, nests


def _every_name(kind: RecordKind, shape: Shape, document: Document) -> dict[str, str]:
    """Return a record with the names of the cells of all records."""
    names: dict[str, str] = {}
    _hear_records(
        kind,
        document,
        lambda node: names.update(cells_of(node, shape)),
        lambda: len(names) > MAX_COLUMNS,
    )
    return names


def _hear_records(
    kind: RecordKind,
    document: Document,
    take: Callable[[Node], None],
    is_enough: Callable[[], bool],
) -> bool:
    """Take the records of the first megabyte, and further ones until there is enough.

    Tell whether there are elements of their name in them.
    """
    mends = document.terms.layout.malformed_rows is MalformedRows.PAD
    found = Found(
        record=lambda node, _: take(node),
        problem=lambda *_: None,
        note=(lambda *_: None) if mends else None,
    )
    records = Records(kind, 1, found, document.name)
    text = RecordText(records, document.name)
    with closing(document.pieces()) as pieces:  # type: ignore[type-var]
        for piece in _until(pieces, is_enough):
            text.take(piece)
    text.finish()
    return records.nests


def _until(pieces: Iterable[bytes], is_enough: Callable[[], bool]) -> Iterator[bytes]:
    """Yield the pieces of the first megabyte, and on until there is enough."""
    size = 0
    for piece in pieces:
        if size >= SAMPLE_SIZE and is_enough():
            return
        size += len(piece)
        yield piece


def _beginning(document: Document) -> tuple[list[bytes], bool]:
    """Return the pieces of the first megabyte, and whether they are all."""
    taken: list[bytes] = []
    size = 0
    with closing(document.pieces()) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            if size >= SAMPLE_SIZE:
                return taken, False
            taken.append(piece)
            size += len(piece)
    return taken, True


def _refuse_absent(document: Document, outline: Outline, *, complete: bool) -> None:
    if complete and len(outline.seen) > 1:
        paths = list(dict.fromkeys(map(local_path, outline.seen)))
        listed = ", ".join(repr("/".join(path)) for path in paths[:10])
        msg = (
            f"there is no element {document.terms.layout.records!r} in {document.name!r}; "
            f"there are: {listed}"
        )
        raise FormatError(msg)


def _refuse_without_elements(document: Document, outline: Outline, *, complete: bool) -> None:
    """Raise `FormatError` unless the document is an empty list."""
    if not complete:
        msg = (
            f"the first megabyte of {document.name!r} does not show which elements are records; "
            "say it in `source.format.records`"
        )
        raise FormatError(msg)
    if outline.words:
        msg = f"{document.name!r} holds no elements, only the text {outline.words!r}"
        raise FormatError(msg)
