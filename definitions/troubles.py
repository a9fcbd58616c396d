"""What is wrong with a connection to a storage, as stable names."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """At which step a storage could not be used."""

    RESOLUTION = "name_resolution"  # the host name has no address
    NOT_ALLOWED = "address_not_allowed"  # it has one that the operator did not allow
    REFUSED = "connection_refused"
    TIMEOUT = "no_answer"
    HOST_KEY = "host_key"
    LOGIN = "login"
    MISSING = "missing_bucket"
    DENIED = "denied"
    PATH = "path"
    OTHER = "other"
