"""How PostgreSQL takes a batch: COPY, then at most one statement over all of it."""
