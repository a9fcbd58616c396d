"""What no file of the project may contain."""

from __future__ import annotations

import re

from tests.house import tree

# Put together here, so that this file does not contain them either.
LATER = re.compile("|".join(("TO" + "DO", "FIX" + "ME")))
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
        ("deb", "debian", "org"),
    )
)


def test_nothing_is_left_for_later_in_a_comment() -> None:
    assert [path for path, text in tree.texts() if LATER.search(text)] == []


def test_no_file_names_a_package_registry() -> None:
    found = [(path, host) for path, text in tree.texts() for host in REGISTRIES if host in text]

    assert found == []


def test_requirements_are_pinned_with_hashes() -> None:
    for path in sorted((tree.ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][^\n]*", text, re.MULTILINE)
        assert pins, f"{path.name} is empty"
        assert [pin for pin in pins if "==" not in pin or not pin.endswith("\\")] == []
        assert [line for line in text.splitlines() if line.startswith("-")] == []
