"""Makes the sample data in this folder: always the same rows, with a few mistakes on purpose.

Run it as `python examples/generate.py`. The mistakes are in MISTAKES, so that a run over these
files has something to report.
"""  # noqa: INP001 - a script beside its data

from __future__ import annotations

import csv
import random
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent
CUSTOMERS, PURCHASES, PRODUCTS = 1_000, 3_000, 500

FIRST_NAMES = """
Ada Agnes Alice Amélie Anna Anton Åsa Beatriz Ben Carla Chloé Clara Daniel David Elena Eliška
Emil Emma Erik Eva Felix Finn Freya Gabriel Greta Hanna Hugo Ida Inês Irene Isabel Ivan Jakub
Jan Jana Johanna Jonas José Julia Kai Karin Klára Lars Laura Lea Leo Lucas Lucía Maja Marek
Maria Marta Mateo Max Mia Mikael Nina Noah Nora Olivia Oscar Paula Pavel Petra Rosa Samuel Sara
Simon Sofia Sven Tereza Theo Tomáš Ute Vera Victor Viktorie Wanda Yara Zoë
"""
LAST_NAMES = """
Almeida Andersson Bauer Becker Berg Bianchi Blanc Braun Carvalho Costa Dahl Dubois Dvořák
Eriksson Fernández Ferrari Fischer Fontaine García Gruber Hansen Hoffmann Holm Horák Hughes
Jansen Johansson Jones Keller Klein Kowalski Krause Kučera Lambert Lange Larsen Lindqvist López
Martin Meyer Moreau Müller Navarro Nielsen Novák Nowak Olsen Pereira Petit Pokorný Richter
Romano Rossi Santos Schmidt Schneider Silva Smith Svoboda Taylor Torres Veselý Vogel Wagner
Walker Weber Wilson Wolf Zimmermann
"""
CITIES = (
    ("Prague", "CZ"),
    ("Brno", "CZ"),
    ("Vienna", "AT"),
    ("Graz", "AT"),
    ("Berlin", "DE"),
    ("Hamburg", "DE"),
    ("Leipzig", "DE"),
    ("Paris", "FR"),
    ("Lyon", "FR"),
    ("Madrid", "ES"),
    ("Bilbao", "ES"),
    ("Lisbon", "PT"),
    ("Porto", "PT"),
    ("Milan", "IT"),
    ("Turin", "IT"),
    ("Warsaw", "PL"),
    ("Copenhagen", "DK"),
    ("Malmö", "SE"),
    ("Oslo", "NO"),
    ("Leeds", "GB"),
)
INTERESTS = ("running", "cycling", "yoga", "hiking", "climbing", "swimming")
ADJECTIVES = (
    "Light",
    "Warm",
    "Classic",
    "Trail",
    "City",
    "Winter",
    "Summer",
    "Soft",
    "Pro",
    "Basic",
)
THINGS = {
    "shirt": "tops",
    "jacket": "tops",
    "hoodie": "tops",
    "shorts": "bottoms",
    "leggings": "bottoms",
    "shoes": "footwear",
    "sandals": "footwear",
    "cap": "accessories",
    "gloves": "accessories",
    "backpack": "accessories",
}
COLOURS = ("black", "blue", "green", "grey", "red", "white", "yellow")

# (file, data row from 1) -> what stands there instead: a column's text, or the whole line
MISTAKES: dict[tuple[str, int], dict[str, str] | str] = {
    ("customers.csv", 118): {"birth_date": "1990-02-30"},
    ("customers.csv", 347): {"points": "n/a"},
    ("customers.csv", 512): {"newsletter": "maybe"},
    (
        "customers.csv",
        733,
    ): "C00733,eva.weber@example.com,Eva,Weber,Graz, Styria,AT,yes,1988-04-02,10,",
    ("purchases.csv", 402): {"total": "twelve"},
    ("purchases.csv", 1377): {"purchased_at": "yesterday"},
    ("purchases.csv", 2048): {"customer_id": ""},
    ("products.csv", 77): {"price": "on request"},
    ("products.csv", 250): {"sku": ""},
}


def main() -> None:
    """Write the three files."""
    draw = random.Random(2026)  # noqa: S311 - sample data, not secrets
    write("customers.csv", [customer(draw, number) for number in range(1, CUSTOMERS + 1)])
    products = [product(draw, number) for number in range(1, PRODUCTS + 1)]
    write("products.csv", products)
    write("purchases.csv", [purchase(draw, number, products) for number in range(1, PURCHASES + 1)])


def customer(draw: random.Random, number: int) -> dict[str, str]:
    """Return a customer."""
    first, last = draw.choice(FIRST_NAMES.split()), draw.choice(LAST_NAMES.split())
    city, country = draw.choice(CITIES)
    born = date(1950, 1, 1) + timedelta(days=draw.randrange(20_000))
    return {
        "customer_id": f"C{number:05}",
        "email": f"{plain(first)}.{plain(last)}.{number}@example.com",
        "first_name": first,
        "last_name": last,
        "city": city,
        "country": country,
        "newsletter": draw.choice(("yes", "no")),
        "birth_date": born.isoformat(),
        "points": str(draw.randrange(0, 5_000, 10)),
        "interests": ",".join(sorted(draw.sample(INTERESTS, draw.randrange(3)))),
    }


def product(draw: random.Random, number: int) -> dict[str, str]:
    """Return a product."""
    thing = draw.choice(tuple(THINGS))
    colour = draw.choice(COLOURS)
    return {
        "sku": f"SKU-{number:04}",
        "title": f"{draw.choice(ADJECTIVES)} {thing}, {colour}",
        "category": THINGS[thing],
        "price": f"{draw.randrange(500, 15_000, 50) / 100:.2f}",
        "in_stock": draw.choice(("true", "true", "true", "false")),
    }


def purchase(draw: random.Random, number: int, products: list[dict[str, str]]) -> dict[str, str]:
    """Return a purchase of one of the products by one of the customers."""
    bought = draw.choice(products)
    quantity = draw.choice((1, 1, 1, 2, 2, 3))
    when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=draw.randrange(180 * 86_400))
    return {
        "customer_id": f"C{draw.randrange(1, CUSTOMERS + 1):05}",
        "purchased_at": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "order_id": f"O-{number:05}",
        "sku": bought["sku"],
        "quantity": str(quantity),
        "total": f"{quantity * float(bought['price']):.2f}",
    }


def write(name: str, rows: list[dict[str, str]]) -> None:
    """Write one file with its mistakes."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            mistake = MISTAKES.get((name, number), {})
            if isinstance(mistake, str):
                file.write(mistake + "\n")
            else:
                writer.writerow({**row, **mistake})


def plain(name: str) -> str:
    """Return a name as it may stand in an e-mail address."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return letters.lower()


if __name__ == "__main__":
    main()
