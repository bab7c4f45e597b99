"""Why a recipient refuses: the agreed kinds, and the words by which offices usually say one of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from jendela.contracts.codes import CodeList
from jendela.model.errors import AgreementError

KINDS = "refusal_reason"  # the code list
UNCODED = "UNCODED"  # words that say none of the kinds, or more than one
WORDS = "schemas/words/refusals.csv"
# A code of the office's own that nobody agreed: too short for a name, a birth date or a number of somebody.
SHORT = r"^(?:[A-Z]{1,2}[-.]?\d{1,3}|\d{1,3})$"
NO_WORD = r"[^\p{L}\p{N}]+"


@dataclass(frozen=True)
class Refusals:
    """How reasons are told apart. `words` has the kind of each wording, the longest wording first; `own` the
    kind of each code of the office's own (in capitals)."""

    kinds: frozenset[str]
    words: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)

    def code(self, said: pl.Expr) -> pl.Expr:
        """What is told of a reason that is a code; null where it is words, or blank.

        The kind, where it is one or the office agreed that its code means it; else a short code as it is.
        """
        code = said.str.strip_chars().str.to_uppercase()
        return (
            pl.when(code.is_in(sorted(self.own)))
            .then(code.replace(dict(self.own)))
            .when(code.is_in(sorted(self.kinds)) | code.str.contains(SHORT))
            .then(code)
        )

    def kind(self, said: pl.Expr) -> pl.Expr:
        """The kind that words say, if they say exactly one; else `UNCODED`. Null of null."""
        # Two blanks between words: each wording has its own on either side.
        plain = pl.lit(" ") + said.str.to_uppercase().str.replace_all(NO_WORD, "  ") + pl.lit(" ")
        kinds = {f" {wording.replace(' ', '  ')} ": kind for wording, kind in self.words.items()}
        found = plain.str.extract_many(list(kinds), leftmost=True)
        each = found.list.eval(pl.element().replace_strict(kinds, return_dtype=pl.String)).list.unique()
        return (
            pl.when(each.list.len() == 1)
            .then(each.list.first())
            .when(said.is_not_null())
            .then(pl.lit(UNCODED))
        )


def load_refusals(folder: Path, codes: Mapping[str, CodeList]) -> Refusals:
    """The kinds and words of `folder`/schemas, without any office's own codes.

    Raises:
        AgreementError: a line has another kind than the code list, or words that are not in capitals.
    """
    kinds = codes[KINDS].codes
    words: dict[str, str] = {}
    with (folder / WORDS).open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            if row["code"] not in kinds:
                raise AgreementError(WORDS, line, row["code"], f"is not in {KINDS}.")
            if row["words"] != " ".join(row["words"].upper().split()) or row["words"] in words:
                raise AgreementError(WORDS, line, row["words"], "must be in capitals, and there once.")
            words[row["words"]] = row["code"]
    longest = sorted(words.items(), key=lambda item: (-len(item[0]), item[0]))
    return Refusals(kinds, dict(longest))
