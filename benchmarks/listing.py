"""Looking at a folder of very many files, over SFTP from OpenSSH and in a bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.bucket import listed
from benchmarks.look import COMMAND
from benchmarks.measuring import BenchmarkError, Command, measure
from definitions.places import Place
from tests.postgres import MissingServerError
from tests.ssh_servers import openssh
from tests.storages import s3_place, sftp_place

MIB = 1 << 20
AIM_SECONDS, AIM_MIB = 10, 200
HEAD = [
    f"One process that lists, chooses and sorts; the aim is {AIM_SECONDS} s and {AIM_MIB} MiB.",
    "The bucket's server is a small one of ours, which has every answer ready.",
    "",
    "| storage | names | seconds | processor, s | peak MiB | |",
    "|---|--:|--:|--:|--:|---|",
]


def rows(names: int, folder: Path) -> Iterator[str]:
    """Yield a line for each storage."""
    for kind, served in (("sftp", _sftp), ("s3", _s3)):
        with served(names) as place:
            asked = folder / "place.json"
            asked.write_text(json.dumps({"kind": kind, "settings": _settings(place)}))
            took = measure(Command(words=COMMAND, stdin=asked))
            asked.unlink()
        if took.code or took.said.split()[-1:] != [str(names)]:
            msg = f"the list of {names} names over {kind} ended with {took.code}: {took.said}"
            raise BenchmarkError(msg)
        peak = took.peak_bytes / MIB
        met = "met" if took.seconds <= AIM_SECONDS and peak <= AIM_MIB else "missed"
        figures = f"{took.seconds:.1f} | {took.processor_seconds:.1f} | {peak:.0f} | {met}"
        yield f"| {kind} | {names:,} | {figures} |"


def _settings(place: Place) -> Mapping[str, Any]:
    return {name: value for name, value in asdict(place).items() if value is not None}


@contextmanager
def _sftp(names: int) -> Iterator[Place]:
    try:
        with openssh() as server:
            for number in range(names):
                (server.files / f"crm_{number:08}.csv").touch()
            yield sftp_place(server)
    except MissingServerError as exc:
        raise BenchmarkError(str(exc)) from exc


@contextmanager
def _s3(names: int) -> Iterator[Place]:
    with listed([f"root/crm_{number:08}.csv" for number in range(names)]) as endpoint:
        yield s3_place(endpoint)
