from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sources.checksums import checksum_in, checksum_of, malformed

MD5 = hashlib.md5(b"x", usedforsecurity=False).hexdigest()
SHA = hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        (SHA, ".sha256", SHA),
        (f"{SHA}  a.csv\n", ".sha256", SHA),
        (f"{SHA.upper()} *a.csv\r\n", ".sha256", SHA),
        (f"SHA256 (a.csv) = {SHA}\n", ".sha256", SHA),
        (f"{'0' * 64}  b.csv\n{SHA}  a.csv\n", ".sha256", SHA),
        (f"MD5 (a.csv) = {MD5}", ".md5", MD5),
        (SHA, ".md5", None),
        ("not yet", ".sha256", None),
        ("", ".md5", None),
    ],
)
def test_a_checksum_is_read_in_every_notation(text: str, suffix: str, expected: str | None) -> None:
    assert checksum_in(text.encode(), suffix, "a.csv") == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"not yet\n", "'not yet'"),
        (b"\xff\0" + b"0" * 100, repr(r"\xff" + "\0" + "0" * 55 + "…")),
        (b"\n", "nothing"),
        (None, "more than 65536 bytes"),
    ],
)
def test_what_holds_no_checksum_is_named_with_what_it_holds(text: bytes | None, said: str) -> None:
    assert malformed(text, ".sha256", "in/a.csv.sha256") == (
        f"in/a.csv.sha256 holds {said}, but should hold a SHA-256 checksum (64 hexadecimal digits, "
        "as sha256sum writes them); send it again"
    )


@pytest.mark.parametrize(("suffix", "expected"), [(".md5", MD5), (".sha256", SHA)])
def test_a_checksum_is_that_of_the_bytes(suffix: str, expected: str, tmp_path: Path) -> None:
    beats: list[None] = []
    (tmp_path / "file").write_bytes(b"x")

    assert checksum_of(tmp_path / "file", suffix, lambda: beats.append(None)) == expected
    assert beats == [None]
