"""Tables of texts: of people, products, logs, notes, in several languages."""

from __future__ import annotations

from benchmarks.polluted.sheets import Table
from benchmarks.polluted.tables.drawing import (
    ARABIC,
    CHINESE,
    CZECH,
    EMOJI,
    FIRST,
    FRENCH,
    GERMAN,
    RUSSIAN,
    WORDS,
    Draw,
    cells,
)

IRISH = ("O'Brien", "D'Angelo", "O'Neil")


def people(draw: Draw) -> Table:
    """People with addresses that hold commas and, now and then, a line break."""

    def address(number: int) -> str:
        street = f"{draw.number(1, 99)} {draw.one(WORDS).title()} St, Apt {draw.number(1, 20)}"
        return street if number % 3 else f"{street}\nBuilding {draw.number(1, 9)}"

    rows = (
        (i, draw.person(), address(i), draw.one(("Berlin", "London")), f"+49 {i:03} 55{i:04}")
        for i in range(1, 26)
    )
    return Table(header=("id", "name", "address", "city", "phone"), rows=cells(rows))


def products(draw: Draw) -> Table:
    """Products with inches and pieces of HTML."""
    rows = (
        (
            f"P-{i:04}",
            f'{draw.number(3, 60)}" {draw.one(WORDS)} screen',
            f'<p class="x">{draw.sentence()}, {draw.words(1)}</p>' if i % 2 else draw.sentence(),
            f"{draw.number(1, 999)}.{draw.number(10, 99)}",
        )
        for i in range(1, 31)
    )
    return Table(header=("sku", "title", "description", "price"), rows=cells(rows))


def requests(draw: Draw) -> Table:
    """Lines of a log with brackets, quotes and programs that name themselves."""
    rows = (
        (
            f"10.{draw.number(0, 255)}.{draw.number(0, 255)}.{draw.number(1, 254)}",
            f"[{draw.number(1, 28)}/Oct/2026:{draw.hour()} +0200]",
            f'"GET /{draw.one(WORDS)}?a={draw.number(1, 9)}&b=[1] HTTP/1.1"',
            draw.one(("200", "404", "500")),
            f"Mozilla/5.0 ({draw.one(WORDS)}; rv:{draw.number(50, 120)}.0)",
        )
        for _ in range(30)
    )
    return Table(header=("ip", "time", "request", "status", "agent"), rows=cells(rows))


def german(draw: Draw) -> Table:
    """German sentences, some with a comma; the rows are words like the header."""
    rows = (
        (
            draw.words(3, GERMAN),
            draw.words(8, GERMAN) + (f", {draw.one(GERMAN)}" if i % 3 == 0 else ""),
            draw.one(FIRST),
        )
        for i in range(18)
    )
    header = ("Titel", "Beschreibung", "Autor")
    return Table(header=header, rows=cells(rows), has_words_only=True, delimiter=";")


def french(draw: Draw) -> Table:
    """French sentences with apostrophes and semicolons."""
    rows = (
        (
            draw.words(3, FRENCH),
            f"L'{draw.words(6, FRENCH)}; d'{draw.one(FRENCH)}",
            draw.number(1, 99),
        )
        for _ in range(18)
    )
    return Table(header=("titre", "résumé", "prix"), rows=cells(rows))


def czech(draw: Draw) -> Table:
    """Orders from Czechia, with numbers that have a comma."""
    rows = (
        (20260000 + i, draw.words(2, CZECH), f"{draw.number(1, 999)},{draw.number(10, 99)}")
        for i in range(20)
    )
    return Table(header=("číslo", "zboží", "částka"), rows=cells(rows), delimiter=";")


def russian(draw: Draw) -> Table:
    """Russian words beside dates."""
    rows = ((i, draw.words(2, RUSSIAN), draw.day()) for i in range(1, 21))
    return Table(header=("номер", "описание", "дата"), rows=cells(rows), delimiter="\t")


def chinese(draw: Draw) -> Table:
    """Chinese texts with the comma of their script."""

    def text(size: int) -> str:
        return "".join(draw.one(CHINESE) for _ in range(size))

    rows = ((i, text(4), f"{text(12)}\uff0c{text(5)}", draw.number(1, 999)) for i in range(1, 21))
    return Table(header=("编号", "名称", "说明", "价格"), rows=cells(rows))


def arabic(draw: Draw) -> Table:
    """Arabic texts with the comma of their script."""
    rows = (
        (i, draw.one(ARABIC), "، ".join(draw.one(ARABIC) for _ in range(4))) for i in range(1, 21)
    )
    return Table(header=("الرقم", "الاسم", "الوصف"), rows=cells(rows))


def emoji(draw: Draw) -> Table:
    """Comments with signs of several code points."""
    rows = (
        (f"user{i}", draw.one(EMOJI), f"{draw.sentence()} {draw.one(EMOJI)}, {draw.one(EMOJI)}")
        for i in range(1, 19)
    )
    return Table(header=("user", "mood", "comment"), rows=cells(rows))


def notes(draw: Draw) -> Table:
    """Tickets whose notes have several lines, and blank ones."""
    rows = (
        (
            f"T-{i}",
            f"{draw.sentence()}.\n{draw.sentence()}, {draw.words(1)}"
            + (f"\n\n- {draw.words(2)}" if i % 4 == 0 else ""),
            draw.one(FIRST),
        )
        for i in range(1, 21)
    )
    return Table(header=("ticket", "note", "by"), rows=cells(rows))


def apostrophes(draw: Draw) -> Table:
    """Texts with apostrophes, also where they begin and end."""
    rows = (
        (
            f"{draw.one(IRISH)} {draw.one(FIRST)}",
            f"{draw.one(WORDS).title()}'s Ltd.",
            f"'{draw.words(2)}' isn't {draw.one(WORDS)}",
        )
        for _ in range(20)
    )
    header = ("name", "company", "motto")
    return Table(header=header, rows=cells(rows), has_words_only=True)


def reviews(draw: Draw) -> Table:
    """Sentences that begin with a quotation."""
    rows = (
        (f'He said "{draw.sentence()}", {draw.sentence()}' if i % 2 else f"{draw.sentence()}!", i)
        for i in range(25)
    )
    return Table(header=("text", "stars"), rows=cells(rows))


def staff(draw: Draw) -> Table:
    """Four columns of words, in which no number or date tells where the header ends."""
    rows = (
        (
            draw.person(),
            draw.one(("Sales", "IT", "HR")),
            draw.words(2),
            draw.sentence() + (f", {draw.words(2)}" if i % 3 == 0 else "."),
        )
        for i in range(25)
    )
    header = ("Name", "Department", "Role", "Remark")
    return Table(header=header, rows=cells(rows), has_words_only=True)


def messages(draw: Draw) -> Table:
    """Mails with names in quotes and several receivers."""
    rows = (
        (
            f'"{draw.one(FIRST)}" <{draw.one(WORDS)}@x.example>',
            f"{draw.one(WORDS)}@y.example; {draw.one(WORDS)}@z.example",
            f"Re: {draw.sentence()}",
            f"{draw.day()} {draw.hour()}",
        )
        for _ in range(20)
    )
    return Table(header=("from", "to", "subject", "sent"), rows=cells(rows))
