"""A person who comes back on Monday: knows the command line and nothing else.

```python
shown = person.types("importmgr definitions why d1")
person.follows(shown, "runs retry")  # the command as it was shown, or the test fails
```
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from click.testing import CliRunner

from importmgr.cli import main
from importmgr.security.permissions import PERMISSIONS
from tests.product import Product
from tests.served import served

ID = "[0-9a-f]{24}"
ARGUMENTS = {
    "definitions run": f" {ID}",
    "integration test": f" {ID}(?: --trust)?",
    "runs list": f" {ID}",
    "runs rejects": rf" {ID} {ID} -o \S+",
    "runs repair": rf" {ID} {ID} \S+",
}


class Person:
    """Types commands as they are shown, with the key that was saved as the default profile."""

    def types(self, command: str, code: int = 0) -> str:
        """Type a command, check how it ends, and return all that it shows, as one line."""
        words = shlex.split(command)
        assert words[0] == "importmgr", command
        done = CliRunner().invoke(main, words[1:], prog_name="importmgr")
        shown = done.stdout_bytes.decode() + done.stderr
        assert done.exit_code == code, f"{command}\n{shown}"
        return " ".join(shown.split())  # however wide the terminal is

    def follows(self, shown: str, *names: str, code: int = 0) -> str:
        """Type each of these commands as `shown` has it; return what the last one shows."""
        told = ""
        for name in names:
            told = self.types(suggested(shown, name), code)
        return told


def suggested(shown: str, name: str) -> str:
    """Return the command of this name as it is shown, ids and all."""
    found = re.search(f"importmgr {name}{ARGUMENTS.get(name, f' {ID} {ID}')}", shown)
    assert found is not None, f"no `importmgr {name} …` in:\n{shown}"
    return found.group()


@contextmanager
def at_work(product: Product) -> Iterator[Person]:
    """Serve the product over HTTP to a person who has a key of it; XDG_CONFIG_HOME is theirs."""
    key = product.services.keys.create(product.project.token, "oncall", PERMISSIONS)
    person = Person()
    with served(product.services) as url:
        person.types(
            f"importmgr profile save default --url {url} "
            f"--key-id {key.key_id} --secret {key.secret} --project {product.project.token}"
        )
        yield person
