"""When and how imports run: the store, the services, the executors and the doors (HTTP, CLI)."""
