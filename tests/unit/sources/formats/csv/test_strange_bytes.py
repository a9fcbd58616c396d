from __future__ import annotations

from sources.encoding import MEANINGLESS
from sources.formats.csv.strange_bytes import readable


def test_bytes_of_another_program_are_read_as_windows_1252() -> None:
    assert readable("é,".encode() + "Größe €".encode("cp1252") + b"\x81") == (
        "é,Größe €\x81".encode(),
        "they are read as Windows-1252",
    )


def test_what_means_nothing_in_another_encoding_is_marked() -> None:
    assert readable(b"a" + MEANINGLESS + b"b") == (
        "a\ufffdb".encode(),
        "\ufffd stands for them",
    )
