"""What may change under one major version: the working contract against the adopted one, change by change."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jendela.letters.agreement import Contract, Field, contract
from jendela.letters.agreement.compatibility import Change, compatibility, lowest_version, snapshot
from jendela.letters.agreement.contract import editions
from jendela.letters.agreement.generated import freeze, released
from jendela.letters.agreement.json_form import check
from jendela.model.errors import AgreementError
from tests.letters.agreement.letters_of import copy_agreements, valid

ROOT = Path(__file__).parents[3]
AGREED = contract()
NOW = snapshot(AGREED)
LETTER = "termination_letter"


@pytest.mark.parametrize("version", editions(ROOT))
def test_the_working_contract_keeps_what_was_adopted(version: str) -> None:
    """A breaking change fails here unless the major version moved, an additive one unless the minor did."""
    adopted = released(ROOT, version)
    assert adopted is not None, (
        f"edition {version} was never released: python -m jendela.letters.agreement --release"
    )
    working = snapshot(contract(version))
    changes = compatibility(adopted, working)
    lowest = lowest_version(changes, adopted["version"])
    assert _order(working["version"]) >= _order(lowest), "\n".join(
        f"{one.kind}: {one.path} {one.what}" for one in changes
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_nothing_changed_is_no_change() -> None:
    """And needs no new version."""
    assert compatibility(NOW, copy.deepcopy(NOW)) == []
    assert lowest_version([], "1.0.0") == "1.0.0"


def _field(place: str, **changes: Any) -> dict[str, Any]:
    new = copy.deepcopy(NOW)
    new["parts"][LETTER]["fields"][place] |= changes
    return new


def _fields(change: Any) -> dict[str, Any]:
    new = copy.deepcopy(NOW)
    new["parts"][LETTER]["fields"] = change(new["parts"][LETTER]["fields"])
    return new


def _code(name: str, code: str, entry: dict[str, Any] | None) -> dict[str, Any]:
    new = copy.deepcopy(NOW)
    new["codes"][name].pop(code, None)
    if entry is not None:
        new["codes"][name][code] = entry
    return new


def _rule(rule: str, **changes: Any) -> dict[str, Any]:
    new = copy.deepcopy(NOW)
    new["parts"][LETTER]["requirements"][rule] |= changes
    return new


def _without(place: str) -> Any:
    return lambda fields: {name: field for name, field in fields.items() if name != place}


def _with(place: str, like: str, **changes: Any) -> Any:
    return lambda fields: {**fields, place: fields[like] | changes}


PAY, NIK, PLACE = "workers.compensation.thr", "workers.worker.nik", "document.letter_place"
R432 = NOW["codes"]["reason"]["R432"]
CHANGES = {
    "a field is gone": (_fields(_without(PAY)), "breaking"),
    "a field has another element": (_field(PAY, xml="tunjangan_hari_raya"), "breaking"),
    "a text becomes a code": (_field(PLACE, kind="code"), "breaking"),
    "an optional field is required": (_field(PAY, required=True), "breaking"),
    "a required field is optional": (_field(PLACE, required=False), "additive"),
    "a new optional field": (_fields(_with("employer.branch", "employer.npp_division")), "additive"),
    "a new required field": (_fields(_with("employer.branch", "employer.npp")), "breaking"),
    "a required field in a new optional group": (
        _fields(lambda old: {**old, "a": old["workers.worker.occupation"], "a.b": old["employer.npp"]}),
        "additive",
    ),
    "another order": (_fields(lambda old: dict(reversed(old.items()))), "breaking"),
    "a shorter text": (_field(PLACE, max_length=30), "breaking"),
    "a longer text": (_field(PLACE, max_length=90), "additive"),
    "another pattern": (_field(NIK, pattern="^[0-9]{17}$"), "breaking"),
    "no pattern any more": (_field(NIK, pattern=None), "additive"),
    "a higher least": (_field(PAY, minimum=1), "breaking"),
    "a higher most": (_field(PAY, maximum=10**16), "additive"),
    "codes from another list": (_field("workers.worker.sex", codes="zone"), "breaking"),
    "codes are no longer refused": (_field("workers.worker.sex", enumerated=False), "additive"),
    "another class of data": (_field(PLACE, classification="identifying"), "additive"),
    "somebody else needs it": (_field(PLACE, needed_by=["bpjs"]), "additive"),
    "other words": (_field(PLACE, description_id="Kota"), "editorial"),
    "a code is gone": (_code("reason", "R432", None), "breaking"),
    "a new code": (_code("reason", "R999", R432), "additive"),
    "the law ends a code": (_code("reason", "R432", R432 | {"valid_to": "2030-12-31"}), "additive"),
    "a code in other words": (_code("reason", "R432", R432 | {"label_en": "Efficiency"}), "editorial"),
    "a requirement weighs more": (_rule("kpj_of_a_participant", severity="error"), "breaking"),
    "a requirement weighs less": (_rule("nik_of_a_citizen", severity="warning"), "additive"),
    "a requirement asks for more": (_rule("end_of_the_fixed_term", when={}), "breaking"),
    "another namespace": (copy.deepcopy(NOW) | {"namespace": "urn:id:jendela:surat-phk:2.0"}, "breaking"),
}  # fmt: skip


@pytest.mark.parametrize(("new", "kind"), CHANGES.values(), ids=CHANGES.keys())
def test_each_change_has_its_kind(new: dict[str, Any], kind: str) -> None:
    """What an editor of the contract does; the gravest of its changes counts."""
    assert compatibility(NOW, new)[0].kind == kind


def test_the_version_that_changes_need() -> None:
    """Breaking moves the major version, additive the minor, editorial the patch."""
    kinds = {"breaking": "2.0.0", "additive": "1.3.0", "editorial": "1.2.6"}
    for kind, lowest in kinds.items():
        assert lowest_version([Change(kind, "", "")], "1.2.5") == lowest  # type: ignore[arg-type]  # one of the three


@given(data=st.data())
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_a_letter_stays_valid_unless_a_change_is_breaking(data: Any) -> None:
    """The promise itself: any letter of today against a contract that somebody changed somewhere."""
    changed = _changed(data)
    if compatibility(NOW, snapshot(changed)) and compatibility(NOW, snapshot(changed))[0].kind == "breaking":
        return
    assert check(data.draw(valid(AGREED)), changed) == []


def _changed(data: Any) -> Contract:
    """The contract with one property of one field of the letter altered."""
    leaves = [field for field in AGREED.letter.walk() if field.leaf and field.fixed is None]
    chosen = data.draw(st.sampled_from(leaves))
    limits = {"max_length": chosen.max_length, "minimum": chosen.minimum, "maximum": chosen.maximum}
    name = data.draw(
        st.sampled_from([key for key, value in limits.items() if value is not None] or ["required"])
    )
    value: Any = not chosen.required
    if name != "required" and (name in limits):
        value = max(0, (limits[name] or 0) + data.draw(st.sampled_from([-5, -1, 1, 5])))
    fields = tuple(_altered(field, chosen, {name: value}) for field in AGREED.letter.fields)
    return _copy(AGREED, letter=_copy(AGREED.letter, fields=fields))


def _altered(field: Field, chosen: Field, change: dict[str, Any]) -> Field:
    if field is chosen:
        return _copy(field, **change)
    return _copy(field, fields=tuple(_altered(one, chosen, change) for one in field.fields))


def _copy(value: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(value, **changes)


def test_a_release_is_refused_until_the_version_is_raised(tmp_path: Path) -> None:
    """Somebody takes a reason away and freezes the contract as 1.0.0 again."""
    copy_agreements(tmp_path)
    reasons = tmp_path / "schemas/codes/reason.csv"
    lines = reasons.read_text(encoding="utf-8").splitlines(keepends=True)
    reasons.write_text("".join(line for line in lines if not line.startswith("RMUT,")), encoding="utf-8")
    with pytest.raises(AgreementError, match=r"must be at least 2\.0\.0 after these changes"):
        freeze(tmp_path)
