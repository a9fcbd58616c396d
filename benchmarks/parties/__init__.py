"""Who loads a file: importmgr, the database's own bulk command, and peers."""
