"""What the sheets of a workbook share: their names, the texts of cells, and number formats."""

from __future__ import annotations

import posixpath
from array import array
from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from definitions.errors import FormatError
from sources.compression import called
from sources.formats.xlsx.archive import WORKBOOK, Archive
from sources.formats.xlsx.values import EPOCH_1900, EPOCH_1904, Kind, kind_of_format, unescaped
from sources.gathering import MAX_RECORD
from sources.markup import BrokenMarkupError, Markup, Told, local_name

RELATIONS_OF_ALL = "_rels/.rels"
SHARED_TEXTS = "sharedStrings.xml"
STYLES = "styles.xml"
MOST_LISTED = 20
MOST_TEXT = 512 << 20
MOST_DIGITS = 9  # of the number of a text or of a format
MOST_PARTS, MOST_STYLES = 1 << 16, 1 << 17  # Excel has 65,490 styles at most
LONGEST_NAME = 255  # characters of the name of a sheet, of which Excel has 31 at most
MOST_CODE = 1000  # characters of a number format, of which Excel has 255 at most
TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of cells: its name and the member of the archive that holds it."""

    name: str
    member: str
    is_visible: bool


def refuse_more_text(size: int) -> None:
    """Raise `FormatError` if shared texts may not have so many bytes."""
    if size > MOST_TEXT:
        msg = f"the workbook has more than {MOST_TEXT} bytes of shared texts; save it as CSV"
        raise FormatError(msg)


class Texts:
    """The texts that cells refer to by number; together they are one piece of UTF-8."""

    def __init__(self) -> None:
        self.longest = 0  # characters
        self._utf8, self._ends = bytearray(), array("Q", [0])

    def add(self, text: str) -> None:
        """Take the next text, as much of it as makes a row too long."""
        text = text[: MAX_RECORD + 1]
        self.longest = max(self.longest, len(text))
        self._utf8 += text.encode(errors="replace")
        self._ends.append(len(self._utf8))
        refuse_more_text(len(self._utf8))

    def at(self, raw: str) -> str | None:
        """Return the text with the number that `raw` says, None if there is none."""
        if not raw.isdecimal():
            raw = raw.strip()  # markup may be written with line ends between all tags
        number = int(raw) if raw.isdecimal() and len(raw) <= MOST_DIGITS else len(self._ends)
        if number + 1 >= len(self._ends):
            return None
        return self._utf8[self._ends[number] : self._ends[number + 1]].decode()


class Rationed:
    """Texts of which so many characters are `left` to be given; then none is any more.

    One long text may be that of very many cells, each of which would hold all of it.
    """

    def __init__(self, texts: Texts, left: int) -> None:
        self.left = left
        self._texts = texts

    def at(self, raw: str) -> str | None:
        """Return the text with the number that `raw` says, None if there is none."""
        if self.left < 0:
            return ""
        text = self._texts.at(raw)
        self.left -= len(text or "")
        return text if self.left >= 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """What is needed to read any sheet.

    `kinds` says what numbers mean, by a cell's style; days count from `epoch`.
    """

    sheets: tuple[Sheet, ...]
    texts: Texts
    kinds: tuple[Kind, ...]
    epoch: datetime

    def sheet(self, name: str | None) -> Sheet:
        """Return the sheet of that name, or the first one that is visible."""
        if name is None:
            visible = [sheet for sheet in self.sheets if sheet.is_visible] or [*self.sheets]
            if visible:
                return visible[0]
            msg = "the workbook has no sheet of cells"
            raise FormatError(msg)
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        listed = ", ".join(repr(sheet.name) for sheet in self.sheets[:MOST_LISTED])
        msg = f"the workbook has no sheet {name!r}; it has: {listed}"
        raise FormatError(msg)

    def others(self, sheet: Sheet) -> list[str]:
        """Return the names of the first sheets besides `sheet`."""
        names = [other.name for other in self.sheets if other is not sheet]
        return names[:MOST_LISTED]


def read_workbook(archive: Archive) -> Workbook:
    """Return what the sheets share; raise `FormatError` if it cannot be read."""
    place = _place(archive)
    targets = place.targets
    sheets: list[Sheet] = []
    epoch = EPOCH_1900
    for name, attributes in _elements(archive, place.member):
        if name == "workbookPr" and attributes.get("date1904") in TRUE:  # one of several
            epoch = EPOCH_1904
        elif name == "sheet":
            target = targets.get(_relation(attributes), {})
            if target.get("Type", "").endswith("/worksheet"):
                sheets.append(_sheet(attributes, place.leads_to(target["Target"])))
                _refuse_more(sheets, MOST_PARTS, "sheets")
    texts = _texts(archive, place.part("/sharedStrings", SHARED_TEXTS))
    kinds = _kinds(archive, place.part("/styles", STYLES))
    return Workbook(sheets=tuple(sheets), texts=texts, kinds=kinds, epoch=epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A member of the archive, and the others that it leads to, by their ids."""

    archive: Archive
    member: str
    targets: Mapping[str, dict[str, str]]

    def part(self, kind: str, usual: str) -> str:
        """Return the member that is the part of a kind, as is said, else the usual one."""
        found = (to["Target"] for to in self.targets.values() if to["Type"].endswith(kind))
        return self.leads_to(next(found, usual))

    def leads_to(self, target: str) -> str:
        """Return the member that is meant by `target`, written as an address or as a path."""
        folder = "/" + posixpath.dirname(self.member)
        path = posixpath.normpath(posixpath.join(folder, target.replace("\\", "/")))
        member = path.lstrip("/")
        return member if self.archive.has(member) else unquote(member)


def _place(archive: Archive) -> _Place:
    """Return where the workbook itself is: as the archive says, else where it usually is."""
    root = _Place(archive=archive, member="", targets=_targets(archive, RELATIONS_OF_ALL))
    said = root.part("/officeDocument", WORKBOOK)
    member = said if archive.has(said) else WORKBOOK
    folder, name = posixpath.split(member)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if not archive.has(relations):
        msg = f"the workbook lacks {called(relations)}; save it again"
        raise FormatError(msg)
    return _Place(archive=archive, member=member, targets=_targets(archive, relations))


def _targets(archive: Archive, relations: str) -> dict[str, dict[str, str]]:
    if not archive.has(relations):
        return {}
    targets: dict[str, dict[str, str]] = {}
    for name, attributes in _elements(archive, relations):
        if name == "Relationship":
            targets[attributes.get("Id", "")] = {"Type": "", "Target": ""} | attributes
            _refuse_more(targets, MOST_PARTS, "parts")
    return targets


def _refuse_more(found: Sized, most: int, what: str) -> None:
    if len(found) > most:
        msg = f"the workbook has more than {most} {what}; save it again"
        raise FormatError(msg)


def _relation(attributes: dict[str, str]) -> str:
    """Return the id that leads to a sheet; its name has a prefix, which differs."""
    found = (text for name, text in attributes.items() if name.endswith(":id"))
    return next(found, "")


def _sheet(attributes: dict[str, str], member: str) -> Sheet:
    is_visible = attributes.get("state", "visible") == "visible"
    return Sheet(
        name=attributes.get("name", "")[:LONGEST_NAME], member=member, is_visible=is_visible
    )


def _kinds(archive: Archive, member: str) -> tuple[Kind, ...]:
    """Return what numbers mean, by style."""
    if not archive.has(member):
        return ()
    codes: dict[str, str] = {}
    kinds: list[Kind] = []
    inside = ""
    for name, attributes in _elements(archive, member):
        if name in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside = name
        elif name == "numFmt" and inside != "dxfs":
            code = attributes.get("formatCode", "")
            codes[attributes.get("numFmtId", "")] = code[:MOST_CODE]
            _refuse_more(codes, MOST_STYLES, "number formats")
        elif name == "xf" and inside == "cellXfs":
            number = attributes.get("numFmtId", "0")
            is_built_in = number.isdecimal() and len(number) <= MOST_DIGITS
            kinds.append(kind_of_format(int(number) if is_built_in else 0, codes.get(number)))
            _refuse_more(kinds, MOST_STYLES, "styles")
    return tuple(kinds)


def _elements(archive: Archive, member: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the elements of a member with their attributes, in the order they begin."""
    found: list[tuple[str, dict[str, str]]] = []
    told = Told(
        begin=lambda name, attributes: found.append((local_name(name), attributes)),
        end=lambda _: None,
        text=lambda _: None,
    )
    for _ in _listened(archive, member, Markup(told, member)):
        yield from found
        found.clear()


def _texts(archive: Archive, member: str) -> Texts:
    texts = Texts()
    if archive.has(member):
        listener = _TextListener(texts)
        told = Told(begin=listener.begin, end=listener.end, text=listener.text)
        for _ in _listened(archive, member, Markup(told, member)):
            pass
    return texts


def _listened(archive: Archive, member: str, markup: Markup) -> Iterator[None]:
    """Tell what is in a member, a piece per step."""
    try:
        for piece in archive.pieces(member):
            markup.take(piece)
            yield
        markup.finish()
    except BrokenMarkupError as exc:
        msg = f"the workbook is damaged in {called(member)} ({exc.reason}); save it again"
        raise FormatError(msg) from None
    yield


class _TextListener:
    """Gathers shared texts: runs of one text are joined, how to pronounce it is left out."""

    def __init__(self, texts: Texts) -> None:
        self._texts, self._runs, self._size = texts, list[str](), 0
        self._wanted = self._spoken = False

    def begin(self, name: str, _: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = local_name(name)
        self._spoken = self._spoken or name == "rPh"
        self._wanted = name == "t" and not self._spoken

    def text(self, text: str) -> None:
        """Take text."""
        if self._wanted:
            self._size += len(text)
            refuse_more_text(self._size)
            self._runs.append(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        name, self._wanted = local_name(name), False
        self._spoken = self._spoken and name != "rPh"
        if name == "si":
            self._texts.add(unescaped("".join(self._runs)))
            self._runs.clear()
