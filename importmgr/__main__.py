"""The command `importmgr`, which is `python -m importmgr` as well.

Ctrl-C ends it in one line from here on, also while its commands are still being imported.
"""

from __future__ import annotations

import sys

INTERRUPTED = 130  # that of the commands, which may not be there yet


def main() -> None:
    """Run the command line; leave with its exit code."""
    try:
        from importmgr.cli import main as run  # noqa: PLC0415 - an import may be interrupted

        run(prog_name="importmgr")
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
