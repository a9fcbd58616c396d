"""From a real server through the spool to batches, also when the process is killed on the way."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest

from definitions import model
from sources.base import ReadTerms
from sources.formats.csv import CsvFormat
from sources.guard import AddressPolicy
from sources.spool import Spool
from sources.url import UrlSource, UrlSourceSettings
from tests.file_server import FileServer, Stall

CONTENT = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n) for n in range(1, 30_001))
HALF = len(CONTENT) // 2
FETCH = """
import sys
from pathlib import Path
from definitions import model
from sources.guard import AddressPolicy
from sources.url import UrlSource, UrlSourceSettings
source = UrlSource(
    model.UrlSource(url=sys.argv[1], use_proxy=False, auth=None),
    project_id=1,
    settings=UrlSourceSettings(policy=AddressPolicy(allow_private=True)),
)
source.fetch(source.list()[0], Path(sys.argv[2]))
"""


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def url_source(url: str, spool: Spool) -> UrlSource:
    settings = UrlSourceSettings(policy=AddressPolicy(allow_private=True), room=spool)
    wanted = model.UrlSource(url=url, use_proxy=False, auth=None)
    return UrlSource(wanted, project_id=1, settings=settings)


@pytest.mark.chaos
def test_a_killed_fetch_is_gone_on_with_by_the_next_process(
    file_server: FileServer, spool: Spool
) -> None:
    url = file_server.put("/people.csv", CONTENT)
    file_server.script("/people.csv", Stall(after=HALF, seconds=60))
    place = spool.place("run", 0)
    part = place.with_name("0.part")
    with subprocess.Popen([sys.executable, "-c", FETCH, url, str(place)]) as process:
        while not (part.exists() and part.stat().st_size == HALF):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    source = url_source(url, spool)
    spooled = source.fetch(source.list()[0], place)
    assert spooled.path.read_bytes() == CONTENT
    assert file_server.seen[-1].headers["Range"] == f"bytes={HALF}-"
    assert file_server.count("/people.csv").bytes_sent == len(CONTENT)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_fetched_file_is_read_by_its_content_and_not_its_name(
    pack: type[bytes], file_server: FileServer, spool: Spool
) -> None:
    source = url_source(file_server.put("/people", pack(CONTENT)), spool)
    (file,) = source.list()
    spooled = source.fetch(file, spool.place("run", 0))
    reader = CsvFormat(ReadTerms(batch_size=1 << 16)).open(spooled.path, file.path)
    batches = list(reader.batches())
    assert len(batches) > 1
    assert [row for batch in batches for row in batch.frame.rows()] == [
        (str(n), f"name {n}") for n in range(1, 30_001)
    ]
    spool.clear("run")
    assert spool.runs() == []
