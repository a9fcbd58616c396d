from __future__ import annotations

import gzip

import pytest

from definitions.errors import FormatError
from sources.compression.kinds import refuse_binary, refuse_web_page


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"PAR1....", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0....", "an old Excel workbook"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "a tar archive"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"-- dump\n/*!40101 SET x */;\nINSERT INTO `t` (`a`) VALUES (1);", "an SQL script"),
        (b"--\n-- PostgreSQL\n--\n\nSET lock_timeout = 0;\n", "an SQL script"),
        (b"create table if not exists t (\n  id int", "an SQL script"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "a vCard or a calendar"),
        (b"MIME-Version: 1.0\r\nContent-Type: x", "a web archive"),
        (b'ID;PWXL;N;E\r\nC;Y1;X1;K"id"', "a SYLK spreadsheet"),
        (b"UNB+UNOA:1+A+B+200101:1200+1'", "an EDIFACT message"),
    ],
)
def test_what_is_no_text_is_called_by_its_name(data: bytes, kind: str) -> None:
    with pytest.raises(FormatError, match=f"looks like {kind}.*; send delimited text, JSON"):
        refuse_binary(data)


def test_what_is_still_packed_is_refused() -> None:
    with pytest.raises(FormatError, match="packed once more, as gzip; pack it once"):
        refuse_binary(gzip.compress(b"x"))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"id,name\n",
        b"PAR,MZ,BZh1\n",
        b"%PDF,Obj\n",
        b"<a>\n",
        b"ID;PRICE\nC1;2\n",
        b"set,use;\n",
        b"-- a\nid,b\n",
        b"insert into,b\n",
    ],
)
def test_text_is_text_whatever_words_it_begins_with(text: bytes) -> None:
    refuse_binary(text)
    refuse_web_page(text)


@pytest.mark.parametrize(
    "page",
    [
        b"<!doctype html><title>Log in</title>",
        b"\r\n  <!DOCTYPE HTML PUBLIC>\n<html>",
        b"<html lang=en>",
        b"<!-- 1 -->\n<!-- 2 --><HTML>",
    ],
)
def test_a_web_page_is_no_data(page: bytes) -> None:
    with pytest.raises(FormatError, match="a web page came instead of data, perhaps a login page"):
        refuse_web_page(page)


@pytest.mark.parametrize("text", [b"<htmlish>,a\n", b"<!doctype,html\n", b"id,<html>\n"])
def test_text_about_web_pages_is_data(text: bytes) -> None:
    refuse_web_page(text)


def test_many_remarks_take_no_time() -> None:
    refuse_web_page(b"<!-- x -->" * 50_000)
    refuse_web_page(b"<!--" * 250_000)
