from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.delimiters import (
    DETECTION_SIZE,
    Expected,
    beginning,
    best_attempt,
    candidates,
    delimiter_of,
    told_of_absent,
    ways_to_read,
)


def delimiter_in(sample: bytes) -> bytes:
    return detect(sample, FileFormat(), frozenset(), complete=True).dialect.delimiter


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        (b"a,b\n1,2\n", b","),
        (b"a;b\n1,5;2,5\n", b";"),
        (b"name;price, EUR;x\na;1,5;x\nb;2,5;y\n", b";"),
        (b"a\tb\n1,2\t3\n", b"\t"),
        (b"a|b\n1|2\n", b"|"),
        (b'"a,b";c;d\n1;2;3\n', b";"),
        (b'id,tags\n1,"a|b|c"\n2,"d|e|f"\n', b","),
        (b'id;text\n1;"x\ny, z"\n2;"a,b\n,c"\n', b";"),
        (b"name\nanna\n", b","),
        (b"a;b", b";"),
        (b"", b","),
        (b"a,b\n" + b"x" * 100_000 + b",1\n", b","),
        (b"," * 200_000, b","),
        (b"# by me\nx:y:z:w\n" + b"15:1,234:-3:0,12\n7:8,5:-1:0,5\n" * 20, b":"),
        (b"note\n" + b"It was, so to say, fine\n" * 9, b";"),
        (b"a,b\n" + b"it was, fine\n" * 9, b","),
        (b'id:n:at\n1:2,5:"2024-12-15 13:29:46"\n2:3,5:"2024-12-16 10:00:00"\n', b":"),
        (b"name,x,y,z,u\n#1,1\n#2,1,2,3\n#3,1,2,,5\n#4,1\n#5\n#6,1,2\n#7,1\n", b","),
    ],
)
def test_the_delimiter_is_what_lines_up_the_fields(sample: bytes, delimiter: bytes) -> None:
    assert delimiter_in(sample) == delimiter


@pytest.mark.parametrize(
    "mark", ["||", ";;", "::", "|~|", ", ", " | ", "\t|\t", "^", "~", "\x1f", "\x1e", "\x1c"]
)
def test_other_marks_are_found_too(mark: str) -> None:
    text = "".join(mark.join((f"name {i}", f"{i}", "x y")) + "\n" for i in range(9))
    assert delimiter_in(text.encode()) == mark.encode()


def test_marks_that_are_only_parts_of_longer_ones_are_no_candidates() -> None:
    assert "|~" not in candidates("a|~|b|~|c\n1|~|2|~|3\n")
    assert "|~|" in candidates("a|~|b|~|c\n1|~|2|~|3\n")


@pytest.mark.parametrize(
    "text",
    [
        "comment\nHello, world\nthis is fine\nwell, yes, no; or so\n",
        "name\nAnna Smith\nBob Jones\n",
        "url\nhttp://a.com/x,y\nhttp://b.com/y\n",
        "price\n1,5\n2,7\n3,9\n",
    ],
)
def test_the_lines_of_one_column_stay_whole(text: str) -> None:
    assert delimiter_in(text.encode()) not in {mark.encode() for mark in candidates(text)}


def test_the_colons_of_a_clock_are_no_delimiters() -> None:
    assert ":" not in candidates("a,b\nx,2025-01-02T03:04:05Z\ny,02.03.2025 04:05\n")
    assert ":" in candidates("a:b\n2025-01-02 03:04:05:x\n")
    rows = "".join(f"{i},x,2025-06-01T10:20:{i}Z{',' * (i % 3)}\n" for i in range(10, 40))
    assert delimiter_in(f"id,name,at\n{rows}".encode()) == b","


def test_the_colons_of_times_between_aligned_columns_are_no_delimiters() -> None:
    row = "2011-01-0{0}  0{0}:13:16     {0}53  -2.6\n"
    text = "date        time      count  temp\n" + "".join(row.format(i) for i in range(1, 8))
    assert ":" not in candidates(text)
    assert delimiter_in(text.encode()) != b":"
    assert ":" in candidates("12:30:45\n13:31:46\n")


def test_empty_fields_in_a_row_are_no_delimiter() -> None:
    assert delimiter_in(b"a,b,c\n,,,\n") == b","
    assert delimiter_in(b"a,,b,,c\n1,,2,,3\n") == b",,"


def test_names_above_rows_that_are_all_too_short_are_names() -> None:
    assert delimiter_in(b"id;a\n" + b"x\n" * 50) == b";"


def test_a_long_text_is_read_to_its_first_part_only() -> None:
    text, cut = beginning(b"a,b\n" * (1 << 18), complete=True)
    assert (len(text), cut) == (DETECTION_SIZE, True)
    assert beginning(b"a,b", complete=True) == ("a,b", False)
    assert beginning(b"a,b", complete=False) == ("a,b", True)
    assert len(beginning(b"x" * (1 << 20), complete=True)[0]) > DETECTION_SIZE


def test_what_is_given_is_the_only_way_to_read() -> None:
    ways = ways_to_read('a;"b"\n', FileFormat(delimiter=";", quote=""))
    assert [(way.delimiter, way.quote) for way in ways] == [(";", None)]


def test_expected_names_and_width_help() -> None:
    text = "a b,c d\n1 2,3 4\n"
    ways = ways_to_read(text, FileFormat())
    found = best_attempt(text, ways, Expected(), cut=False)
    assert delimiter_of(found, text.encode(), FileFormat()) == ","
    width = best_attempt(text, ways, Expected(width=3), cut=False)
    assert width.width == 3
    names = best_attempt(
        "k:x;l\n1:2;3\n", ways_to_read("k:x;l\n", FileFormat()), Expected(), cut=False
    )
    assert names.marks.delimiter == ";"


def test_a_colon_in_clocks_or_behind_labels_parts_nothing() -> None:
    assert delimiter_in(b"Jan  5 00:00:01 host app[1]: it is up\n" * 9) == b","
    assert delimiter_in(b"host:a\tstatus:200\turi:/x\n" * 9) == b"\t"
    assert delimiter_in(b"root:x:0:0::/root\n" * 9) == b":"


def test_a_given_delimiter_that_parts_nothing_is_told() -> None:
    told = told_of_absent(FileFormat(delimiter=";"), "a,b\n")

    assert told == {"absent": "the delimiter ';' stands nowhere in the first 4 characters"}
    assert told_of_absent(FileFormat(delimiter=","), "a,b\n") == {}
    assert told_of_absent(FileFormat(), "a,b\n") == {}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        (b"00:00:00,0\n01:00:00,3\n02:00:00,6\n", b","),
        (b"08:00;17:30\n09:00;18:30\n10:00;19:30\n", b";"),
        (b"00:11:22:33:44:55,A\n00:11:22:33:44:66,B\n00:11:22:33:44:7F,C\n", b","),
        (b"00:00:00.250,7\n01:00:00.500,8\n02:00:00.750,9\n", b","),
        (b"1;00:00:00+01:00\n2;01:00:00+01:00\n3;02:00:00Z\n", b";"),
        (b"ab:12,5\ncd:13,5\nef:14,5\n", b":"),  # no clock has letters
    ],
)
def test_clocks_and_addresses_of_devices_are_whole_cells(text: bytes, delimiter: bytes) -> None:
    assert delimiter_in(text) == delimiter


def test_colons_that_are_doubled_part_fields_beside_clocks() -> None:
    assert delimiter_in(b"id::host::day\n" + b"1::app::2024-05-01 10:22:31\n" * 9) == b"::"


@pytest.mark.parametrize("mark", [", ", "||", "::", " | "])
def test_what_all_cells_begin_with_is_no_part_of_the_delimiter(mark: str) -> None:
    rows = "".join(mark.join((f"{i}", f"#tag {i}", f"#{i}ff")) + "\n" for i in range(30))
    text = mark.join(("id", "tag", "colour")) + "\n" + rows
    assert delimiter_in(text.encode()) == mark.encode()


def test_spaces_that_names_lack_are_part_of_the_delimiter_of_the_rows() -> None:
    text = b"id,name,day\n" + b"1, some, 5\n" * 9
    assert delimiter_in(text) == b", "


def test_what_all_rows_have_is_part_of_the_delimiter_below_a_title_too() -> None:
    text = b"Sales,,\n,,\n" + b'"id" , "name, it is" , "day"\n' * 9
    assert delimiter_in(text) == b" , "


def test_an_escaped_delimiter_parts_nothing() -> None:
    text = "place,at,high\n" + "".join(f"p {i},{i}.5\\,{i}.7,{i}\n" for i in range(9))
    best = best_attempt(text, ways_to_read(text, FileFormat()), Expected(), cut=False)
    assert (best.marks.escape, best.width) == ("\\", 3)


@pytest.mark.parametrize("mark", ["§", "¦", "¬"])
def test_a_mark_that_no_text_has_is_believed_beside_commas(mark: str) -> None:
    rows = "".join(f"p {i}{mark}{i}.5,{i}.7{mark}{i}\n" for i in range(9))
    assert delimiter_in(f"place{mark}at{mark}high\n{rows}".encode()) == mark.encode()


@pytest.mark.parametrize(
    "layout", [FileFormat(quote=";"), FileFormat(escape=";"), FileFormat(remark=";;")]
)
def test_what_is_given_as_another_mark_is_no_delimiter(layout: FileFormat) -> None:
    text = "id;na|me\n1;An|na\n2;Bo|b\n"
    assert {marks.delimiter for marks in ways_to_read(text, FileFormat())} >= {";", "|"}
    assert ";" not in {marks.delimiter for marks in ways_to_read(text, layout)}


def test_a_single_column_has_no_delimiter_that_is_given_as_another_mark() -> None:
    text = "|id|\n|1|\n2\n3\n"
    layout = FileFormat(quote="|", escape=",")
    best = best_attempt(text, ways_to_read(text, layout), Expected(), cut=False)
    assert delimiter_of(best, text.encode(), layout) == ";"


@pytest.mark.parametrize(
    "above", ["Monthly report", "# by the tool", "   ", "2024-05-01", "By: me"]
)
def test_two_columns_of_numbers_are_parted_by_commas_whatever_is_above_names(above: str) -> None:
    rows = "".join(f"{7 * i % 83},{3 * i % 91}\n" for i in range(1, 20))
    assert delimiter_in(f"{above}\na,b\n{rows}".encode()) == b","
    assert delimiter_in(f"{above}\nshare\n{rows}".encode()) != b","


def test_a_title_of_as_many_words_as_columns_leaves_commas_with_spaces_the_delimiter() -> None:
    rows = "".join(f"{i}, some{i}, {i}.5\n" for i in range(9))
    assert delimiter_in(f"Monthly sales report\nid, name, price\n{rows}".encode()) == b", "
