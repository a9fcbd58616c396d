from __future__ import annotations

import pytest

from sources.formats.csv.detection.header import count_header_rows, find_beginning
from sources.formats.csv.detection.reading import Marks, read_rows
from sources.formats.csv.detection.scoring import usual_width

BODY = "x;1;2020-01-01\ny;4;2020-01-02\nz;7;2020-01-03\n"
NOTHING = frozenset[str]()


def beginning_of(text: str, wanted: frozenset[str] = NOTHING) -> tuple[int, int]:
    rows = read_rows(text, Marks(delimiter=";"))
    found = find_beginning(rows, usual_width(rows), wanted)
    return found.line, found.header_rows


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 0),
        ("\n\n", 2),
        ("A title\n\n", 2),
        ("A title;;\n;;\n", 2),
        ("Report;Sales;;\n", 1),
        ("# exported\n# today; by me\n", 2),
        ("one\ntwo\nthree\nfour\n", 4),
    ],
)
def test_the_table_begins_at_its_header(before: str, line: int) -> None:
    assert beginning_of(f"{before}name;qty;day\n{BODY}") == (line, 1)


@pytest.mark.parametrize(
    ("header", "count"),
    [
        ("", 0),
        ("name;qty;day\n", 1),
        ("#name;qty;day\n", 1),
        ("name;qty\n", 1),
        ("name;qty;day\n" * 2, 2),
        ("name;qty;day\n" * 3, 3),
        ("name;qty;day\n;(kg);(d.m.y)\n", 2),
        ("name;qty;day\nstring;int;date\n", 2),
    ],
)
def test_the_rows_of_the_header_are_counted(header: str, count: int) -> None:
    assert beginning_of(header + BODY) == (0, count)


def test_a_row_with_gaps_above_full_names_belongs_to_the_header() -> None:
    text = "Region;2019;;2020;\nName;M;F;M;F\nx;1;2;3;4\ny;4;5;6;7\nz;7;8;9;10\n"
    assert beginning_of(text) == (0, 2)


def test_the_row_with_the_wanted_names_is_the_header() -> None:
    text = f"a;b;c\n1;2;3\nname;qty;day\n{BODY}"
    assert beginning_of(text, frozenset({"qty", "day", "mail"})) == (2, 1)
    assert beginning_of(text, frozenset({"mail", "city"})) == (0, 1)


def test_a_first_table_whose_names_the_second_one_has_too_is_no_title() -> None:
    rows = "1;x;2020-01-01\n2;y;2020-01-02\n"
    text = f"id;name;day\n{rows}\nid;name;day;qty\n3;z;2020-01-03;7\n"
    assert beginning_of(text, frozenset({"id", "name", "day", "qty"})) == (0, 1)
    titled = f"id;7;x\n1;x;2020-01-01\nid;name;day\n{rows}"
    assert beginning_of(titled, frozenset({"id", "name"})) == (2, 1)
    in_two_rows = f"id;name\nid;name;day\n{rows}"
    assert beginning_of(in_two_rows, frozenset({"id", "name", "day"})) == (1, 1)


def test_names_with_another_delimiter_directly_above_the_rows_are_the_header() -> None:
    rows = read_rows(f"by me\n\nname,qty,day\n{BODY}", Marks(delimiter=";"))
    found = find_beginning(rows, 3, NOTHING)
    assert (found.line, found.header_rows, found.delimiter) == (2, 1, ",")
    rows = read_rows(f"sales,all,2020\nname;qty;day\n{BODY}", Marks(delimiter=";"))
    found = find_beginning(rows, 3, NOTHING)
    assert (found.line, found.header_rows, found.delimiter) == (1, 1, "")


def test_years_with_another_delimiter_directly_above_the_rows_name_columns() -> None:
    rows = read_rows("land;2019;2020\n" + "a b,7,8\nc,5,9\n" * 4, Marks(delimiter=","))
    found = find_beginning(rows, 3, NOTHING)
    assert (found.line, found.header_rows, found.delimiter) == (0, 1, ";")


def test_a_sentence_above_the_table_is_no_header() -> None:
    assert beginning_of("All of it, as it is.\n\nname;city\nanna;berlin\nbob;paris\n") == (2, 1)


def test_a_header_of_words_with_a_delimiter_too_many_is_one() -> None:
    assert beginning_of("by: me\n\nname;city;\nanna;berlin\nbob;paris\n") == (2, 1)


def test_words_only_are_taken_to_have_a_header() -> None:
    assert beginning_of("anna;berlin\nbob;paris\n") == (0, 1)


def test_prose_that_stands_apart_is_no_header_of_words() -> None:
    assert beginning_of("on trade; labour\n\nname;city\nanna;berlin\nbob;paris\n") == (2, 1)
    assert beginning_of("name; city\nanna;berlin\nbob;paris\n") == (0, 1)


def test_a_table_without_rows_has_a_header() -> None:
    assert count_header_rows([], 0, 1) == (1, "there are no rows")
    assert beginning_of("") == (0, 1)


def test_a_header_of_words_is_one_above_rows_that_all_end_with_a_delimiter_too_many() -> None:
    text = "first;last;country\n" + "Anna;Meyer;Italy;\nJane;Doe;Spain;\n" * 5
    assert beginning_of(text) == (0, 1)


def test_an_empty_name_at_the_end_is_none_where_rows_end_with_an_empty_cell() -> None:
    rows = "".join(f"town {i};{i}00;{i * 7};\n" for i in range(1, 9))
    assert beginning_of(f"A count\n\ntown;area;\n{rows}") == (2, 1)


def test_units_in_brackets_below_the_names_belong_to_the_header() -> None:
    rows = "Anna;Meyer;Italy\nJane;Doe;Spain\n" * 5
    assert beginning_of("first;last;country\n[text];[text];(code)\n" + rows) == (0, 2)
    assert beginning_of("first;last\n[a];(b)\n[c];(d)\n[e];(f)\n[g];(h)\n") == (0, 1)


def test_names_that_repeat_are_a_header_where_the_columns_are_of_another_kind() -> None:
    rows = "".join(f"row {i};{i};{i * 2};{i * 3};{i * 4}\n" for i in range(1, 9))
    assert beginning_of(f"x;x;Load;Load\n{rows}") == (0, 1)
    assert beginning_of(f"of all;;of all;of all\n{rows}") == (1, 0)


def test_padded_names_are_a_header_if_a_delimiter_ends_them() -> None:
    rows = "".join(f"{i};A;B;C\n" for i in range(1, 9))
    assert beginning_of(f"run; 1_ 1; 1_ 2; 1_ 3;\n{rows}") == (0, 1)


def test_names_below_the_gaps_of_a_header_belong_to_it() -> None:
    rows = "".join(f"{i}.04.2014;Rome;1;;2\n" for i in range(1, 9))
    rows += ";;;All;16\n"
    assert beginning_of(f"Day;Town;Travel;;Total\n;;Air;Rail;\n{rows}") == (0, 2)
    assert beginning_of(f"Day;Town;Travel;;Total\n;;Air;;\n{rows}") == (0, 1)
    words = ";Rome;by air;by rail;\n" + "Anna;Rome;by air;by rail;x\n" * 4
    assert beginning_of(f"Name;Town;Travel;;Total\n{words}") == (0, 1)


def test_the_name_of_an_index_below_several_rows_of_names_is_one_of_them() -> None:
    assert beginning_of(";a;a;b\n;x;y;x\nk;;;\n0;1;2;3\n1;4;5;6\n") == (0, 3)


@pytest.mark.parametrize("names", ["Fruit;;Why?", "Fruit;Place;Why?"])
def test_choices_of_a_survey_belong_to_its_header(names: str) -> None:
    rows = "".join(f"{i};2;2024-01-0{i};Anna;;x\n" for i in range(1, 6))
    assert beginning_of(f"Who;Where;When;{names}\n;;;Apples;Pears;Open-Ended\n{rows}") == (0, 2)
    assert beginning_of(f"Who;Where;When;{names}\n;;;1;Pears;x\n{rows}") == (0, 1)
    few = rows.replace("2024-01-05", "").replace("5;2;", "5;;")
    assert beginning_of(f"Who;Where;When;Fruit;Place;Why?\n;;;;;Open-Ended\n{few}") == (0, 1)


def test_numbers_that_go_up_from_column_to_column_name_them() -> None:
    marks = "".join(f"pupil {i};{i};{7 - i};3;1\n" for i in range(1, 6))
    assert beginning_of(f"name;1;2;3;4\n{marks}") == (0, 1)
    assert beginning_of(f"name;1;2;2;4\n{marks}") == (0, 0)
    again = "".join(f"north;{i};{7 - i};3;1\n" for i in range(1, 6))
    assert beginning_of(f"north;1;2;3;4\n{again}") == (0, 0)


def test_one_word_above_rows_of_two_cells_names_the_first_of_them() -> None:
    assert beginning_of("key;\nfoo;2\nbar;4\nbaz;5\n") == (0, 1)
    assert beginning_of("All of it;\nfoo;2\nbar;4\nbaz;5\n") == (1, 0)
    assert beginning_of("Sales;\nkey;price\nfoo;2\nbar;4\nbaz;5\n") == (1, 1)
    assert beginning_of("Sales;\nname;city\nanna;berlin\nbob;paris\n") == (1, 1)


def test_rows_that_lack_fields_are_rows_before_the_first_full_one_too() -> None:
    rows = "anna;berlin\nbob;rome;1 a\neva;oslo\ntom;bonn;2 b\nlia;ulm\njan;graz;3 c\n"
    assert beginning_of("kim;bern\nben;kiel\n" + rows * 2) == (0, 0)
    numbered = rows.replace("anna", "1").replace("bob", "2").replace("eva", "3")
    numbered = numbered.replace("tom", "4").replace("lia", "5").replace("jan", "6")
    assert beginning_of("id;city\n" + numbered * 2) == (0, 1)


def test_other_lines_above_rows_of_one_width_are_none() -> None:
    rows = "".join(f"anna {i};berlin;x;{i};{i}\n" for i in range(9))
    assert beginning_of("by;me\nfor;you\n" + rows) == (2, 0)


def test_a_row_is_no_sentence_where_rows_have_spaces_behind_delimiters() -> None:
    rows = "k;  no; it tells\nl;  no; it tells; or not\nm;  yes; it goes on\nn;  no; is it\n"
    assert beginning_of(rows * 2)[0] == 0


def test_a_marked_header_above_a_row_that_lacks_fields_is_one() -> None:
    rows = "AD;+4;Andorra\nAE;+2;Dubai;Crozet\nAF;+3;Kabul\nAL;+4;Tirane\nAM;+4;Eri;x\nAN;+1;Cur\n"
    assert beginning_of("# all of them\n#\n#code;place;zone;note\n" + rows * 2) == (2, 1)


def test_names_and_rows_with_gaps_that_others_have_are_no_titles() -> None:
    rows = "12 Elm St;\n3 Oak Rd;\n7 High St;x y\n8 Oak Rd;\n9 Elm St;\n5 High St;z\n10 Elm St;\n"
    assert beginning_of("Street and number;\n" + rows) == (0, 1)
    rows = "ann;;;kiel;\nbob;;;rome;x\neva;y;;bern;\ntom;;;oslo;\nlia;;;ulm;\njan;;;graz;z\n"
    assert beginning_of("name;;;town;\n" + rows * 2) == (0, 1)
    assert beginning_of("all;;;of it;\nname;note;day;town;more\n" + rows) == (1, 1)


def test_a_row_with_one_value_of_the_kind_of_its_column_is_no_title() -> None:
    rows = "01.02.2020;;\n03.04.2020;;\n05.06.2020;x;\n07.08.2020;;\n09.10.2020;y;\n" * 2
    assert beginning_of(rows) == (0, 0)
    assert beginning_of("01.05.2021;;\nday;note;\n" + rows) == (1, 1)


def test_a_header_with_spaces_stands_apart_no_more_than_rows_do() -> None:
    rows = "".join(f"a {i},b {i},c {i}\n\n" for i in range(6))
    assert beginning_of(f"name, city, kind\n\n{rows}".replace(",", ";")) == (0, 1)
    assert beginning_of("id; city; kind\n1;a;b\n2;a;b\nwords\n3;a;b\n") == (0, 1)
    assert beginning_of(f"all, of, it\n\nname,city,kind\n{rows[:10]}".replace(",", ";")) == (2, 1)


@pytest.mark.parametrize("surplus", [";", ";more"])
def test_a_first_row_with_a_field_too_many_takes_no_rows_away(surplus: str) -> None:
    rows = "".join(f"p{i};{i}.5;0{i}:15\n" for i in range(1, 9))
    assert beginning_of(f"p0;0.5;00:15{surplus}\n{rows}") == (0, 0)
    assert beginning_of(f" name; share; time\np0;0.5;00:15{surplus}\n{rows}") == (0, 1)
    assert beginning_of(f"all;of;it;today\nname;share;time\n{rows}") == (1, 1)


def test_a_title_that_fills_half_of_its_row_is_none_of_names_above_years() -> None:
    rows = "".join(f"land {chr(97 + i)};{i}.5;{7 - i}.25;{i}.75\n" for i in range(6))
    assert beginning_of(f"Table 1.2;Population;;\nland;2019;2020;2021\n{rows}") == (1, 1)
    assert beginning_of(f"land;2019;;\n{rows}") == (0, 1)


def test_labels_above_names_begin_no_table_of_which_rows_have_as_few_fields() -> None:
    names, rows = (
        "part;qty;bin\n",
        "a1;7;B-01\nb2;5\nc3;4;A-17\nd4;9\ne5;2;B-02\nf6;7\ng7;8;C-1\ni9;4\nh8;1;A-1\n",
    )
    assert beginning_of(f"Station; 7\n{names}{rows}") == (1, 1)
    assert beginning_of(rows.replace("a1;7;B-01\n", "") + rows) == (0, 0)


@pytest.mark.parametrize("mark", ["#", "//", "-- "])
def test_a_remark_above_columns_of_words_is_no_header(mark: str) -> None:
    names = "name;city\nAnn;Rome\nBob;Oslo\nCid;Bonn\n"
    assert beginning_of(f"{mark} by; me\n{names}") == (1, 1)
    assert beginning_of(f"{mark}{names}") == (0, 1)


def test_a_comment_names_columns_of_which_the_last_is_empty() -> None:
    assert beginning_of("#name;qty;day;\n" + BODY.replace("\n", ";\n")) == (0, 1)
    assert beginning_of("#name;qty;;\n" + BODY.replace("\n", ";\n")) == (1, 0)
