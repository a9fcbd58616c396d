"""No secret is committed, and no requirement has a hole that we know of; nobody has to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.house import tree

# Put together here, so that this file does not hold what it looks for.
SECRETS = {
    "private key": "-----BEGIN [A-Z ]*PRIVATE " + r"KEY-----\s+[A-Za-z0-9+/=]{40}",
    "API key of ours": r"\bimk_" + r"[A-Za-z0-9_-]{43}\b",
    "cloud access key": r"\b(?:AKIA|ASIA)" + r"[0-9A-Z]{16}\b",
    "cloud API key": r"\bAIza" + r"[0-9A-Za-z_-]{35}\b",
    "code host token": r"\b(?:ghp|gho|ghs|glpat)[_-]" + r"[0-9A-Za-z_-]{20,}",
    "chat token": r"\bxox[abprs]-" + r"[0-9A-Za-z-]{10,}",
    "payment key": r"\b[sr]k_live_" + r"[0-9A-Za-z]{16,}",
    "login in an address": r"\b(?:https?|postgresql|socks5h?)://"
    r"[^/\s:@'\"{]+:[^/\s@'\"{]{12,}@",
    "master key": r"\b[A-Za-z0-9+/]{43}=(?=[\s\"'])",
}
# What looks like one and is none: made up, and of use nowhere.
MADE_UP = {
    "AKIAIOSFODNN7EXAMPLE",  # of Amazon's own documentation
    "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    "http://u:hunter2hunter2@",
}
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)(?:\[[a-z,-]+\])?==([^ ;]+)", re.MULTILINE)


def test_no_secret_is_committed() -> None:
    assert [f"{path}: {kind}" for path, kind in _secrets()] == []


def test_the_scan_finds_what_it_looks_for() -> None:
    samples = {
        "cloud access key": "AKIA" + "ABCDEFGH12345678",
        "API key of ours": "imk_" + "a" * 43,
        "master key": '"' + "A" * 43 + '="',
        "login in an address": "postgresql://importmgr:{}@h/x".format("averylongpassword"),
    }

    assert {kind: bool(re.search(SECRETS[kind], text)) for kind, text in samples.items()} == (
        dict.fromkeys(samples, True)
    )


def test_no_pinned_requirement_has_a_known_hole() -> None:
    pins = dict(PIN.findall(_text("dev.txt")))
    behind = [
        f"{name} {pins[name]}: {advisory} is fixed in {fixed}"
        for name, fixed, advisory in _advisories()
        if name in pins and _version(pins[name]) < _version(fixed)
    ]

    assert behind == []


def test_every_advisory_is_about_something_that_is_used() -> None:
    pins = dict(PIN.findall(_text("dev.txt")))

    assert [name for name, _, _ in _advisories() if name not in pins] == []


def _secrets() -> Iterator[tuple[str, str]]:
    for path, text in tree.texts():
        if path.startswith("requirements/"):  # full of hashes
            continue
        for kind, pattern in SECRETS.items():
            if any(found not in MADE_UP for found in re.findall(pattern, text)):
                yield path, kind


def _advisories() -> list[list[str]]:
    lines = _text("advisories.list").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def _text(name: str) -> str:
    return (tree.ROOT / "requirements" / name).read_text(encoding="utf-8")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
