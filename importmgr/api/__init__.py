"""The HTTP door: authentication, limits, errors and paging shared by every dialect."""
