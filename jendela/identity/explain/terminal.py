"""An explanation as lines of a terminal."""

from __future__ import annotations

from textwrap import fill

from jendela.identity.explain.account import Account
from jendela.identity.explain.explained import Explained, short
from jendela.identity.explain.words import Row, Teller

WIDTH, NAME, RULE = 100, 24, 24
BETWEEN = f"\n{'═' * WIDTH}\n"  # two languages


def lines(found: Explained, teller: Teller, limit: int) -> list[str]:
    """The explanation in one language, with at most so many pairs."""
    told: list[str] = []
    if found.person:
        counts = {"records": str(found.records), "pairs": str(len(found.own))}
        told.append(teller.text("explain.person", person=short(found.person), **counts))
        told += [teller.text("explain.path" if found.own else "explain.alone"), ""]
    for place, account in enumerate(found.pairs[:limit]):
        if place == len(found.own):
            told += ["", teller.text("explain.outside"), ""]
        told += [*_account(account, found, teller), ""]
    if len(found.pairs) > limit:
        told.append(teller.text("explain.more", count=str(len(found.pairs) - limit)))
    return told


def _account(account: Account, found: Explained, teller: Teller) -> list[str]:
    told = teller.tell(account)
    ends = f"{short(account.left)} : {short(account.right)}"
    lines = [ends, told.verdict.upper(), told.headline, told.tier, told.could, *told.notes, ""]
    for row in told.rows:
        lines += _row(row, told.stranger, told.rival, teller)
        if row.key in found.values.get(account.left, {}):
            lines += [
                f"{'':<{NAME}}{mark} {found.values[record][row.key] or '-'}"
                for mark, record in (("◂", account.left), ("▸", account.right))
            ]
    lines.append(f"{'':<{NAME}}{'─' * RULE}")
    for row in told.sums:
        both = row.stranger is not None and row.rival is not None
        lines += _row(row, told.stranger, told.rival, teller) if both else _sum(row)
    return [*lines, *fill(told.unsaid, WIDTH).splitlines()]


def _row(row: Row, stranger: str, rival: str, teller: Teller) -> list[str]:
    begin = f"{row.name:<{NAME}}"
    told = fill(row.said, WIDTH, initial_indent=begin, subsequent_indent=" " * NAME).splitlines()
    effects = [
        f"{'':<{NAME}}{effect.bits:>7}  {teller.text('explain.against', rival=other)}: {effect.words}"
        for effect, other in ((row.stranger, stranger), (row.rival, rival))
        if effect is not None
    ]
    if row.said:
        return [*told, *effects]
    return [begin + effects[0][NAME:], *effects[1:]]


def _sum(row: Row) -> list[str]:
    effect = row.rival or row.stranger
    return [f"{row.name:<{NAME}}{effect.bits if effect else '':>7}  {row.said}"]
