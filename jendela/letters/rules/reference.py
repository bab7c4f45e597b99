"""The tables of the reference pages, made from the catalogue and the law.

`python -m jendela.letters.rules.reference` writes them again into docs/reference, below the mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jendela.law import Law, Parameter, load_law
from jendela.letters.rules.catalogue import Entry, Rules, load_rules

MARK = "<!-- below: made by python -m jendela.letters.rules.reference -->"
PLACES = {"document": "In the letter check", "reconcile": "In reconcile"}


def rules_table(rules: Rules) -> str:
    """The catalogue in Markdown: one line a check, by where it runs, with what it says in English."""
    lines: list[str] = []
    for where, title in PLACES.items():
        lines += ["", f"## {title}", "", "| rule | check | severity | field | said when broken | article |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_rule(entry, rules) for entry in rules.entries if entry.where == where]
    return "\n".join(lines) + "\n"


def _rule(entry: Entry, rules: Rules) -> str:
    article = entry.article.replace("{reason}", "article of the reason")
    said = rules.messages.text(entry.message).en
    cells = (f"`{entry.rule}`", f"`{entry.check}`", entry.severity, f"`{entry.field}`", said, article)
    return f"| {' | '.join(cells)} |"


def law_table(law: Law) -> str:
    """The instruments, then every parameter with its values in order of time, in Markdown."""
    lines = [
        "",
        "## Instruments",
        "",
        "| file | instrument | about | in force | amends |",
        "|---|---|---|---|---|",
    ]
    for regime in law.regimes:
        until = regime.valid_to.isoformat() if regime.valid_to else ""
        span = f"{regime.valid_from.isoformat()} – {until}".rstrip()
        amends = ", ".join(f"`{name}`" for name in regime.amends)
        lines.append(f"| `{regime.id}` | {regime.instrument} | {regime.title_en} | {span} | {amends} |")
    lines += ["", "## Parameters", "", "| parameter | value | from | to | file | article | evidence |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for entries in law.parameters.entries.values():
        lines += map(_parameter, entries)
    return "\n".join(lines) + "\n"


def _parameter(entry: Parameter) -> str:
    until = entry.valid_to.isoformat() if entry.valid_to else ""
    cells = (
        f"`{entry.key}`",
        _value(entry.value),
        entry.valid_from.isoformat(),
        until,
        f"`{entry.regime}`",
        entry.article + (f". {entry.note}" if entry.note else ""),
        entry.evidence,
    )
    return f"| {' | '.join(cells)} |"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_value(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_value(item).replace(", ", "→") for item in value)
    words = {True: "yes", False: "no", None: "not laid down"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def pages(root: Path) -> Iterator[tuple[Path, str]]:
    """Both pages with their tables made anew.

    Raises:
        ValueError: a page has no mark.
    """
    tables = {"letter-rules.md": rules_table(load_rules()), "law.md": law_table(load_law(None))}
    for name, table in tables.items():
        file = root / "docs" / "reference" / name
        head, mark, _ = file.read_text(encoding="utf-8").partition(MARK)
        if not mark:
            raise ValueError(f"{name} lacks the line {MARK}")
        yield file, f"{head}{MARK}\n{table}"


if __name__ == "__main__":
    for page, text in pages(Path.cwd()):
        page.write_text(text, encoding="utf-8")
