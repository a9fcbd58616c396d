"""Examples for the documentation; a test holds each one against its schema."""

from __future__ import annotations

from typing import Any

from importmgr.api.dialects.bloomreach.schemas.parts import ID

OTHER_ID = "66f0c1d2e3a4b5c6d7e8f902"

PRODUCTS: dict[str, Any] = {
    "name": "Products",
    "trigger": {"trigger_type": "now"},
    "active": True,
    "source": {
        "source_type": "url",
        "import_url": "https://files.example.test/p.csv",
        "use_socks_proxy": False,
        "auth": None,
    },
    "destination": {
        "catalog_destination": {
            "catalog_name": "Products Catalog",
            "catalog_attributes": {"catalog_type": "product"},
        }
    },
    "mapping": {
        "tz_info": "UTC",
        "column_mapping": {
            "id_mappings": [],
            "property_mappings": [
                {"from_column": "item_id", "to_column": "item_id", "target_type": "number"},
                {"from_column": "title", "to_column": "title", "searchable": True},
            ],
        },
    },
}
CUSTOMERS: dict[str, Any] = {
    "name": "CRM nightly",
    "trigger": {
        "trigger_type": "scheduled",
        "frequency": "weekly",
        "times": [{"hour": 2, "minute": 30}],
        "days": ["monday", "thursday"],
        "timezone": "Europe/Prague",
        "from_date": 1767225600,
    },
    "source": {
        "source_type": "url",
        "import_url": "https://files.example.test/crm.csv",
        "auth": {"username": "importer", "password": "correct horse battery staple"},
    },
    "destination": {"customer_destination": {}},
    "mapping": {
        "tz_info": "Europe/Prague",
        "column_mapping": {
            "id_mappings": [{"from_column": "mail", "to_id": "email_id"}],
            "property_mappings": [{"from_column": "mail", "to_column": "email"}],
        },
    },
}
EVENTS: dict[str, Any] = {
    "name": "Purchases",
    "trigger": {"trigger_type": "on_new_file"},
    "source": {"source_type": "url", "import_url": "https://files.example.test/purchases.csv"},
    "destination": {"event_destination": {"event_type": "purchase"}},
    "mapping": {
        "column_mapping": {
            "id_mappings": [{"from_column": "mail", "to_id": "email_id"}],
            "property_mappings": [
                {"from_column": "total", "to_column": "total_price", "target_type": "number"}
            ],
            "timestamp_column": "bought_at",
        }
    },
}
DEFINITIONS = {
    "products": {
        "summary": "A catalog, at once, as a shop's connector sends it",
        "value": PRODUCTS,
    },
    "customers": {"summary": "Customers, twice a week, with a login", "value": CUSTOMERS},
    "events": {"summary": "Events, whenever the file is new", "value": EVENTS},
}
ITEM = {"import_id": ID, "import_definition": PRODUCTS}

STARTED = {"success": True, "import_id": ID, "run_id": OTHER_ID}
RUN = {
    "run_id": OTHER_ID,
    "status": "completed",
    "trigger": "manual",
    "scheduled_for": None,
    "late": False,
    "priority": 0,
    "rerun_of": None,
    "source_location": "https://files.example.test/p-2.csv",
    "created": 1767225600.5,
    "started": 1767225601.0,
    "finished": 1767225603.25,
    "paused": None,
    "asked_by": None,
    "braked": None,
    "attempt": 1,
    "rows_total": 3,
    "rows_processed": 3,
    "rows_created": 2,
    "rows_updated": 0,
    "rows_unchanged": 0,
    "rows_failed": 1,
    "rows_skipped": 0,
    "errors": [
        {
            "file": "p-2.csv",
            "row": 2,
            "line": 3,
            "column": "item_id",
            "value": "",
            "code": "missing_key",
            "message": "the row has no item_id",
            "row_rejected": True,
        }
    ],
    "errors_total": 1,
    "warnings": [],
    "files": [
        {
            "file": "p-2.csv",
            "read_as": {"encoding": "utf-8", "delimiter": ","},
            "rows_processed": 3,
            "rows_created": 2,
            "rows_updated": 0,
            "rows_unchanged": 0,
            "rows_failed": 1,
            "rows_skipped": 0,
        }
    ],
    "error": None,
    "reason": None,
    "stop_reason": "done",
}
READ_RUN = {
    **RUN,
    "attempts": [
        {
            "number": 1,
            "started": 1767225601.0,
            "ended": 1767225603.25,
            "outcome": "completed",
            "reason": None,
            "error": None,
            "again_in": None,
        }
    ],
}
PAUSED_RUN = {
    **RUN,
    "attempts": [],
    "status": "paused",
    "finished": None,
    "paused": 1767225602.5,
    "asked_by": "66f0c1d2e3a4b5c6d7e8f903",
    "rows_total": None,
    "stop_reason": None,
}
NEXT_RUNS = {
    "success": True,
    "active": True,
    "next_runs": [
        {"at": 1774659600, "local": "2026-03-28T02:00:00+01:00", "note": None},
        {"at": 1774746000, "local": "2026-03-29T03:00:00+02:00", "note": "gap"},
    ],
}
DECISIONS = {
    "success": True,
    "decisions": [
        {
            "at": 1774746000.25,
            "code": "fired",
            "text": "2026-03-29 02:30 Europe/Prague does not exist; ran at 03:00",
            "facts": {
                "scheduled_for": "2026-03-29T01:00:00+00:00",
                "local": "2026-03-29T03:00:00+02:00",
                "asked": "2026-03-29 02:30",
                "timezone": "Europe/Prague",
                "note": "gap",
                "run_id": OTHER_ID,
            },
        }
    ],
    "last_look": None,
    "total": 1,
    "limit": 10,
    "offset": 0,
}
FAULTS = {
    "success": True,
    "faults": RUN["errors"],
    "total": 1,
    "limit": 100,
    "offset": 0,
    "counts": [{"code": "missing_key", "column": "item_id", "count": 1}],
    "stored": 1,
    "held_back": 0,
    "errors_total": 1,
}
RUNS = {"success": True, "runs": [RUN], "total": 1, "limit": 10, "offset": 0}

FIELDS = [{"name": "title", "type": "string", "searchable": True, "indexed": False}]
CATALOG_ITEM = {"id": ID, "name": "Products Catalog", "is_product_catalog": True}
CATALOG = {**CATALOG_ITEM, "fields": FIELDS}
CATALOGS = {"success": True, "data": [CATALOG_ITEM], "total": 1}
CATALOG_BODY = {"name": "Products Catalog", "is_product_catalog": True, "fields": FIELDS}
CATALOG_REPLACE = {"name": "Products Catalog", "fields": FIELDS}
ITEM_BODY = {"properties": {"title": "Blue shirt", "price": 19.9}}
ITEMS = {
    "success": True,
    "data": [{"catalog_id": ID, "item_id": "4711", **ITEM_BODY}],
    "total": 1,
    "matched": 1,
    "matched_limited": False,
    "limit": 20,
    "skip": 0,
}

CUSTOMER_IDS = {"customer_ids": {"registered": "jana@example.com"}}
CUSTOMER_BODY = {**CUSTOMER_IDS, "properties": {"first_name": "Jana"}}
EVENT_BODY = {
    **CUSTOMER_IDS,
    "event_type": "purchase",
    "timestamp": 1767225600.5,
    "properties": {"total_price": 19.9},
}
BATCH_BODY = {
    "commands": [
        {"name": "customers", "command_id": "17", "data": CUSTOMER_BODY},
        {"name": "system/time"},
    ]
}
BATCH = {
    "success": True,
    "results": [
        {"command_id": "17", "success": True},
        {"success": True, "time": 1767225600.5},
    ],
    "start_time": 1767225600.25,
    "end_time": 1767225600.5,
}
EXPORT = {
    "success": True,
    "ids": {"registered": "jana@example.com"},
    "properties": {"first_name": "Jana"},
    "events": [
        {"type": "purchase", "timestamp": 1767225600.5, "properties": {"total_price": 19.9}}
    ],
}
ATTRIBUTES_BODY = {
    **CUSTOMER_IDS,
    "attributes": [{"type": "property", "property": "first_name"}, {"type": "id", "id": "cookie"}],
}
ATTRIBUTES = {
    "success": True,
    "results": [{"success": True, "value": "Jana"}, {"success": True, "value": None}],
}
ANONYMIZE = {"customers": [CUSTOMER_IDS]}
