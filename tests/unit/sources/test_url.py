"""BR25-BR31: fetching from a real server that fails in every way it can."""

from __future__ import annotations

import gzip
import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from definitions import model
from definitions.errors import (
    LostLeaseError,
    SourceRefusedError,
    SourceUnreachableError,
    TemporaryError,
)
from definitions.retry import RetryPolicy
from sources.guard import AddressPolicy
from sources.part import Part
from sources.spool import Spool
from sources.transfer import FetchLimits
from sources.url import UrlSource, UrlSourceSettings
from tests.file_server import (
    Chunked,
    Cut,
    Drip,
    FileServer,
    Lie,
    NoLength,
    Silence,
    Stall,
    Status,
)
from tests.socks_server import SocksServer

CONTENT = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n) for n in range(20_000))
SHA = hashlib.sha256(CONTENT).hexdigest()
NEVER = 3_600.0  # seconds: long after the test was ended for hanging
LIMITS = FetchLimits(connect_timeout=2, read_timeout=2, chunk_size=1 << 14)
RETRY = RetryPolicy(max_attempts=3, first_delay=timedelta(seconds=1))


@dataclass
class Naps:
    """A sleep that takes no time and remembers what was asked for."""

    taken: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def settings(naps: Naps) -> UrlSourceSettings:
    policy = AddressPolicy(allow_private=True)
    return UrlSourceSettings(policy=policy, limits=LIMITS, retry=RETRY, sleep=naps)


@pytest.fixture
def url(file_server: FileServer) -> str:
    return file_server.put("/a.csv", CONTENT)


def source(
    url: str,
    settings: UrlSourceSettings,
    auth: tuple[str, str] | None = None,
    heartbeat: Callable[[], None] = lambda: None,
) -> UrlSource:
    login = auth and model.BasicAuth(username=auth[0], password=auth[1])
    wanted = model.UrlSource(url=url, use_proxy=False, auth=login or None)
    return UrlSource(wanted, project_id=7, settings=settings, heartbeat=heartbeat)


def fetched(opened: UrlSource, into: Path) -> bytes:
    (file,) = opened.list()
    spooled = opened.fetch(file, into)
    data = spooled.path.read_bytes()
    assert spooled.path == into
    assert (spooled.size, spooled.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    return data


def test_a_file_is_fetched_with_what_the_source_says_about_it(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    opened = source(url, settings)
    spooled = opened.fetch(opened.list()[0], tmp_path / "0")
    assert spooled.path.read_bytes() == CONTENT
    assert (spooled.size, spooled.sha256) == (len(CONTENT), SHA)
    assert spooled.remote.path == url
    assert spooled.remote.size == len(CONTENT)
    assert spooled.remote.etag == file_server.file("/a.csv").etag
    assert spooled.remote.modified_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0", "0.json"]
    assert file_server.seen[0].headers["Accept-Encoding"] == "identity"


def test_listing_asks_for_nothing_and_shows_no_secret(
    file_server: FileServer, settings: UrlSourceSettings
) -> None:
    opened = source("https://me:pw@files.example:8443/a.csv?sig=secret", settings)
    (file,) = opened.list()
    assert file.path == "https://files.example:8443/a.csv?…"
    assert (file.size, file.modified_at, file.etag) == (None, None, None)
    assert file_server.seen == []


@pytest.mark.parametrize("step", [Cut(after=100_000), Lie(by=5), Chunked(cut=True)])
def test_a_transfer_that_breaks_off_is_made_whole(
    step: Cut | Lie | Chunked,
    url: str,
    settings: UrlSourceSettings,
    tmp_path: Path,
    file_server: FileServer,
) -> None:
    file_server.script("/a.csv", step)
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.count("/a.csv").gets > 1


def test_only_the_rest_is_fetched_again(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    file_server.script("/a.csv", Cut(after=100_000))
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.count("/a.csv").bytes_sent == len(CONTENT)
    again = file_server.seen[1].headers
    assert again["Range"] == "bytes=100000-"
    assert again["If-Range"] == file_server.file("/a.csv").etag


def test_a_part_that_another_process_left_is_gone_on_with(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    impatient = replace(settings, retry=RetryPolicy(max_attempts=1))
    file_server.script("/a.csv", Cut(after=100_000))
    with pytest.raises(SourceUnreachableError, match="broke off"):
        fetched(source(url, impatient), tmp_path / "0")
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.count("/a.csv").bytes_sent == len(CONTENT)


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    impatient = replace(settings, retry=RetryPolicy(max_attempts=1))
    file_server.script("/a.csv", Cut(after=100_000))
    with pytest.raises(SourceUnreachableError):
        fetched(source(url, impatient), tmp_path / "0")
    file_server.put("/a.csv", b"id\n1\n")
    assert fetched(source(url, settings), tmp_path / "0") == b"id\n1\n"


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_without_a_strong_tag_the_date_proves_the_content(
    etag: str | None,
    url: str,
    settings: UrlSourceSettings,
    tmp_path: Path,
    file_server: FileServer,
) -> None:
    file_server.file("/a.csv").etag = etag
    file_server.script("/a.csv", Cut(after=100_000))
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.seen[1].headers["If-Range"] == "Fri, 02 Jan 2026 03:04:05 GMT"


def test_without_any_proof_the_file_is_fetched_from_its_beginning(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    stored = file_server.file("/a.csv")
    stored.etag = stored.modified = None
    file_server.script("/a.csv", Cut(after=100_000))
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.count("/a.csv").ranges == 0


def test_a_server_without_ranges_is_asked_again_for_everything(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    file_server.file("/a.csv").ranges = False
    file_server.script("/a.csv", Cut(after=100_000))
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT


def test_a_whole_file_of_an_earlier_try_is_not_fetched_again(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    first = source(url, settings)
    spooled = first.fetch(first.list()[0], tmp_path / "0")
    file_server.put("/a.csv", b"other")
    second = source(url, settings)
    assert second.fetch(second.list()[0], tmp_path / "0") == spooled
    assert file_server.count("/a.csv").gets == 1


@pytest.mark.parametrize("step", [NoLength(), Chunked()])
def test_a_body_of_unknown_length_is_taken_to_its_end(
    step: NoLength | Chunked,
    url: str,
    settings: UrlSourceSettings,
    tmp_path: Path,
    file_server: FileServer,
) -> None:
    file_server.script("/a.csv", step)
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT


def test_a_body_that_is_sent_as_gzip_is_kept_as_gzip(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    packed = gzip.compress(CONTENT)
    file_server.put("/a.csv", packed)
    file_server.file("/a.csv").encoding = "gzip"
    assert fetched(source(url, settings), tmp_path / "0") == packed


def test_another_encoding_is_refused(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    file_server.file("/a.csv").encoding = "br"
    with pytest.raises(SourceRefusedError, match="in the encoding 'br'; send it plain or as gzip"):
        fetched(source(url, settings), tmp_path / "0")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(
    status: int, url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    file_server.script("/a.csv", Status(status=status))
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.count("/a.csv").gets == 2


def test_it_is_not_tried_for_ever(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer, naps: Naps
) -> None:
    file_server.always("/a.csv", Status(status=503))
    with pytest.raises(SourceUnreachableError, match="answers 503; it may work later"):
        fetched(source(url, settings), tmp_path / "0")
    assert file_server.count("/a.csv").gets == 3
    assert sum(naps.taken) == pytest.approx(1.0 + 2.0)


def test_a_try_that_got_further_is_not_counted(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    file_server.script("/a.csv", *[Cut(after=30_000)] * 6)
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert file_server.count("/a.csv").gets == 7


def test_a_wished_pause_is_kept(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer, naps: Naps
) -> None:
    file_server.script("/a.csv", Status(status=429, retry_after="17"))
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert sum(naps.taken) == pytest.approx(17.0)


def test_a_long_pause_is_left_to_the_run(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer, naps: Naps
) -> None:
    file_server.script("/a.csv", Status(status=503, retry_after="300"))
    with pytest.raises(SourceUnreachableError) as caught:
        fetched(source(url, settings), tmp_path / "0")
    assert caught.value.retry_after == 300
    assert naps.taken == []


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "correct the login in source.auth"),
        (403, "allow the login"),
        (404, "correct the address"),
        (410, "the file was removed"),
        (418, "give an address that answers with the file"),
        (204, "give an address that answers with the file"),
        (304, "give an address that answers with the file"),
    ],
)
def test_what_will_not_pass_is_refused_at_once(
    status: int, remedy: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    url = file_server.put("/a.csv", CONTENT)
    file_server.always("/a.csv", Status(status=status))
    with pytest.raises(SourceRefusedError, match=f"answers {status}; .*{remedy}") as caught:
        fetched(source(f"{url}?sig=secret", settings), tmp_path / "0")
    assert "secret" not in str(caught.value)
    assert f"{url}?…" in str(caught.value)
    assert file_server.count("/a.csv").gets == 1


def test_a_login_opens_a_protected_file_and_a_wrong_one_does_not(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    """BR31."""
    file_server.protect("/a.csv", "méi", "pässwort")
    assert fetched(source(url, settings, ("méi", "pässwort")), tmp_path / "0") == CONTENT
    with pytest.raises(SourceRefusedError, match="answers 401") as caught:
        fetched(source(url, settings, ("méi", "falsch")), tmp_path / "1")
    assert "falsch" not in str(caught.value)


def test_a_login_does_not_follow_to_another_origin(
    settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    with FileServer() as other:
        other.put("/b.csv", b"id\n")
        url = file_server.redirect("/go", other.url("/b.csv"))
        assert fetched(source(url, settings, ("u", "p")), tmp_path / "0") == b"id\n"
        assert other.seen[0].headers.get("Authorization") is None


def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    small = replace(settings, limits=replace(LIMITS, size_cap=1000))
    with pytest.raises(SourceRefusedError, match=r"larger than 1000 bytes.*MAX_FILE_BYTES"):
        fetched(source(url, small), tmp_path / "0")
    file_server.script("/a.csv", NoLength())
    with pytest.raises(SourceRefusedError, match="larger than 1000 bytes"):
        fetched(source(url, small), tmp_path / "1")


def test_a_source_that_drips_is_given_up(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    limits = replace(LIMITS, minimum_rate=1000, rate_window=0.2)
    quick = replace(settings, limits=limits, retry=RetryPolicy(max_attempts=1))
    file_server.always("/a.csv", Drip(size=1, seconds=0.02))
    with pytest.raises(SourceUnreachableError, match="less than 1000"):
        fetched(source(url, quick), tmp_path / "0")


def test_a_fetch_ends_at_its_deadline(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    limits = replace(LIMITS, deadline=0.2)
    file_server.always("/a.csv", Drip(size=100, seconds=0.02))
    with pytest.raises(SourceUnreachableError, match=r"longer than 0\.2 s"):
        fetched(source(url, replace(settings, limits=limits)), tmp_path / "0")


def test_a_source_that_falls_silent_is_given_up(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    limits = replace(LIMITS, read_timeout=0.2)
    quick = replace(settings, limits=limits, retry=RetryPolicy(max_attempts=1))
    file_server.script("/a.csv", Stall(after=1000, seconds=30))
    with pytest.raises(SourceUnreachableError, match="did not answer in time"):
        fetched(source(url, quick), tmp_path / "0")


def test_a_server_that_is_not_there_is_temporary(
    settings: UrlSourceSettings, tmp_path: Path
) -> None:
    with FileServer() as gone:
        url = gone.url("/a.csv?sig=secret")
    with pytest.raises(SourceUnreachableError, match="Connection refused") as caught:
        fetched(source(url, settings), tmp_path / "0")
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_an_unknown_host_is_temporary(settings: UrlSourceSettings, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachableError, match=r"http://nowhere\.invalid/a cannot be read"):
        fetched(source("http://nowhere.invalid/a", settings), tmp_path / "0")


def test_a_bad_certificate_is_refused(settings: UrlSourceSettings, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with FileServer(tls=context) as server:
        url = server.put("/a.csv", b"id\n")
        with pytest.raises(SourceRefusedError, match=r"certificate of .* is not valid"):
            fetched(source(url, settings), tmp_path / "0")


def test_a_certificate_of_the_named_authority_is_trusted(
    settings: UrlSourceSettings, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with FileServer(tls=context) as server:
        url = server.put("/a.csv", b"id\n")
        trusting = replace(settings, ca_file=tmp_path / "ca.pem")
        assert fetched(source(url, trusting), tmp_path / "0") == b"id\n"


def test_a_forbidden_address_is_refused(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    """X4."""
    strict = replace(settings, policy=AddressPolicy())
    with pytest.raises(SourceRefusedError, match="sources may not use"):
        fetched(source(url, strict), tmp_path / "0")
    with pytest.raises(SourceRefusedError, match="sources may not use"):
        source(url, strict).check()
    assert file_server.seen == []


@pytest.fixture(params=["http", "https"])
def either_server(
    request: pytest.FixtureRequest, tmp_path: Path, settings: UrlSourceSettings
) -> Iterator[tuple[FileServer, UrlSourceSettings]]:
    """A server of either scheme, and settings that trust it."""
    if request.param == "http":
        with FileServer() as server:
            yield server, settings
        return
    context, authority = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), trustme.CA()
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with FileServer(tls=context) as server:
        yield server, replace(settings, ca_file=tmp_path / "ca.pem")


@pytest.mark.parametrize(
    "step", [Stall(after=100_000, seconds=NEVER), Drip(size=999, seconds=0.01)]
)
def test_whoever_stops_the_fetch_is_heard_and_leaves_the_part_for_the_next(
    step: Stall | Drip, either_server: tuple[FileServer, UrlSourceSettings], tmp_path: Path
) -> None:
    """Be the source silent or not."""
    server, settings = either_server
    patient = replace(settings, limits=replace(LIMITS, read_timeout=NEVER))
    stopped = LostLeaseError("the run is someone else's")
    part = tmp_path / "0.part"

    def heartbeat() -> None:
        if part.exists() and part.stat().st_size > 0:
            raise stopped

    url = server.put("/a.csv", CONTENT)
    server.script("/a.csv", step)
    with pytest.raises(LostLeaseError):
        fetched(source(url, patient, heartbeat=heartbeat), tmp_path / "0")
    got = part.read_bytes()
    assert CONTENT.startswith(got)
    assert 0 < len(got) < len(CONTENT)
    assert fetched(source(url, settings), tmp_path / "0") == CONTENT
    assert server.seen[-1].headers["Range"] == f"bytes={len(got)}-"


def test_a_file_that_another_attempt_still_fetches_is_left_to_it(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    with (
        Part(tmp_path / "0"),
        pytest.raises(TemporaryError, match="still writes the file"),
    ):
        fetched(source(url, settings), tmp_path / "0")
    assert file_server.seen == []


def test_room_is_asked_for_before_anything_is_written(
    url: str, settings: UrlSourceSettings, tmp_path: Path
) -> None:
    spool = Spool(tmp_path, quota=len(CONTENT) - 1)
    with pytest.raises(SourceRefusedError, match=rf"{len(CONTENT)} bytes are more than all"):
        fetched(source(url, replace(settings, room=spool)), spool.place("r1", 0))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.part")) == 0


def test_two_files_that_are_fetched_together_do_not_take_the_same_room(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    size = len(CONTENT)
    spool = Spool(tmp_path, quota=2 * size - 1)
    shared = replace(settings, room=spool, retry=RetryPolicy(max_attempts=1))
    small = source(file_server.put("/small.csv", b"id\n1\n"), shared)
    file_server.script("/a.csv", Stall(after=1000, seconds=30))
    refused: list[str] = []

    def beside() -> None:
        part = spool.place("r1", 0).with_name("0.part")
        if refused or not part.exists() or part.stat().st_size < 1000:
            return
        with pytest.raises(TemporaryError) as caught:
            fetched(source(url, shared), spool.place("r2", 0))
        refused.append(str(caught.value))
        assert fetched(small, spool.place("r3", 0)) == b"id\n1\n"
        msg = "enough seen"
        raise LostLeaseError(msg)

    with pytest.raises(LostLeaseError):
        fetched(source(url, shared, heartbeat=beside), spool.place("r1", 0))

    assert f"have announced {size - 1000} more, no room for {size} more" in refused[0]
    assert fetched(source(url, shared), spool.place("r2", 0)) == CONTENT


@dataclass
class CountingPace:
    waited: list[tuple[int, str]] = field(default_factory=list)

    def wait(self, project_id: int, host: str, heartbeat: Callable[[], None]) -> None:
        heartbeat()
        self.waited.append((project_id, host))


def test_every_try_keeps_the_pace(
    url: str, settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    pace = CountingPace()
    file_server.script("/a.csv", Status(status=503))
    fetched(source(url, replace(settings, pace=pace)), tmp_path / "0")
    assert pace.waited == [(7, "127.0.0.1")] * 2


def test_a_check_fetches_nothing(
    url: str, settings: UrlSourceSettings, file_server: FileServer
) -> None:
    """BR30."""
    opened = source(url, settings)
    opened.check()
    count = file_server.count("/a.csv")
    assert (count.heads, count.gets, count.bytes_sent) == (1, 0, 0)
    assert opened.look().size == len(CONTENT)


def test_a_check_without_heads_asks_for_one_byte(
    url: str, settings: UrlSourceSettings, file_server: FileServer
) -> None:
    file_server.file("/a.csv").head = False
    seen = source(url, settings).look()
    assert seen.size == len(CONTENT)
    assert seen.etag == file_server.file("/a.csv").etag
    assert file_server.count("/a.csv").bytes_sent == 1


def test_a_check_of_an_empty_file_without_heads_passes(
    url: str, settings: UrlSourceSettings, file_server: FileServer
) -> None:
    file_server.put("/a.csv", b"")
    file_server.file("/a.csv").head = False
    source(url, settings).check()


@pytest.mark.parametrize("status", [401, 404, 403])
def test_a_check_of_what_cannot_be_fetched_fails(
    status: int, url: str, settings: UrlSourceSettings, file_server: FileServer
) -> None:
    """BR29."""
    file_server.always("/a.csv", Status(status=status))
    with pytest.raises(SourceRefusedError, match=f"answers {status}"):
        source(url, settings).check()


def test_a_check_takes_no_longer_than_its_limit(
    url: str, settings: UrlSourceSettings, file_server: FileServer
) -> None:
    file_server.always("/a.csv", Silence(seconds=NEVER))
    quick = replace(settings, limits=replace(LIMITS, check_timeout=0.5, read_timeout=NEVER))
    with pytest.raises(SourceUnreachableError, match=r"no answer within 0\.5 s"):
        source(url, quick).check()


class GatePace:
    """Lets nobody through before its gate opens."""

    def __init__(self, nap: float) -> None:
        self.gate = threading.Event()
        self._nap = nap

    def wait(self, project_id: int, host: str, heartbeat: Callable[[], None]) -> None:  # noqa: ARG002
        while not self.gate.wait(self._nap):
            heartbeat()


@pytest.mark.parametrize("nap", [0.05, 60])
def test_a_check_that_nobody_waits_for_ends_and_asks_for_nothing(
    nap: float, url: str, settings: UrlSourceSettings, file_server: FileServer
) -> None:
    """Neither at the next heartbeat of the pace nor when the pace lets it through."""
    pace = GatePace(nap)
    quick = replace(settings, limits=replace(LIMITS, check_timeout=0.5), pace=pace)
    with pytest.raises(SourceUnreachableError, match="no answer within"):
        source(url, quick).check()
    if nap == 60:
        pace.gate.set()
    left = [thread for thread in threading.enumerate() if thread.name == "source"]
    for thread in left:
        thread.join(2)
    pace.gate.set()
    assert not any(thread.is_alive() for thread in left)
    assert file_server.seen == []


@pytest.mark.usefixtures("url")
def test_a_source_for_the_proxy_goes_through_the_proxy(
    settings: UrlSourceSettings, tmp_path: Path, file_server: FileServer
) -> None:
    wanted = model.UrlSource(
        url=file_server.url("/a.csv", "files.example"), use_proxy=True, auth=None
    )
    with SocksServer({"files.example": "127.0.0.1"}) as proxy:
        proxied = replace(settings, proxy=proxy.url)
        opened = UrlSource(wanted, project_id=7, settings=proxied)
        assert fetched(opened, tmp_path / "0") == CONTENT
        assert proxy.asked == ["files.example"]


def test_a_source_for_the_proxy_is_refused_without_one(
    url: str, settings: UrlSourceSettings
) -> None:
    wanted = model.UrlSource(url=url, use_proxy=True, auth=None)
    with pytest.raises(SourceRefusedError, match="IMPORTMGR_SOCKS_PROXY"):
        UrlSource(wanted, project_id=7, settings=settings).check()


@pytest.mark.parametrize("proxy", ["nonsense://x", "socks5://127.0.0.1:1"])
def test_a_proxy_that_does_not_work_is_named(
    proxy: str, url: str, settings: UrlSourceSettings
) -> None:
    wanted = model.UrlSource(url=url, use_proxy=True, auth=None)
    opened = UrlSource(wanted, project_id=7, settings=replace(settings, proxy=proxy))
    with pytest.raises((SourceRefusedError, SourceUnreachableError)):
        opened.check()


def test_several_fetches_at_once_do_not_disturb_each_other(
    url: str, settings: UrlSourceSettings, tmp_path: Path
) -> None:
    def fetch(number: int) -> None:
        opened = source(url, settings)
        opened.fetch(opened.list()[0], tmp_path / str(number))

    threads = [threading.Thread(target=fetch, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((tmp_path / str(number)).read_bytes() == CONTENT for number in range(4))
