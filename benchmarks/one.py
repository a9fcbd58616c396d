"""One measurement in a process of its own: `python -m benchmarks.one WHO KIND URL FILE`.

It prints JSON: seconds from the open file to the last commit, peak memory, rows written. Imports
and the making of tables are not counted as time.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.data import KINDS


def main() -> None:
    """Measure what the command line names."""
    who, name, url, file = sys.argv[1:]
    party, kind = importlib.import_module(f"benchmarks.{who}"), KINDS[name]
    party.prepare(url, kind)
    began = time.perf_counter()
    rows = party.load(url, kind, Path(file))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_bytes = peak if sys.platform == "darwin" else peak * 1024
    print(json.dumps({"seconds": seconds, "peak_bytes": peak_bytes, "rows": rows}))


if __name__ == "__main__":
    main()
