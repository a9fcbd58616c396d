from __future__ import annotations

from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.declared import declared_kind, no_declaration


def kind(tmp_path: Path, data: bytes, encoding: str | None = None) -> tuple[str, int]:
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(layout=FileFormat(encoding=encoding))
    found = declared_kind(tmp_path / "f", terms, no_declaration)
    return (found.encoding, found.mark_size)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_told_with_and_without_a_mark(encoding: str, tmp_path: Path) -> None:
    mark = "\ufeff".encode(encoding)
    assert kind(tmp_path, '[{"a":1}]'.encode(encoding)) == (encoding, 0)
    assert kind(tmp_path, mark + b"[\0{\0") == (encoding, len(mark))


@pytest.mark.parametrize(
    ("given", "data", "found"),
    [
        ("cp1250", b"[]", ("cp1250", 0)),
        ("UTF8", b"\xef\xbb\xbf[]", ("utf-8", 3)),
        ("utf-8-sig", b"[]", ("utf-8", 0)),
        ("utf-16", b"\xfe\xff\0[\0]", ("utf-16-be", 2)),
        ("utf-16", b"[\0]\0", ("utf-16-le", 0)),
        ("Windows-1252", b"[]", ("windows-1252", 0)),  # in which every byte is a character
    ],
)
def test_a_given_encoding_counts_and_its_mark_is_left_out(
    given: str, data: bytes, found: tuple[str, int], tmp_path: Path
) -> None:
    assert kind(tmp_path, data, given) == found


def test_a_declaration_counts_where_nothing_else_shows(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"<a>\xe9</a>")
    found = declared_kind(tmp_path / "f", ReadTerms(), lambda start: "ISO-8859-1" if start else "")
    assert found.encoding == "iso8859-1"
    with pytest.raises(FormatError, match="cannot be read in the encoding 'klingon'; use one"):
        declared_kind(tmp_path / "f", ReadTerms(), lambda _: "klingon")


def test_other_texts_are_guessed(tmp_path: Path) -> None:
    assert kind(tmp_path, b'["\xc3\xa9"]') == ("utf-8", 0)
    assert kind(tmp_path, b'["\xe9", "\xe8", "caf\xe9"]') == ("windows-1252", 0)


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-8", "utf-32"])
def test_a_declaration_that_the_text_contradicts_does_not_count(
    declared: str, tmp_path: Path
) -> None:
    latin = b"<a>caf\xe9 cr\xe8me th\xe9</a>"
    for text, encoding in (("<a>\u00e9</a>".encode(), "utf-8"), (latin, "windows-1252")):
        (tmp_path / "f").write_bytes(text)
        assert declared_kind(tmp_path / "f", ReadTerms(), lambda _: declared).encoding == encoding


@pytest.mark.parametrize("encoding", ["base64", "rot13", "zlib", "idna", "hex", "undefined"])
def test_a_codec_that_is_for_no_text_is_refused(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=f"text cannot be read in the encoding '{encoding}'"):
        kind(tmp_path, b"[]", encoding)


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1250", "us-ascii", "latin1"])
def test_utf_8_is_seen_where_an_encoding_of_single_bytes_is_declared(
    declared: str, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(b"<a>" + 100_000 * b"x" + "é</a>".encode())
    assert declared_kind(tmp_path / "f", ReadTerms(), lambda _: declared).encoding == "utf-8"


def test_several_marks_of_one_kind_are_left_out(tmp_path: Path) -> None:
    assert kind(tmp_path, 2 * b"\xef\xbb\xbf" + b"[]") == ("utf-8", 6)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b'["caf\xc3\xa9", "bad\xff"]', "utf-8"),
        (b'["caf\xc3\xa9"]', "utf-8"),
        (b'["caf\xe9"]', "utf-8"),
        (b'["\xc8\xe2\xe0\xed \xcf\xe5\xf2\xf0\xee\xe2"]', "utf-8"),
        (b'["caf\xc3\xa9", "caf\xe9", "d\xe9j\xe0"]', "utf-8"),
        (b'["caf\xe9", "d\xe9j\xe0", "bad\xff"]', "windows-1252"),
        (b'["CAF\xc9\xbb", ' + b'"d\xe9j\xe0", ' * 6 + b'"bad\xff"]', "windows-1252"),
        ('["ВІТЕР", "НІЧ", "Київ", "ДНІПРО", "привіт"]'.encode("cp1251"), "cp1251"),  # noqa: RUF001
        ('["我们的产品质量非常好", "欢迎使用", "价格便宜"]'.encode("gbk"), "gb18030"),
    ],
)
def test_a_few_bad_bytes_make_no_other_encoding_of_utf_8(
    data: bytes, encoding: str, tmp_path: Path
) -> None:
    assert kind(tmp_path, data) == (encoding, 0)


LATIN = b"caf\xe9 cr\xe8me th\xe9"


IF_NOT = "give 'source.format.encoding' if it is not"
FEW = "bytes that are not UTF-8 do not disprove it"
SOME = f"yet 3 bytes are not UTF-8; {IF_NOT}"
SEEN = "yet the first megabyte is UTF-8"


@pytest.mark.parametrize(
    ("data", "declared", "told"),
    [
        (b"caf\xc3\xa9", "utf-8", "utf-8"),
        (b"cafe", "", "utf-8"),
        (b"caf\xe9", "latin1", "iso8859-1"),
        (b"caf\xe9", "UTF-8", f"utf-8 assumed: 'UTF-8' is declared, and 1 {FEW}; {IF_NOT}"),
        (LATIN, "UTF-8", f"windows-1252 assumed: 'UTF-8' is declared, {SOME}"),
        (LATIN, "", f"windows-1252 assumed: UTF-8 is usual, {SOME}"),
        (b"\xc3\xa9\xc3\xa8\xff", "utf8", "utf-8 found: 2 characters are, 1 bytes are not UTF-8"),
        (b"caf\xc3\xa9", "latin1", f"utf-8 found: 'latin1' is declared, {SEEN}"),
    ],
)
def test_why_it_is_that_encoding_is_told_where_somebody_may_wonder(
    data: bytes, declared: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(b"<a>" + data + b"</a>")
    assert declared_kind(tmp_path / "f", ReadTerms(), lambda _: declared or None).told == told
