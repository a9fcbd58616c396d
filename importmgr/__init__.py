"""When and how imports run: the store, the services, the executors and the doors (HTTP, CLI)."""

from importmgr.memory import spare_memory
from importmgr.processors import share_processors
from importmgr.settings import environment

share_processors(environment())
spare_memory(environment())
