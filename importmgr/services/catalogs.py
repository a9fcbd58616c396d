"""Catalogs and their items, as their owner reads and changes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from definitions.audit import NOTHING, AuditAction, Change, Facts
from definitions.model import CatalogDestination, CatalogType
from definitions.model import Mapping as ColumnMapping
from destinations import cataloguing, items, live
from destinations.catalogs import fields_of
from destinations.cataloguing import Catalog, Field, NewCatalog
from destinations.items import ALL_ITEMS, ItemQuery
from destinations.live import ItemWrite
from importmgr.services.paging import Page
from importmgr.store.audit import AuditStore
from importmgr.store.database import Database
from importmgr.store.projects import Project
from importmgr.store.transactions import Transaction
from importmgr.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogView:
    """A catalog as its owner sees it; each field has name, type, searchable and indexed."""

    id: str
    name: str
    is_product_catalog: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of a catalog."""

    catalog_id: str
    item_id: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(Page[ItemView]):
    """Some items, how many match the query, and how many the catalog holds."""

    matched: int


class Catalogs:
    """The use cases around catalogs of one project; unknown ones raise `NotFoundError`."""

    def __init__(self, database: Database, *, audit: AuditStore, world: World) -> None:
        """Take the database and where changes are written down."""
        self._database = database
        self._audit = audit
        self._clock = world.clock
        self._identity = world.identity

    def ensure(
        self,
        transaction: Transaction,
        project: Project,
        destination: CatalogDestination,
        mapping: ColumnMapping,
    ) -> None:
        """Let the catalog of that exact name exist; one that does keeps its type."""
        kind = destination.type or CatalogType.GENERIC
        new = self._new(project, destination.name, kind, fields_of(mapping))
        belongs_to = destination.associated_catalog_id
        cataloguing.ensure_catalog(transaction, replace(new, associated_catalog_id=belongs_to))

    def create(
        self, project: Project, name: str, kind: CatalogType, fields: Iterable[Mapping[str, Any]]
    ) -> str:
        """Make a catalog and return its id; raise `InvalidError` if the name is taken."""
        new = self._new(project, name, kind, _fields(fields))
        with self._database.writing() as transaction:
            made = cataloguing.create_catalog(transaction, new)
            self._record(transaction, AuditAction.CATALOG_CREATED, made, after=_told(made))
            return made.public_id

    def list(self, project: Project, count: int, skip: int) -> Page[CatalogView]:
        """Return some catalogs, the oldest first."""
        with self._database.reading() as transaction:
            found, total = cataloguing.list_catalogs(
                transaction, project.id, count=count, skip=skip
            )
        return Page(items=tuple(map(_catalog_view, found)), total=total)

    def get(self, project: Project, catalog_id: str) -> CatalogView:
        """Return one catalog."""
        with self._database.reading() as transaction:
            return _catalog_view(cataloguing.get_catalog(transaction, project.id, catalog_id))

    def replace(
        self, project: Project, catalog_id: str, name: str, fields: Iterable[Mapping[str, Any]]
    ) -> None:
        """Give a catalog another name and other fields; its items stay."""
        action = AuditAction.CATALOG_CHANGED
        with self._database.writing() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            new = replace(catalog, name=name, fields=_fields(fields))
            cataloguing.change_catalog(transaction, catalog, name=name, fields=new.fields)
            self._record(transaction, action, catalog, before=_told(catalog), after=_told(new))

    def delete(self, project: Project, catalog_id: str) -> None:
        """Remove a catalog with its items."""
        with self._database.writing() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            cataloguing.delete_catalog(transaction, catalog)
            self._record(transaction, AuditAction.CATALOG_DELETED, catalog, before=_told(catalog))

    def items(
        self, project: Project, catalog_id: str, page: tuple[int, int], query: ItemQuery = ALL_ITEMS
    ) -> ItemPage:
        """Return matching items in the order of their ids; `page` is count and skip."""
        count, skip = page
        with self._database.reading() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            found = items.list_items(transaction, catalog, query, count=count, skip=skip)
        views = (
            ItemView(catalog_id=catalog_id, item_id=item.item_id, properties=item.properties)
            for item in found.items
        )
        return ItemPage(items=tuple(views), total=found.total, matched=found.matched)

    def delete_items(self, project: Project, catalog_id: str) -> None:
        """Remove every item of a catalog."""
        with self._database.writing() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            items.delete_items(transaction, catalog)
            self._record(transaction, AuditAction.CATALOG_EMPTIED, catalog)

    def put_item(
        self, project: Project, catalog_id: str, item_id: str, properties: Mapping[str, Any]
    ) -> None:
        """Let an item have these properties and no others."""
        write = ItemWrite(item_id=item_id, properties=properties)
        with self._database.writing() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            live.put_item(transaction, catalog, write)
            after = {"item_id": item_id, "how": "put"}
            self._record(transaction, AuditAction.ITEM_WRITTEN, catalog, after=after)

    def merge_item(
        self, project: Project, catalog_id: str, item_id: str, properties: Mapping[str, Any]
    ) -> None:
        """Set some properties of an item, made if missing."""
        write = ItemWrite(item_id=item_id, properties=properties)
        with self._database.writing() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            live.merge_item(transaction, catalog, write)
            after = {"item_id": item_id, "how": "merged"}
            self._record(transaction, AuditAction.ITEM_WRITTEN, catalog, after=after)

    def delete_item(self, project: Project, catalog_id: str, item_id: str) -> None:
        """Remove one item."""
        with self._database.writing() as transaction:
            catalog = cataloguing.get_catalog(transaction, project.id, catalog_id)
            items.delete_item(transaction, catalog, item_id)
            before = {"item_id": item_id}
            self._record(transaction, AuditAction.ITEM_DELETED, catalog, before=before)

    def _record(
        self,
        transaction: Transaction,
        action: AuditAction,
        catalog: Catalog,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> None:
        """Write down a change of a catalog, or in it."""
        change = Change(
            action=action,
            project_id=catalog.project_id,
            what=catalog.public_id,
            before=before,
            after=after,
        )
        self._audit.record(transaction, change)

    def _new(
        self, project: Project, name: str, kind: CatalogType, fields: tuple[Field, ...]
    ) -> NewCatalog:
        """Describe a catalog that may have to be made."""
        return NewCatalog(
            project_id=project.id,
            public_id=self._identity.hex24(),
            name=name,
            type=kind,
            associated_catalog_id=None,
            fields=fields,
            created_at=self._clock.now(),
        )


def _fields(documents: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Return the fields that a request names."""
    return tuple(Field(**document) for document in documents)


def _told(catalog: Catalog) -> Facts:
    """Return what the audit log tells of a catalog."""
    return {"name": catalog.name, "fields": [field.name for field in catalog.fields]}


def _catalog_view(catalog: Catalog) -> CatalogView:
    """Show a catalog without its inside."""
    return CatalogView(
        id=catalog.public_id,
        name=catalog.name,
        is_product_catalog=catalog.type is CatalogType.PRODUCT,
        fields=catalog.fields,
    )
