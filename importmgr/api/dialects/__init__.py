"""One folder per vendor's HTTP face; dialects do not know each other."""
