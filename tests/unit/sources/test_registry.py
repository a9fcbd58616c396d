from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from definitions.errors import SettingsError
from sources.registry import FORMATS, SOURCES, Kind, begins, formats, load, recognises, sources


@pytest.mark.parametrize("kind", [*SOURCES.values(), *FORMATS.values()], ids=lambda kind: kind.path)
def test_every_kind_of_the_tables_can_be_loaded(kind: Kind) -> None:
    assert load(kind).__name__ == kind.path.partition(":")[2]


TOLD = {"table": False, "old": True}
PROGRAM = """
import sys; from pathlib import Path; from sources.registry import FORMATS, recognises
any([recognises(kind, Path({file!r})) for kind in FORMATS.values()])
sys.exit("sources.formats.xlsx" in sys.modules)
"""


def test_a_function_that_recognises_files_is_loaded_for_those_that_begin_so(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b"id,name\n")
    (tmp_path / "old").write_bytes(b"\xd0\xcf\x11\xe0 an old workbook")
    asked = {file: recognises(FORMATS["xlsx"], tmp_path / file) for file in TOLD}
    code = PROGRAM.format(file=str(tmp_path / "table"))

    assert asked == TOLD
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b'[{"a":1}]', "json"),
        (b" \n[ ]", "json"),
        (b'\xef\xbb\xbf{"a":1}', "json"),
        ('{"a":1}'.encode("utf-16"), "json"),
        (b'// made by hand\r\n/* and\n* so on **/ {"a":1}', "json"),
        ('// made by hand\n/**/[{"a":1}]'.encode("utf-16"), "json"),
        (b'\x1e{"a":1}\n', "json"),
        ('\x1e{"a":1}\n'.encode("utf-16-be"), "json"),
        (b'[\n // first\n {"a":1}]', "json"),
        (b'callback({"a":1});', "json"),
        ('shop.items[0] = [{"a":1}];'.encode("utf-16"), "json"),
        (b")]}'\n[{}]", "json"),
        (b'["a","b"]\n[1,2]\n', "json"),
        (b"{'a': 1}\n", "json"),
        (b"{a: 1}\n", "json"),
        (b'null\n{"a":1}\n', "json"),
        (b'x={"a":1}\n', None),
        (b"f(x);y\n", None),
        (b'["a","b"],1\n', None),
        (b"// made by hand\nid,name\n", None),
        (b"/* never closed {}", None),
        (b"\x1eid\x1ename", None),
        (b"<?xml version='1.0'?>", "xml"),
        ("<r>".encode("utf-16-be"), "xml"),
        (b"id,name", None),
        (b"[id],[name]", None),
        (b"{id};{name}", None),
        (b"<5;>7", None),
    ],
)
def test_a_beginning_shows_at_most_one_format(start: bytes, name: str | None) -> None:
    found = [name for name, kind in FORMATS.items() if begins(kind, start)]
    assert found == ([] if name is None else [name])


def test_the_tables_are_what_is_installed_at_least() -> None:
    assert sources().items() >= SOURCES.items()
    assert formats().items() >= FORMATS.items()


def test_a_kind_that_is_not_installed_names_the_remedy() -> None:
    with pytest.raises(SettingsError, match=r"install importmgr\[sftp\]"):
        load(Kind(path="no_such_module:X", extra="sftp"))
    with pytest.raises(SettingsError, match=r"'sources\.registry:Nothing' cannot be loaded"):
        load(Kind(path="sources.registry:Nothing"))


def test_reading_the_tables_imports_no_column_engine() -> None:
    script = (
        "import sys, sources.registry as r; r.formats(); r.sources(); "
        "sys.exit(bool({'polars', 'numpy', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
