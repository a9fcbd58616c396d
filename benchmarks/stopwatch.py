"""Time one process from its start to its end: `python -I -S stopwatch.py REPORT COMMAND...`.

Peak memory is that of the largest process among the command and those it waited for. A process
starts with the peak of the one that made it, which is why this one imports next to nothing.
"""

import json
import os
import sys
import time


def main() -> None:
    """Run the command, write what was measured into the report and end as the command ended."""
    report, *command = sys.argv[1:]
    began = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    measured = {
        "seconds": seconds,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * unit,
    }
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes memory
        json.dump(measured, file)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


if __name__ == "__main__":
    main()
