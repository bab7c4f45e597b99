"""What a kind of letter or a reason needs beyond the base: the contract's rules, judged over a frame.

The XSD says what every letter has. That a notice states its severance and a correction the letter it corrects
is data too (`required_when`, `one_of_when`, `attached_when`), so that a statement of resignation need not
carry duties that the law does not know. Rules named L-.. are judged by the letter's rules and only documented
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from jendela.letters.agreement.contract import Contract, Part, Requirement
from jendela.letters.frame import LETTERS, VIOLATIONS


def missing(letters: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """What the letters lack or contradict by the contract: the columns of `VIOLATIONS`, in their order.

    Args:
        letters: with the columns of `letters.frame.LETTERS`; one row a worker.
        contract: the edition that the letters follow.
    """
    asked = [one for one in contract.letter.requirements if not one.rule.startswith("L-")]
    frame = letters.with_row_index("_row")
    flags = frame.select(
        "_row",
        *(broken(one, contract.letter, LETTERS).alias(str(number)) for number, one in enumerate(asked)),
    )
    table = pl.DataFrame(
        [
            {
                "_rule": number,
                "rule": one.rule,
                "severity": one.severity,
                "field": one.field,
                "message_id": one.description_id,
                "message_en": one.description_en,
                "article": one.source,
            }
            for number, one in enumerate(asked)
        ],
        schema={"_rule": pl.Int64(), **{name: VIOLATIONS[name] for name in list(VIOLATIONS)[2:]}},
    )
    return (
        flags.unpivot(index="_row", variable_name="_rule", value_name="_broken")
        .filter("_broken")
        .with_columns(pl.col("_rule").cast(pl.Int64))
        .join(table, on="_rule")
        .join(frame.select("_row", "file", "index"), on="_row")
        .sort("_row", "_rule")
        .select(list(VIOLATIONS))
    )


def broken(asked: Requirement, part: Part, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """Whether a row breaks a requirement; never null. Columns are those that the part's fields name.

    Raises:
        KeyError: the requirement is about a field that has no column.
    """
    columns = {field.path: field.column for field in part.walk() if field.column}
    column = columns[asked.field]
    value = pl.col(column)
    if asked.kind == "required_when":
        lacks = (
            value.list.len().fill_null(0) == 0 if isinstance(schema.get(column), pl.List) else value.is_null()
        )
    elif asked.kind == "one_of_when":
        lacks = ~value.is_in(list(asked.values))
    else:
        attached = [value.list.contains(one).fill_null(value=False) for one in asked.values]
        lacks = ~pl.all_horizontal(attached)
    applies = [_holds(name, values) for name, values in asked.when.items()]
    spared = [~_holds(name, values) for name, values in asked.unless.items()]
    return pl.all_horizontal(lacks.fill_null(value=False), *applies, *spared)


def _holds(column: str, values: tuple[Any, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(values)).fill_null(value=False)
