"""The sample data and the sample definitions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from definitions.schema import normalise, to_definition
from tests.service import ROOT

EXAMPLES = ROOT / "examples"
MOST_BYTES = 400_000


def test_the_sample_data_is_what_its_script_makes(tmp_path: Path) -> None:
    script = shutil.copy(EXAMPLES / "generate.py", tmp_path)
    subprocess.run([sys.executable, script], check=True)

    for made in sorted(tmp_path.glob("*.csv")):
        assert made.read_bytes() == (EXAMPLES / made.name).read_bytes(), made.name
    assert len(list(tmp_path.glob("*.csv"))) == 3


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_a_sample_definition_is_accepted(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))

    assert to_definition(normalise(document)).name == document["name"]


def test_the_samples_stay_small() -> None:
    sizes = [path.stat().st_size for path in EXAMPLES.iterdir() if path.is_file()]

    assert sum(sizes) < MOST_BYTES
