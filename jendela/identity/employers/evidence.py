"""How much speaks for two records being one establishment: how many others could the second as well be?

The measure is `others`: how many other establishments would be expected to agree as far as this one does, if
the two were not the same. Without a rival the probability is then 1 / (1 + others). Numbers that contradict
leave no evidence. Every figure below is one of docs/reference/employers.md.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.employers.keys import IN_AREA, IN_COUNTRY, names_of
from jendela.identity.employers.likeness import (
    CUT,
    JOINED,
    LIGHT,
    OTHER,
    SAME,
    SLIP,
    SLIPS,
    WIDER,
    name_grades,
)

# How much more often a name agrees so by chance; and the same where the legal entity is the same.
BY_NAME = {SAME: 1.0, JOINED: 1.5, LIGHT: 8.0, CUT: 5.0, SLIP: 10.0, SLIPS: 30.0, WIDER: 100.0}
BY_NAME_OF_ENTITY = {
    SAME: 1.0,
    JOINED: 1.0,
    LIGHT: 1.0,
    CUT: 1.0,
    SLIP: 1.0,
    SLIPS: 1.2,
    WIDER: 2.0,
    OTHER: 20.0,
}
NAMELESS = 3.0  # of one entity, and one of the two says no name
# Further establishments of one legal entity in the same area; and where one of its few lies elsewhere.
ENTITY_IN_AREA, ENTITY_ELSEWHERE = 0.02, 0.04
# A name borne by many in the country is borne twice in one area, the more so as firms crowd in few areas.
CROWDING = 0.01
COMMON = 50  # bearers from which on a name alone says nothing
NO_EVIDENCE = 1e6
# Where more than so many others are expected, a record is neither a candidate nor a rival.
MOST_OTHERS = 20.0


def weighed(
    pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, bearers: pl.DataFrame
) -> pl.DataFrame:
    """`left_id, right_id, weight, grade, afar`: the pairs for which anything speaks.

    Args:
        pairs: `left_id, right_id` of records to compare.
        left: the standard frame of the left ones.
        right: that of the right ones.
        bearers: `letters, bearers`: how many in the country bear a name, by its `core` key.

    `weight` is 1 / others; `afar` tells that the legal entity is the same but not the area, if said.
    """
    both = pairs.join(left, left_on="left_id", right_on="record_id", how="left")
    both = both.join(right, left_on="right_id", right_on="record_id", how="left", suffix="_b")
    npwp, nib = _agreement("npwp"), _agreement("nib")
    both = both.with_columns(entity=(npwp == 1) | (nib == 1), split=(npwp == -1) | (nib == -1))
    # Before names are compared, which costs most: numbers, sites and forms.
    sites = (_agreement("site") == -1) | (_agreement("site_number") == -1) | _elsewhere()
    apart = (
        (_agreement("wlkp") == -1)
        | (_same_branch() == -1)
        | sites
        | (pl.col("split") & ~pl.col("entity"))
        | (~pl.col("entity") & ((_agreement("form") == -1) | (_agreement("area") == -1)))
    )
    both = both.filter(~apart).join(
        _best_names(both.select("left_id", "right_id"), left, right, bearers),
        on=["left_id", "right_id"],
        how="left",
    )
    others = pl.when("entity").then(_of_entity()).otherwise(_by_name()) * _circumstances()
    near = (pl.col("area") == pl.col("area_b")).fill_null(value=False)
    both = both.with_columns(weight=1 / others, afar=pl.col("entity") & ~near)
    return both.filter(pl.col("weight") >= 1 / MOST_OTHERS).select(
        "left_id", "right_id", "weight", "grade", "afar"
    )


def self_evident(name: pl.Expr, share: pl.Expr, bearers: pl.Expr) -> pl.Expr:
    """How many others in its area bear a name, of which only the name is known."""
    return pl.when(name.is_not_null()).then(_chance(share, bearers, IN_AREA))


def _best_names(
    pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, bearers: pl.DataFrame
) -> pl.DataFrame:
    """`left_id, right_id, grade, share, bearers` of the two names, of those each bears, that agree best."""
    named = pairs.join(names_of(left).rename({"record_id": "left_id", "name": "left_name"}), on="left_id")
    named = named.join(names_of(right).rename({"record_id": "right_id", "name": "right_name"}), on="right_id")
    grades = name_grades(named.select("left_name", "right_name").unique(maintain_order=True))
    for letters in ("letters", "letters_right"):
        known = bearers.rename({"letters": letters, "bearers": f"{letters}_bearers"})
        grades = grades.join(known, on=letters, how="left", maintain_order="left")
    named = named.join(grades, on=["left_name", "right_name"], maintain_order="left")
    best = named.sort("grade", "share", descending=[True, False]).unique(
        ["left_id", "right_id"], keep="first", maintain_order=True
    )
    most = pl.max_horizontal("letters_bearers", "letters_right_bearers").fill_null(1)
    return best.select("left_id", "right_id", "grade", "share", bearers=most)


def _by_name() -> pl.Expr:
    """Others of that name, in the area or, where one side says none, in the country."""
    times = pl.col("grade").replace_strict(BY_NAME, default=None, return_dtype=pl.Float64)
    in_area = pl.col("area") == pl.col("area_b")
    chance = (
        pl.when(in_area)
        .then(_chance(pl.col("share"), pl.col("bearers"), IN_AREA))
        .otherwise(_chance(pl.col("share"), pl.col("bearers"), IN_COUNTRY))
    )
    return times * chance


def _chance(share: pl.Expr, bearers: pl.Expr, population: int) -> pl.Expr:
    crowded = (bearers - 1) * (CROWDING if population == IN_AREA else CROWDING * IN_COUNTRY / IN_AREA)
    expected = pl.max_horizontal(share * population, crowded)
    return pl.when(bearers > COMMON).then(NO_EVIDENCE).otherwise(expected)


def _of_entity() -> pl.Expr:
    """Other establishments of the same legal entity; elsewhere only one of the same name counts."""
    times = pl.col("grade").replace_strict(BY_NAME_OF_ENTITY, default=None, return_dtype=pl.Float64)
    in_area = (pl.col("area") == pl.col("area_b")).fill_null(value=False)
    doubt = pl.when("split").then(5.0).otherwise(1.0)
    same_name = pl.col("grade") >= JOINED
    within = ENTITY_IN_AREA * times.fill_null(NAMELESS)
    elsewhere = pl.when(same_name & (_agreement("form") != -1)).then(ENTITY_ELSEWHERE)
    own_branch = pl.when(_same_branch() == 1).then(0.1).otherwise(1.0)
    return pl.when(in_area).then(within).otherwise(elsewhere) * doubt * own_branch


def _circumstances() -> pl.Expr:
    """Form, size, address, regency and the number of a site that only one side states, as factors."""
    one_sided = pl.col("site_number").is_null() != pl.col("site_number_b").is_null()
    site = pl.when(one_sided).then(20.0).when(_agreement("site_number") == 1).then(0.2).otherwise(1.0)
    # One area, but two regencies: kabupaten and kota of one name.
    twins = (pl.col("region") != pl.col("region_b")) & (pl.col("area") == pl.col("area_b"))
    regency = pl.when(twins).then(2.5).otherwise(1.0)
    form = pl.when(_agreement("form") == 1).then(0.7).otherwise(1.0)
    distance = (pl.col("size") - pl.col("size_b")).abs()
    size = pl.when(distance == 0).then(0.7).when(distance >= 2).then(5.0).otherwise(1.0)
    common = pl.col("street").list.set_intersection("street_b").list.len()
    shorter = pl.min_horizontal(pl.col("street").list.len(), pl.col("street_b").list.len())
    same_street = (common >= 2) & (common / shorter >= 0.75)
    same_post = pl.col("postcode") == pl.col("postcode_b")
    other_street = (shorter >= 2) & (common == 0) & ~same_post.fill_null(value=False)
    address = (
        pl.when(same_street).then(0.02).when(same_post).then(0.1).when(other_street).then(3.0).otherwise(1.0)
    )
    return form * size * address * site * regency


def _same_branch() -> pl.Expr:
    """As `_agreement`; the places of a NITKU and the branches of an older NPWP cannot be compared."""
    alike = pl.col("branch").str.len_chars() == pl.col("branch_b").str.len_chars()
    return pl.when(alike).then(_agreement("branch")).otherwise(0)


def _elsewhere() -> pl.Expr:
    """The two sites are named after places without a word in common."""
    one, other = (pl.col(place).str.split(" ") for place in ("site_place", "site_place_b"))
    return (one.list.set_intersection(other).list.len() == 0).fill_null(value=False)


def _agreement(column: str) -> pl.Expr:
    """1 both say the same, -1 they contradict, 0 one of them says nothing."""
    one, other = pl.col(column), pl.col(f"{column}_b")
    return pl.when(one.is_null() | other.is_null()).then(0).when(one == other).then(1).otherwise(-1)
