"""One file per revision, its number first."""
