"""What a door reaches of the inside."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from importmgr.services import Services

KEY = "importmgr"


def carry(app: Flask, services: Services) -> None:
    """Give the application its services."""
    app.extensions[KEY] = services


def services() -> Services:
    """Return the services of the application that answers this request."""
    return cast("Services", current_app.extensions[KEY])
