"""Which records are one establishment beyond doubt: by NPP, division and WLKP code.

BPJS gives an employer an NPP and divides it into divisions; WLKP gives each establishment a code. Most
often an NPP is one establishment. Where its divisions, or the WLKP codes registered under it, lie in several
places, it is several, one a place: a company that pays the contributions of all its branches under one
number. A place is a regency and, where the name says one, the number of a plant; divisions, or codes, of one
regency whose addresses have nothing in common, or of which one has a tax number of its own, are in different
places too.
"""

from __future__ import annotations

import polars as pl

from jendela.identity.cluster.components import components
from jendela.identity.employers.owners import own_numbers

MAIN_DIVISION = "0"


def seated(standard: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """The standard frame with `seat` and `firm` beside it.

    `seat` is the NPP, or one place of it where it is several establishments; null without one, and where the
    row does not say which. `firm` is the least record id of those that share a seat or a WLKP code. The frame
    holds all records of every NPP and code in it; `counts` are those of its keys in the whole register.
    """
    standard = own_numbers(standard, counts)
    standard = standard.with_columns(_seat(standard))
    links = [_to_first(standard, column) for column in ("seat", "wlkp")]
    firms = components(standard["record_id"], pl.concat(links))
    return standard.join(
        firms.rename({"component": "firm"}), on="record_id", how="left", maintain_order="left"
    )


def sure_links(seats: pl.DataFrame) -> pl.DataFrame:
    """`left_id, right_id`: each record of a seat or code with the first of it."""
    found = pl.concat([_to_first(seats, column) for column in ("seat", "wlkp")]).unique()
    return found.filter(pl.col("left_id") != pl.col("right_id"))


def _to_first(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    shared = frame.drop_nulls(column)
    return shared.select(left_id=pl.col("record_id").min().over(column), right_id=pl.col("record_id"))


def _seat(standard: pl.DataFrame) -> pl.Series:
    """The NPP, with the place where its divisions, or the codes under it, lie in more than one."""
    standard = _placed(standard)
    numbered = standard.drop_nulls("npp")
    by_division, by_code = (_places(numbered, column) for column in ("division", "wlkp"))
    several = pl.concat([by_division, by_code]).filter(pl.col("places").list.len() > 1)
    where = several.explode("places").select("npp", place="places", there=pl.lit(value=True)).unique()
    heads = _heads(numbered.join(several.select("npp").unique(), on="npp", how="semi"))
    found = standard.join(where, on=["npp", "place"], how="left", maintain_order="left")
    found = found.join(heads, on="npp", how="left", maintain_order="left")
    divided = pl.col("npp").is_in(several["npp"].unique().implode())
    # A row of WLKP in a place of its own is a site; any other row outside all sites means the head office.
    own = pl.when(pl.col("there") | pl.col("wlkp").is_not_null() | (pl.col("place") == pl.col("head")))
    seat = pl.when(~pl.col("vague")).then(pl.coalesce(own.then("place"), "head"))
    return found.select(
        seat=pl.when(divided).then(pl.format("{}@{}", "npp", seat)).otherwise(pl.col("npp"))
    ).to_series()


def _placed(standard: pl.DataFrame) -> pl.DataFrame:
    """With `place`, and `vague` for rows in a regency with several addresses that say none of them."""
    regency = pl.concat_str("region", pl.format("#{}", "site_number").fill_null(""))
    road = pl.col("street").list.eval(pl.element().sort_by(pl.element().str.len_chars(), descending=True))
    mark = pl.coalesce(road.list.first(), pl.format("branch {}", "branch"))
    standard = standard.with_columns(place=regency, road=mark)
    by_division, by_code = (_roads(standard, column) for column in ("division", "wlkp"))
    roads = pl.concat([by_division, by_code.join(by_division, on=["npp", "place"], how="anti")])
    standard = standard.join(roads, on=["npp", "place"], how="left", maintain_order="left")
    known = pl.col("road").is_in(pl.col("roads")).fill_null(value=False)
    place = (
        pl.when(pl.col("roads").is_null()).then("place").when(known).then(pl.format("{}/{}", "place", "road"))
    )
    return standard.with_columns(place=place, vague=pl.col("roads").is_not_null() & ~known)


def _roads(standard: pl.DataFrame, column: str) -> pl.DataFrame:
    """`npp, place, roads` of the regencies in which several divisions, or codes, are in several roads."""
    listed = standard.drop_nulls(["npp", column, "place", "road"]).group_by("npp", "place")
    roads = listed.agg(roads=pl.col("road").unique(), units=pl.col(column).n_unique())
    return roads.filter((pl.col("units") > 1) & (pl.col("roads").list.len() > 1)).drop("units")


def _heads(numbered: pl.DataFrame) -> pl.DataFrame:
    """`npp, head`: the place of the head office, where the rows of BPJS agree on one."""
    main = pl.col("wlkp").is_null() & (pl.col("division").fill_null(MAIN_DIVISION) == MAIN_DIVISION)
    heads = numbered.filter(main).group_by("npp").agg(head=pl.col("place").drop_nulls().unique())
    return heads.filter(pl.col("head").list.len() == 1).select("npp", head=pl.col("head").list.first())


def _places(numbered: pl.DataFrame, column: str) -> pl.DataFrame:
    """`npp, places`: one place for each division or code."""
    each = numbered.drop_nulls([column, "place"]).group_by("npp", column).agg(pl.col("place").min())
    return each.group_by("npp").agg(places=pl.col("place").unique())
