"""The readable edition of the agreement: one HTML page for officials and lawyers, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jendela.contracts.messages import Messages
from jendela.letters.agreement.contract import Contract, Field, Requirement
from jendela.letters.agreement.sources import Source, citations, instrument, printed


@dataclass(frozen=True)
class Row:
    """A line of a block's table: its number, its depth below the block, how often the field stands."""

    number: str
    depth: int
    field: Field
    times: str


@dataclass(frozen=True)
class Block:
    """A numbered part of the letter with its table."""

    number: int
    name: str
    xml: str
    title_id: str
    title_en: str
    rows: tuple[Row, ...]
    times: str


def edition(contract: Contract, messages: Messages, sources: tuple[Source, ...]) -> str:
    """The page as text; the same for the same contract, codes and messages."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("jendela.letters.agreement"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    yes = messages.text("agreement.affirmed")
    environment.filters["word"] = lambda value: f"{yes.id} / {yes.en}" if value is True else str(value)
    environment.globals.update(
        both=lambda key: messages.text(f"agreement.{key}"),
        day={"id": lambda day: _day(day, messages, "id"), "en": lambda day: _day(day, messages, "en")},
    )
    blocks = tuple(_blocks(contract))
    places = {row.field.path: row.number for block in blocks for row in block.rows}
    columns = {row.field.column: row.number for block in blocks for row in block.rows if row.field.column}
    rules = [one for part in contract.parts for one in part.requirements]
    text: str = environment.get_template("edition.html").render(
        contract=contract,
        blocks=blocks,
        kinds=contract.codes["letter_type"].entries,
        of_kind={code.code: _of_kind(rules, code.code) for code in contract.codes["letter_type"].entries},
        rules=rules,
        places=places | columns,
        printed=printed(contract),
        others=[one for one in contract.codes.values() if one not in printed(contract)],
        sources=_cited(contract, sources),
        used=_used(contract, places),
        closed=_closed(contract),
    )
    return text


def _blocks(contract: Contract) -> Iterator[Block]:
    number = 0
    for field in contract.letter.fields:
        if field.leaf:
            continue
        inner = [one for one in field.fields if one.kind == "object"] if field.kind == "list" else []
        own = tuple(one for one in field.fields if one not in inner)
        number += 1
        heads = tuple(one for one in contract.letter.fields if one.leaf) if number == 1 else ()
        yield _block(number, field, heads + own)
        for one in inner:
            number += 1
            yield _block(number, one, one.fields)
    for part in (contract.case, contract.signature):
        number += 1
        yield Block(
            number, part.name, part.xml, part.description_id, part.description_en,
            tuple(_rows(part.fields, f"{number}", 0)), "0..1",
        )  # fmt: skip


def _block(number: int, field: Field, fields: tuple[Field, ...]) -> Block:
    return Block(
        number, field.name, field.xml, field.description_id, field.description_en,
        tuple(_rows(fields, f"{number}", 0)), _times(field),
    )  # fmt: skip


def _rows(fields: tuple[Field, ...], above: str, depth: int) -> Iterator[Row]:
    for place, field in enumerate(fields, start=1):
        number = f"{above}.{place}"
        yield Row(number, depth, field, _times(field))
        yield from _rows(field.fields, number, depth + 1)


def _times(field: Field) -> str:
    """How often a field stands: 1, 0..1, 1..n or 0..n."""
    least, most = ("1" if field.required else "0"), ("n" if field.kind == "list" else "1")
    return "1" if (least, most) == ("1", "1") else f"{least}..{most}"


def _of_kind(rules: list[Requirement], kind: str) -> list[Requirement]:
    return [one for one in rules if kind in one.when.get("letter_type", ())]


def _used(contract: Contract, places: dict[str, str]) -> dict[str, list[str]]:
    """The numbers of the fields that use a list."""
    used: dict[str, list[str]] = {name: [] for name in contract.codes}
    for part in contract.parts:
        for field in part.walk():
            if field.codes and field.path in places:
                used[field.codes].append(places[field.path])
    return used


def _closed(contract: Contract) -> dict[str, bool]:
    """Whether the form itself refuses a code that is not in the list; else the rules of the letter do."""
    return {field.codes: field.enumerated for part in contract.parts for field in part.walk() if field.codes}


def _cited(contract: Contract, sources: tuple[Source, ...]) -> list[Source]:
    """The instruments that this edition cites, in the order of the file."""
    cited = {instrument(one, sources) for one in citations(contract)}
    return [one for one in sources if one in cited]


def _day(day: date | None, messages: Messages, language: str) -> str:
    if day is None:
        return "–"
    months = getattr(messages.text("agreement.months"), language).split()
    return f"{day.day} {months[day.month - 1]} {day.year}"
