"""A letter that goes back to its sender, told to a clerk: what is wrong, where, how to mend it, by when.

The texts are made of the catalogue's sentences. They name fields, columns and rules, never a person: who the
letter is about stands beside the text, as far as its recipient may see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from jendela.contracts.messages import Messages
from jendela.contracts.odcs import Contract
from jendela.letters.rules.catalogue import Rules
from jendela.letters.rules.wording import day, filled

LANGUAGES = ("id", "en")
HELD, CORRECT = "HELD", "CORRECT"
FORM = "surat-phk/1.0"
LINE: dict[str, pl.DataType] = dict.fromkeys(
    ("item_key", "entity", "field", "rule", "column", "message_id", "message_en", "article"), pl.String()
)


@dataclass(frozen=True)
class Wording:
    """What the texts are made of: the catalogue, the rules of letters with their articles, the contract."""

    messages: Messages
    rules: Rules
    contract: Contract

    def label(self, field: str) -> Mapping[str, str]:
        """What a field is called, by language."""
        text = self.messages.named("return.field", field.rsplit(".", 1)[-1])
        return {"id": text.id, "en": text.en}

    def article(self, rule: str, field: str) -> str:
        """The law that asks for it: that of the letter's rule, of the field, else of the whole letter."""
        name = field.rsplit(".", 1)[-1]
        by_check = {entry.check: entry.article for entry in self.rules.entries}
        article = by_check.get(rule) or by_check.get(f"L-25.{name}") or self.contract.legal_basis
        if article == FORM:  # the agreed form is no law: it is agreed on the ground of these
            return f"{self.contract.legal_basis}; {FORM}"
        return article.replace("; {reason}", "").replace("{reason}", self.contract.legal_basis)


def told(items: pl.DataFrame, lines: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    """`item_key, text_id, text_en, legal_source` of the items.

    Args:
        items: `item_key, return_kind` (HELD, CORRECT), `letter_number`, `letter_date` (as written),
            where it stands (`source_name`, `source_line`, `source_key`, `_mode` of the feed), `mend_by_date`,
            `_days` (working days until then).
        lines: what is wrong, as `LINE`: `column` is the sender's own name of the field; a line without
            messages is told by its rule, with how to mend it.
        wording: the texts.
    """
    spoken = _spoken(lines, wording)
    gathered = spoken.group_by("item_key", maintain_order=True).agg(
        *(pl.col(lang).str.join(" ") for lang in LANGUAGES),
        pl.col("article").unique(maintain_order=True).str.join("; ").alias("legal_source"),
        pl.col("_number").max().alias("count"),
    )
    joined = items.join(gathered, on="item_key", how="left", maintain_order="left")
    return joined.select(
        "item_key",
        *(_text(lang, wording.messages).alias(f"text_{lang}") for lang in LANGUAGES),
        "legal_source",
    )


def _spoken(lines: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    """Each line in both languages, numbered within its item."""
    pairs = lines.select("rule", "field").unique()
    known = pl.DataFrame(
        [
            (
                rule,
                field,
                *wording.label(field or "").values(),
                wording.messages.rule(rule or "").id,
                wording.messages.rule(rule or "").en,
                wording.messages.named("return.mend", rule or "").id,
                wording.messages.named("return.mend", rule or "").en,
                wording.article(rule or "", field or ""),
            )
            for rule, field in pairs.iter_rows()
        ],
        dict.fromkeys(
            ("rule", "field", "label_id", "label_en", "rule_id", "rule_en", "mend_id", "mend_en", "_article"),
            pl.String(),
        ),
        orient="row",
    )
    both = lines.join(known, on=["rule", "field"], how="left", nulls_equal=True, maintain_order="left")
    number = (pl.int_range(pl.len()) + 1).over("item_key")
    numbered = both.with_columns(
        _number=number, article=pl.coalesce("article", "_article"), rule=pl.col("rule").fill_null("")
    )
    return numbered.with_columns(_line(lang, wording.messages).alias(lang) for lang in LANGUAGES)


def _line(lang: str, messages: Messages) -> pl.Expr:
    """(1) NIK (kolom NIK): … Perbaikan: … Dasar: …"""
    said = {
        "number": pl.col("_number").cast(pl.String),
        "field": pl.when(pl.col("field").fill_null("") == "")
        .then(pl.lit(_of(messages, "return.whole", lang)))
        .otherwise(f"label_{lang}"),
        "column": pl.when(pl.col("column").is_not_null())
        .then(pl.lit(" (" + _of(messages, "return.column", lang) + " ") + pl.col("column") + pl.lit(")"))
        .otherwise(pl.lit("")),
        "problem": pl.coalesce(f"message_{lang}", f"rule_{lang}"),
        "mend": pl.when(pl.col(f"message_{lang}").is_null() & (pl.col(f"mend_{lang}") != pl.col("rule")))
        .then(pl.lit(" " + _of(messages, "return.remedy", lang) + " ") + pl.col(f"mend_{lang}"))
        .otherwise(pl.lit("")),
        "rule": pl.col("rule"),
        "article": pl.col("article"),
    }
    return filled(_of(messages, "return.line", lang), said)


def _text(lang: str, messages: Messages) -> pl.Expr:
    dated = day(pl.col("mend_by_date"))
    values = {
        "number": pl.coalesce("letter_number", pl.lit(_of(messages, "return.unnumbered", lang))),
        "date": pl.coalesce("letter_date", pl.lit(_of(messages, "return.undated", lang))),
        "place": _place(lang, messages),
        "count": pl.col("count").cast(pl.String),
        "problems": pl.col(lang),
        "due": dated.id if lang == "id" else dated.en,
        "days": pl.col("_days").cast(pl.String),
    }
    held = filled(_of(messages, "return.text.held", lang), values)
    correct = filled(_of(messages, "return.text.correct", lang), values)
    return pl.when(pl.col("return_kind") == HELD).then(held).otherwise(correct)


def _place(lang: str, messages: Messages) -> pl.Expr:
    """The worker's place in a letter file, the row of a list, or the record of a database by its own key."""
    file, line, key = pl.col("source_name"), pl.col("source_line").cast(pl.String), pl.col("source_key")

    def said(place: str, values: Mapping[str, pl.Expr]) -> pl.Expr:
        return filled(_of(messages, f"return.place.{place}", lang), values)

    drop = pl.col("_mode") == "drop"
    return (
        pl.when(file.is_not_null() & drop & line.is_not_null())
        .then(said("file", {"file": file, "line": line}))
        .when(file.is_not_null() & drop)
        .then(said("whole", {"file": file}))
        .when(file.is_not_null())
        .then(said("line", {"file": file, "line": line}))
        .when(key.is_not_null())
        .then(said("key", {"key": key}))
        .otherwise(said("office", {}))
    )


def _of(messages: Messages, key: str, lang: str) -> str:
    text = messages.text(key)
    return text.id if lang == "id" else text.en
