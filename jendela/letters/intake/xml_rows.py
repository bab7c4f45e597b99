"""The workers of an XML letter as rows of text, in one pass over its elements."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from jendela.letters.intake.form import WORKER, Form
from jendela.letters.intake.raw import AT, LISTS, MANY, RawRows, Row, empty_row, primary

# Elements that a letter may repeat: all their texts are wanted, not the first.
_REPEATED = {AT[name]: place for place, name in enumerate((*LISTS, "uph_amount"), start=1)}
_REASON, _PRIMARY, _UPH, _VERSION = (
    AT["reason_codes"],
    AT["reason_code"],
    AT["uph_amount"],
    AT["schema_version"],
)


def add_rows(rows: RawRows, file: str, root: Any, form: Form, held: set[int]) -> None:
    """Adds every worker of a valid letter but those `held`; `index` is its place among them, from 1."""
    tree, worker_tag = _tree(form), f"{{{form.namespace}}}{WORKER}"
    common = empty_row()
    common[_VERSION] = form.edition.schema_version
    many: dict[int, list[Any]] = {}
    workers = []
    for child in root:
        if child.tag == worker_tag:
            workers.append(child)
        elif (known := tree.get(child.tag)) is not None:
            _take(child, known, common, many)
    _join(common, many)
    below = tree[worker_tag]
    for index, worker in enumerate(workers, start=1):
        if index not in held:
            row, many = common.copy(), {}
            _take(worker, below, row, many)
            _join(row, many)
            rows.add(file, index, row)


def _take(element: Any, tree: dict[str, Any], row: Row, many: dict[int, list[Any]]) -> None:
    for child in element:
        known = tree.get(child.tag)
        if known.__class__ is int:
            if known >= 0:
                row[known] = child.text
            else:
                many.setdefault(~known, []).append(child)
        elif known is not None:
            _take(child, known, row, many)


def _join(row: Row, many: dict[int, list[Any]]) -> None:
    for at, elements in many.items():
        texts = [" ".join((one.text or "").split()) for one in elements]
        if at == _UPH:
            row[at] = texts[0] if len(texts) == 1 else str(sum(map(Decimal, texts), Decimal(0)))
            continue
        row[at] = MANY.join(texts)
        if at == _REASON:
            marks = [
                text
                for text, one in zip(texts, elements, strict=True)
                if (one.get("utama") or "").strip() in ("true", "1")
            ]
            row[_PRIMARY] = primary(texts, marks)


@lru_cache(maxsize=8)
def _tree(form: Form) -> dict[str, Any]:
    """The form as nested tags: the place of a column, its complement if it repeats, or the tags below."""
    tree: dict[str, Any] = {}
    for field in form.fields.values():
        *above, last = field.xml.split("/")
        node = tree
        for name in above:
            node = node.setdefault(f"{{{form.namespace}}}{name}", {})
        at = AT[field.column]
        node[f"{{{form.namespace}}}{last}"] = ~at if at in _REPEATED else at
    return tree
