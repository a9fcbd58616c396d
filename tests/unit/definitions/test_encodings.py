from __future__ import annotations

import codecs
import encodings
import pkgutil

import pytest

from definitions.encodings import is_of_files, python_name

OF_NO_FILES = {
    *("base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"),
    *("idna", "punycode", "raw_unicode_escape", "unicode_escape", "charmap", "undefined"),
    *("aliases", "mbcs", "oem", "_win_cp_codecs"),
}


@pytest.mark.parametrize(
    "name", sorted({each.name for each in pkgutil.iter_modules(encodings.__path__)} - OF_NO_FILES)
)
def test_every_encoding_of_files_is_one(name: str) -> None:
    assert is_of_files(name)
    assert "Jana" in codecs.getincrementaldecoder(name)().decode("Jana".encode(name), final=True)


@pytest.mark.parametrize("name", [*sorted(OF_NO_FILES), "rot13", "IDNA", "none", "", "a\0", "é"])
def test_others_are_none(name: str) -> None:
    assert not is_of_files(name)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("windows-949", "cp949"),
        ("Windows-874", "cp874"),
        ("windows-31j", "cp932"),
        ("x-sjis", "sjis"),
        ("X-GBK", "gbk"),
        ("x-mac-roman", "mac-roman"),
        ("ISO-10646-UCS-2", "utf-16"),
        ("ISO-8859-8-I", "iso-8859-8"),
        ("windows-1250", "windows-1250"),
        ("cp1250", "cp1250"),
    ],
)
def test_names_of_others_are_known(name: str, called: str) -> None:
    assert codecs.lookup(python_name(name)).name == codecs.lookup(called).name
    assert is_of_files(name)


@pytest.mark.parametrize("name", ["x-user-defined", "windows-9", "x-idna", "ANSI", "x-"])
def test_a_name_that_fits_none_is_none(name: str) -> None:
    assert not is_of_files(name)
