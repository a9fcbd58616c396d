from __future__ import annotations

import codecs
import gzip
from contextlib import closing
from pathlib import Path
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from definitions.errors import FormatError, LostLeaseError
from definitions.model import FileFormat
from sources.base import ExpandLimits, ReadTerms
from sources.encoding import SAMPLE_SIZE, TextKind, open_text, text_kind
from sources.formats.csv import CsvFormat
from sources.translated import PIECE

LIMITS = ExpandLimits()
STOPPED = LostLeaseError("stop")
TEXT = "id,größe\n1,café\n2,naïve 😀\n"


def kind_of(data: bytes, tmp_path: Path) -> TextKind:
    (tmp_path / "f").write_bytes(data)
    return text_kind(tmp_path / "f", LIMITS)


def read(tmp_path: Path, kind: TextKind, start: int = 0, size: int = 1000) -> bytes:
    stream = open_text(tmp_path / "f", kind, start, LIMITS)
    try:
        out = b""
        while data := stream.read(size):
            out += data
        return out
    finally:
        stream.close()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_every_encoding_reads_as_utf_8_from_any_position(
    mark: bytes, encoding: str, pack: type[bytes], tmp_path: Path
) -> None:
    kind = kind_of(pack(mark + TEXT.encode(encoding)), tmp_path)
    assert kind.encoding == encoding
    assert read(tmp_path, kind) == TEXT.encode()
    assert read(tmp_path, kind, size=3) == TEXT.encode()
    for start in range(len(TEXT.encode()) + 2):
        assert read(tmp_path, kind, start) == TEXT.encode()[start:]


def test_every_byte_order_mark_at_the_beginning_is_left_out(tmp_path: Path) -> None:
    kind = kind_of(codecs.BOM_UTF8 * 2 + TEXT.encode(), tmp_path)
    assert read(tmp_path, kind) == TEXT.encode()
    assert read(tmp_path, kind, 3) == TEXT.encode()[3:]


def test_text_that_is_not_utf_8_is_windows_1252(tmp_path: Path) -> None:
    text = "id,größe „5 €“\n1,café\n"
    kind = kind_of(text.encode("cp1252"), tmp_path)
    assert kind.encoding == "windows-1252"
    assert read(tmp_path, kind) == text.encode()


def test_every_byte_is_some_character_of_windows_1252(tmp_path: Path) -> None:
    every = bytes(range(1, 256))
    kind = kind_of(every, tmp_path)
    assert kind.encoding == "windows-1252"
    text = read(tmp_path, kind).decode()
    assert len(text) == 255
    assert text[0x81 - 1] == "\x81"
    given = text_kind(tmp_path / "f", LIMITS, encoding="Windows-1252")
    assert read(tmp_path, given).decode() == text


def test_a_few_bad_bytes_do_not_change_the_encoding_of_a_file(tmp_path: Path) -> None:
    kind = kind_of(TEXT.encode() + b"3,caf\xe9\n", tmp_path)
    assert kind.encoding == "utf-8"
    assert read(tmp_path, kind).endswith(b"3,caf\xe9\n")


def test_a_character_across_the_end_of_the_sample_is_no_fault(tmp_path: Path) -> None:
    kind = kind_of(b"x" * (SAMPLE_SIZE - 1) + "é".encode(), tmp_path)
    assert kind.encoding == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF16_LE + "a\n".encode("utf-16-le") + b"\x00\xd8" + "\nb".encode("utf-16-le"),
        codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"x",
        codecs.BOM_UTF32_LE + "a\n".encode("utf-32-le") + b"\xff\xff\xff\xff",
    ],
)
def test_what_is_no_text_in_its_encoding_is_no_utf_8_either(data: bytes, tmp_path: Path) -> None:
    kind = kind_of(data, tmp_path)
    assert read(tmp_path, kind).startswith(b"a\n")
    with pytest.raises(UnicodeDecodeError):
        read(tmp_path, kind).decode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TEXT, "id,a\n1,2\n", "имя;город\n1;Москва\n2;Анна\n" * 9])
def test_wide_characters_are_seen_without_a_mark(encoding: str, text: str, tmp_path: Path) -> None:
    kind = kind_of(text.encode(encoding), tmp_path)
    assert (kind.encoding, kind.why) == (encoding, "found: of every character some bytes are zero")
    assert read(tmp_path, kind) == text.encode()


def test_a_few_zero_bytes_do_not_make_characters_wide(tmp_path: Path) -> None:
    assert kind_of(b"id,a\n1,x\0\n2,y\n3,abcdef\n", tmp_path).encoding == "utf-8"
    assert kind_of(b"a,b,c\n\0,2,3\n", tmp_path).encoding == "utf-8"


@pytest.mark.parametrize("data", [bytes(100), b"ab\0\0\0" * 50])
def test_what_is_full_of_zero_bytes_is_no_text(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="the file is no text; send CSV text"):
        kind_of(data, tmp_path)


def test_what_stands_for_characters_that_were_lost_before_is_utf_8(tmp_path: Path) -> None:
    text = "name\nM\ufffdller\nK\ufffdln\n".encode()
    assert kind_of(text, tmp_path).encoding == "utf-8"
    assert (
        kind_of(text + b"\xe9\n", tmp_path).why == "found: 2 characters are, 1 bytes are not UTF-8"
    )
    assert kind_of(b"caf\xe9\n\xe9\n\xef\xbf\xbd\n", tmp_path).encoding == "windows-1252"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (codecs.BOM_UTF8 + b"a", "found: it begins with a byte order mark"),
        (b"a,b", "found: the first megabyte is UTF-8"),
        ("a,é,ü\n".encode() + b"\xe9\n", "found: 2 characters are, 1 bytes are not UTF-8"),
        (
            b"caf\xe9\n",
            "assumed: 1 bytes are not UTF-8; give 'source.format.encoding' if it is not",
        ),
    ],
)
def test_a_person_is_told_how_the_encoding_is_known(data: bytes, why: str, tmp_path: Path) -> None:
    assert kind_of(data, tmp_path).why == why


GIVEN = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1250", "iso-8859-15"]
GIVEN += ["shift_jis", "gb18030", "utf-7", "iso2022_jp", "cp037"]
LETTERS = {"cp1250": "ěščřž", "iso-8859-15": "größe €", "cp037": "größe"}


@pytest.mark.parametrize("encoding", GIVEN)
def test_a_given_encoding_is_read_to_the_same_text_from_any_position(
    encoding: str, tmp_path: Path
) -> None:
    text = f"id,{LETTERS.get(encoding, '日本')}\n" * 3
    (tmp_path / "f").write_bytes(text.encode(encoding))
    kind = text_kind(tmp_path / "f", LIMITS, encoding=encoding)
    assert kind.why == "given"
    for start in range(len(text.encode())):
        assert read(tmp_path, kind, start) == text.encode()[start:]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16", "utf-32", "gb18030", "utf-7"])
def test_only_the_own_mark_of_a_given_encoding_is_left_out(encoding: str, tmp_path: Path) -> None:
    plain = encoding if encoding in {"utf-8", "gb18030", "utf-7"} else f"{encoding[:6]}-le"
    (tmp_path / "f").write_bytes(f"\ufeff{TEXT}".encode(plain))
    kind = text_kind(tmp_path / "f", LIMITS, encoding=encoding)
    assert read(tmp_path, kind) == TEXT.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16", "utf-32", "gb18030"])
def test_several_marks_of_a_given_encoding_are_left_out(encoding: str, tmp_path: Path) -> None:
    plain = encoding if encoding in {"utf-8", "gb18030"} else f"{encoding[:6]}-le"
    (tmp_path / "f").write_bytes(f"\ufeff\ufeff{TEXT}".encode(plain))
    kind = text_kind(tmp_path / "f", LIMITS, encoding=encoding)
    assert read(tmp_path, kind) == TEXT.encode()


def test_the_mark_of_another_encoding_is_content(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(codecs.BOM_UTF8 + b"a")
    assert read(tmp_path, text_kind(tmp_path / "f", LIMITS, encoding="latin-1")) == "ï»¿a".encode()


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("shift_jis", b"a\x81\nb"),
        ("gb18030", b"a\xff\nb"),
        ("iso2022_jp", b"a\xff\nb"),
        ("utf-7", b"a\xff\nb"),
        ("cp1252", b"a\x81\nb"),
        ("ascii", b"a\xe9\nb"),
        ("utf-8", b"a\xe9\nb"),
    ],
)
def test_what_a_given_encoding_does_not_know_stays_no_text_on_its_line(
    encoding: str, data: bytes, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(data)
    first, second = read(tmp_path, text_kind(tmp_path / "f", LIMITS, encoding=encoding)).split(
        b"\n"
    )
    assert second == b"b"
    with pytest.raises(UnicodeDecodeError):
        first.decode()


@pytest.mark.parametrize("encoding", ["no such", "rot13", "idna", "undefined"])
def test_an_encoding_that_text_cannot_be_read_in_is_refused(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a")
    with pytest.raises(FormatError, match=f"in the encoding {encoding!r}; use one such as 'utf-8'"):
        text_kind(tmp_path / "f", LIMITS, encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1250", "shift_jis", "iso2022_jp"])
def test_a_file_resumed_at_every_batch_end_reads_as_a_whole(encoding: str, tmp_path: Path) -> None:
    letters = "ěščřž" if encoding == "cp1250" else "日本"
    text = "id,name\n" + "".join(f"{i},{letters * (i % 5)}\n" for i in range(200))
    (tmp_path / "f").write_bytes(text.encode(encoding))
    terms = ReadTerms(layout=FileFormat(encoding=encoding), batch_size=200)
    batches = list(CsvFormat(terms, block_size=64).open(tmp_path / "f", "f").batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [
        (str(i), letters * (i % 5)) for i in range(200)
    ]
    for count, batch in enumerate(batches, start=1):
        again = CsvFormat(terms, block_size=64).open(tmp_path / "f", "f").batches(batch.end)
        expected = [other.frame.rows() for other in batches[count:]]
        assert [other.frame.rows() for other in again] == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(text=st.text(alphabet="aé€😀\n", max_size=50), repeat=st.sampled_from([1, PIECE // 7]))
def test_pieces_never_cut_a_character(text: str, repeat: int, tmp_path: Path) -> None:
    kind = kind_of(codecs.BOM_UTF16_BE + (text * repeat).encode("utf-16-be"), tmp_path)
    assert read(tmp_path, kind, size=1 << 16) == (text * repeat).encode()


def test_a_file_that_breaks_off_while_skipping_is_closed_again(tmp_path: Path) -> None:
    data = gzip.compress(TEXT.encode() * 100_000)
    kind = kind_of(data, tmp_path)
    (tmp_path / "f").write_bytes(data[:-10])
    with pytest.raises(FormatError, match="ends in the middle"):
        open_text(tmp_path / "f", kind, 1 << 40, LIMITS)


def test_whoever_stops_the_way_to_a_place_in_a_file_is_heard(tmp_path: Path) -> None:
    data = b"id,a\n" * SAMPLE_SIZE
    beats: list[None] = []

    def heartbeat() -> None:
        beats.append(None)
        if len(beats) == 2:
            raise STOPPED

    kind = kind_of(gzip.compress(data, 1), tmp_path)
    with pytest.raises(LostLeaseError):
        open_text(tmp_path / "f", kind, len(data) - 5, LIMITS, heartbeat)
    assert len(beats) == 2


def test_a_place_that_can_be_jumped_to_takes_no_time(tmp_path: Path) -> None:
    def heartbeat() -> None:
        raise STOPPED

    kind = kind_of(b"id,a\n1,2\n", tmp_path)
    with closing(open_text(tmp_path / "f", kind, 5, LIMITS, heartbeat)) as stream:
        assert stream.read(100) == b"1,2\n"


def test_noise_is_no_text_but_a_few_marks_are_delimiters(tmp_path: Path) -> None:
    noise = Random(7).randbytes(3_000)
    with pytest.raises(FormatError, match="full of control characters of all kinds, as packed"):
        kind_of(noise, tmp_path)
    assert kind_of("\x01\x02é\x03\n".encode("latin-1") * 99, tmp_path).encoding == "windows-1252"
    assert text_kind(tmp_path / "f", LIMITS, encoding="latin-1").encoding == "iso8859-1"


@pytest.mark.parametrize("encoding", ["cp932", "iso2022_jp"])
def test_texts_of_east_asia_are_read_in_their_encoding(encoding: str, tmp_path: Path) -> None:
    text = "番号,氏名,住所\n1,山田太郎,東京都千代田区\n2,鈴木花子,大阪府大阪市\n"
    kind = kind_of(text.encode(encoding), tmp_path)
    assert (kind.encoding, kind.why.startswith("found: ")) == (encoding, True)
    assert read(tmp_path, kind).decode() == text


def test_words_that_make_little_sense_are_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes("1;zażółć\n".encode("cp1250"))
    assert not text_kind(tmp_path / "f", LIMITS).makes_sense
    told = CsvFormat().open(tmp_path / "f", "f").evidence["characters"]
    assert told == (
        "words make little sense in windows-1252, which is assumed; say in "
        "'source.format.encoding' what the file is written in, such as 'cp1250'"
    )


@pytest.mark.parametrize("encoding", ["cp037", "cp500", "cp1140", "cp273"])
def test_lines_of_mainframes_end_with_their_own_mark(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes("id,name\x851,größe\x85".encode(encoding))
    kind = text_kind(tmp_path / "f", LIMITS, None, encoding)
    with closing(open_text(tmp_path / "f", kind, 0, LIMITS)) as stream:
        assert stream.read(100).decode() == "id,name\n1,größe\n"
