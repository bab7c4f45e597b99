"""The certain tier: a number that is one person's, and a name that does not contradict it.

Equal NIK is evidence, not identity: with another name it is a finding (`shared_nik`), never a link.
Source: DOMAIN 3.7.
"""

from __future__ import annotations

import polars as pl

from jendela.identity import agreement as name
from jendela.identity import evidence as grade

CERTAIN = "certain"


def certain(evidence: pl.DataFrame) -> pl.DataFrame:
    """`evidence` with `verdict` (`link`, `apart`, null: to be scored) and `finding`, the reason to part.

    link   equal NIK and compatible names; or equal KPJ, compatible names and no other birth date
    apart  equal NIK and another name, or a name that only could be the same with another birth date and
           nothing to speak for it (`shared_nik`); the same for a KPJ (`shared_kpj`)
    """
    names, births = pl.col("name_grade"), pl.col("birth_grade")
    other_birth = (births == grade.BIRTH_DIFFERENT).fill_null(value=False)
    other_sex = (pl.col("sex_grade") == 0).fill_null(value=False)
    # Two slips in one birth date happen; what else they have in common outweighs them.
    two_people = (
        (names == name.DIFFERENT)
        | ((names <= name.PARTLY) & (other_birth | other_sex))
        | ((names <= name.COMPATIBLE) & other_birth & ~grade.corroborated())
    )
    one_name = (names >= name.SPELT) | ((names >= name.SLIPPED) & ~other_birth)
    nik = (pl.col("nik_grade") == grade.NIK_SAME).fill_null(value=False)
    kpj = (pl.col("kpj_grade") == 1).fill_null(value=False)
    linked = (nik & one_name) | (kpj & (names >= name.SLIPPED) & ~other_birth)
    finding = (
        pl.when(nik & two_people)
        .then(pl.lit("shared_nik"))
        .when(kpj & two_people & ~linked)
        .then(pl.lit("shared_kpj"))
    )
    verdict = pl.when(finding.is_not_null()).then(pl.lit("apart")).when(linked).then(pl.lit("link"))
    return evidence.with_columns(verdict.alias("verdict"), finding.alias("finding"))
