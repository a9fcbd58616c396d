"""Places that hold files: one module per kind, each listed in `sources.registry.STORAGES`."""
