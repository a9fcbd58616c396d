"""The page with the last figures of each command."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.measuring import ROOT

PAGE = ROOT / "benchmarks" / "RESULTS.md"
HEAD = """# Measured

Written by `make bench`, `make bench-quick` and `python -m benchmarks` with memory, linear, hostile,
scheduler, retention, queueing, scale, sftp, listing or polluted; each replaces its own part. How to
read it: [docs/guide/benchmarks.md](../docs/guide/benchmarks.md).
"""
README = ROOT / "README.md"
PARTS = {
    "compare": "Against others",
    "quick": "Against others, quick",
    "memory": "Memory",
    "linear": "Growth",
    "hostile": "Hostile files",
    "scheduler": "Firing by the clock",
    "retention": "Forgetting old runs",
    "queueing": "From the queue to an executor",
    "scale": "More executors",
    "sftp": "Fetching over SFTP",
    "listing": "Looking at many files",
    "polluted": "Polluted files",
    "polluted_quick": "Polluted files, quick",
}


def put(part: str, lines: list[str], page: Path = PAGE) -> None:
    """Replace one part of the page and leave the others as they are."""
    parts = _parts(page.read_text(encoding="utf-8")) if page.exists() else {}
    parts[part] = "\n".join(lines).strip()
    texts = [HEAD]
    texts += [
        f"<!-- {name} -->\n## {title}\n\n{parts[name]}\n"
        for name, title in PARTS.items()
        if name in parts
    ]
    page.write_text("\n".join(texts), encoding="utf-8")


def show(lines: list[str], readme: Path = README, mark: str = "measured") -> None:
    """Replace the figures that the README shows between two comments."""
    text = "\n".join(lines).strip()
    shown = _between(mark).sub(lambda _: f"\n{text}\n\n", readme.read_text(encoding="utf-8"))
    readme.write_text(shown, encoding="utf-8")


def shown(mark: str = "measured", readme: Path = README) -> str:
    """Return the figures that the README shows between two comments."""
    (text,) = _between(mark).findall(readme.read_text(encoding="utf-8"))
    return str(text).strip()


def _between(mark: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- end of {mark} -->)", re.DOTALL)


def _parts(text: str) -> dict[str, str]:
    """Return what stands below the heading of each part."""
    pieces = re.split(r"^<!-- (\w+) -->\n## .*\n", text, flags=re.MULTILINE)[1:]
    return {name: body.strip() for name, body in zip(pieces[::2], pieces[1::2], strict=True)}
