"""What one delivery should tell its recipient tonight: the register as that recipient may see it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver.flows import referring
from jendela.deliver.known import Known
from jendela.deliver.letter_status import letter_statuses
from jendela.deliver.letters import letters_for_bpjs, letters_lacking
from jendela.deliver.links import (
    first_by_fact,
    in_region,
    latest_by_fact,
    with_job_seeker,
    with_participant,
    with_receipt,
    with_wlkp_code,
    with_workplace,
)


@dataclass(frozen=True)
class Desired:
    """`items` has the canonical clear fields as text, one row an item, in order of `item_key`.

    Beside them: `_record` and `_office`, the record that speaks and who holds it; `_person` and `_own`, the
    records to open for the person's identifying fields and for the recipient's own key; `_copied`, whether a
    letter is copied to the recipient. `settled` are items that are no longer told, because the recipient has
    its own copy by now: they are not retracted.
    """

    items: pl.DataFrame
    settled: pl.Series


def desired(spec: DeliverySpec, known: Known) -> Desired:
    """All items of one delivery, unchanged ones included.

    Raises:
        ValueError: nobody says here what a delivery of this entity tells.
    """
    settled = pl.Series("fact_id", [], dtype=pl.String)
    region = spec.recipient.split(".")[1] if spec.office.startswith("dinas_") else None
    match spec.entity:
        case "employment":
            items = _registrations(spec, known)
        case "claim":
            items = _claims(spec, known)
        case "letter_status":
            items = letter_statuses(known)
        case "pes_registration":
            items = _job_seekers(spec, known)
        case "dispute":
            items = latest_by_fact(known.held_by_others("dispute", spec.office), "recorded_date")
        case entity if entity in known.references:
            items = referring(spec, known)
        case "termination_letter" if spec.scope.startswith("lacking"):
            items, settled = letters_lacking(known, spec.office, region)
        case "termination_letter":
            items = letters_for_bpjs(known)
        case _:
            raise ValueError(f"Nobody says what a delivery of {spec.entity} tells its recipient.")
    if spec.office == "bpjs":
        items = with_participant(items, known)
    if spec.scope in ("known_persons", "placed"):
        items = items.filter(pl.col("_own").is_not_null())
    if spec.scope.endswith("region") and region is not None:
        items = in_region(items, region)
    return Desired(_shaped(items), settled)


def _registrations(spec: DeliverySpec, known: Known) -> pl.DataFrame:
    """The spells as BPJS has them; the PES gets those that ended and those of registered job-seekers."""
    spells = latest_by_fact(known.held_by("employment", "bpjs"), "start_date")
    if spec.scope.startswith("job_seekers"):
        seeking = known.copies["pes_registration"].select("person_id").unique()
        ended = spells.filter(pl.col("end_date").is_not_null())
        active = spells.filter(pl.col("end_date").is_null()).join(seeking, on="person_id", how="semi")
        spells = pl.concat([ended, active])
    return _with_keys(spells, spec, known, "end_date")


def _claims(spec: DeliverySpec, known: Known) -> pl.DataFrame:
    claims = latest_by_fact(known.held_by("claim", "bpjs"), "filed_date")
    return _with_keys(claims, spec, known, "termination_date")


def _job_seekers(spec: DeliverySpec, known: Known) -> pl.DataFrame:
    """Registrations at the central service or an office; the central one speaks where both have it."""
    others = known.held_by_others("pes_registration", spec.office)
    return first_by_fact(others, pl.col("office") != "kemnaker", pl.col("office"))


def _with_keys(items: pl.DataFrame, spec: DeliverySpec, known: Known, about: str) -> pl.DataFrame:
    placed = with_wlkp_code(with_workplace(items, known), known)
    return with_job_seeker(with_receipt(placed, known, about, spec.office), known, spec.office)


def _shaped(items: pl.DataFrame) -> pl.DataFrame:
    named = items.rename({"fact_id": "item_key", "record_id": "_record", "office": "_office"})
    absent = {"_person": pl.col("_record"), "_own": pl.lit(None, dtype=pl.String), "_copied": pl.lit(False)}
    return named.with_columns(
        made.alias(name) for name, made in absent.items() if name not in named.columns
    ).sort("item_key")
