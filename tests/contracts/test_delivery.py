"""A delivery that breaks its agreement does not load: file, line and field are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

import pytest

from jendela.contracts.delivery import load_deliveries, recipient_office
from jendela.contracts.odcs import PERSON_BLOCK
from jendela.model.errors import AgreementError


@dataclass(frozen=True)
class Plain:
    """A contract's field."""

    name: str
    type: str = "text"
    codes: str | None = None
    refers_to: str | None = None


@dataclass(frozen=True)
class Listing:
    """A contract, or a code list."""

    fields: tuple[Plain, ...] = ()
    codes: frozenset[str] = field(default_factory=frozenset)


PERSON = tuple(Plain("sex", "code", "sex") if name == "sex" else Plain(name) for name in PERSON_BLOCK)
CONTRACTS = {
    "claim": Listing(
        fields=(
            *PERSON,
            Plain("workplace_region", "code", "region"),
            Plain("filed_date", "date"),
            Plain("claim_number"),
        )
    ),
    "pes_registration": Listing(fields=PERSON),
    "pes_activity": Listing(
        fields=(
            Plain("registration_record", refers_to="pes_registration"),
            Plain("applications", "int"),
            Plain("activity_month", "month"),
        )
    ),
}
CODES = {"sex": Listing(codes=frozenset("LP")), "region": Listing(codes=frozenset(("3215", "6471")))}
ENTITLEMENTS = """\
    kemnaker.hi:
      claim:
        purpose: COMPLIANCE
        legal_basis: UU 7/1981
        fields: [nik, sex, workplace_region, filed_date, claim_number, wlkp_code]
    """
DELIVERY = """\
    delivery: claim_status
    entity: claim
    recipient: kemnaker.hi
    target: jdl_klaim
    purpose: COMPLIANCE
    legal_basis: UU 7/1981
    own_keys: [nik]
    fields:
      nik: {from: nik}
      no_klaim: {from: claim_number, max: 20}
      jk: {from: sex, codes: {L: "1", P: "2"}}
      wilayah: {from: workplace_region, as: dotted}
      tgl: {from: filed_date, as: yyyymmdd}
    """


@pytest.fixture
def load(tmp_path):
    """Loads one delivery, with `changes` made to its text, and maybe other entitlements."""

    def loaded(*changes, entitlements=ENTITLEMENTS, office="kemnaker", more=""):
        text = dedent(DELIVERY)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        folder = tmp_path / "mappings" / office
        folder.mkdir(parents=True)
        (tmp_path / "mappings" / "entitlements.yaml").write_text(dedent(entitlements), encoding="utf-8")
        (folder / "deliver_hi_claims.yaml").write_text(text, encoding="utf-8")
        if more:
            (folder / "deliver_more.yaml").write_text(more, encoding="utf-8")
        return load_deliveries(tmp_path, CONTRACTS, CODES)

    return loaded


def test_a_sound_delivery_loads(load):
    """With what the recipient is entitled to, and the columns every inbox has first."""
    (spec,) = load()["kemnaker"]
    assert spec.key == "kemnaker.hi.claim_status"
    assert spec.columns == ("jdl_item", "jdl_seq", "nik", "no_klaim", "jk", "wilayah", "tgl")
    assert spec.own_keys == ("nik",)
    assert spec.entitlement.recipient == "kemnaker.hi"
    assert [field.worked_out for field in spec.fields] == [False] * 5


def test_a_field_the_hub_works_out(load):
    """It is no contract field, and is marked: it never comes back as echo."""
    (spec,) = load(("nik: {from: nik}", "nik: {from: nik}\n  kode: {from: wlkp_code}"))["kemnaker"]
    assert {field.column: field.worked_out for field in spec.fields}["kode"]


@pytest.mark.parametrize(
    ("old", "new", "line", "named", "problem"),
    [
        ("from: nik", "from: nikk", 9, "nikk", "is not a field of claim."),
        (
            "from: claim_number",
            "from: phone",
            10,
            "phone",
            "is not granted to kemnaker.hi in mappings/entitlements.yaml.",
        ),
        ('{L: "1", P: "2"}', '{L: "1"}', 11, "jk", "does not translate P of sex."),
        (
            '{L: "1", P: "2"}',
            '{L: "1", P: "2", X: "3"}',
            11,
            "jk",
            "translates X, which sex does not have.",
        ),
        (
            'codes: {L: "1", P: "2"}',
            "as: upper",
            11,
            "jk",
            "sex is coded: translate every code, or say `as: agreed-code`.",
        ),
        ("as: yyyymmdd", "as: rupiah", 13, "tgl", "rupiah cannot write a date; use one of d/m/yyyy, dd"),
        ("max: 20", "codes: {A: B}", 10, "no_klaim", "claim_number is not coded: it needs no translation."),
        ("own_keys: [nik]", "own_keys: [kpj]", 7, "kpj", "is a key of the recipient but no column of this"),
        ("own_keys: [nik]", "own_keys: []", 7, "own_keys", "at least 1 item"),
        ("entity: claim", "entity: employer", 2, "employer", "is not something that the hub delivers."),
        ("entity: claim", "entity: pes_activity", 3, "kemnaker.hi", "has no entitlement to pes_activity."),
        ("recipient: kemnaker.hi", "recipient: bpjs", 3, "bpjs", "is not a desk of kemnaker"),
        ("purpose: COMPLIANCE", "purpose: PES", 5, "purpose", "differs from the entitlement's"),
        (
            "purpose: COMPLIANCE",
            "purpose: COMPLIANCE\nscope: everybody",
            6,
            "everybody",
            "is not one of all,",
        ),
        (
            "no_klaim: {from",
            "ack_status: {from",
            10,
            "ack_status",
            "is a column that every inbox has already.",
        ),
        ("target: jdl_klaim", "target: jdl klaim", 4, "target", "should match pattern"),
        ("own_keys: [nik]", "own_keys: [nik]\nwages: true", 8, "wages", "is not a key of this kind of file"),
    ],
)
def test_what_does_not_load(load, old, new, line, named, problem):
    """One rule each: the message says where and what."""
    with pytest.raises(AgreementError) as error:
        load((old, new))
    assert (error.value.file, error.value.line, error.value.field) == (
        "mappings/kemnaker/deliver_hi_claims.yaml",
        line,
        named,
    )
    assert problem in error.value.problem


def test_a_missing_key_is_named(load):
    """There is no line for what is not there."""
    with pytest.raises(AgreementError, match="legal_basis: is missing: add it"):
        load(("legal_basis: UU 7/1981\n", ""))


def test_an_entitlement_for_a_field_that_nobody_has(load):
    """A grant is read as strictly as a delivery."""
    with pytest.raises(AgreementError) as error:
        load(entitlements=ENTITLEMENTS.replace("wlkp_code", "wage"))
    assert (error.value.file, error.value.line, error.value.field) == (
        "mappings/entitlements.yaml",
        5,
        "wage",
    )


def test_an_entitlement_to_something_never_delivered(load):
    """There are no employers to be granted."""
    with pytest.raises(AgreementError, match="employer: is not something that the hub delivers"):
        load(entitlements=ENTITLEMENTS.replace("claim:", "employer:"))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("target: jdl_klaim", "target: jdl_other"), "is delivered twice to kemnaker.hi"),
        (("delivery: claim_status", "delivery: claims"), "is the target of another delivery"),
    ],
)
def test_two_deliveries_must_not_meet(load, change, problem):
    """Neither under one name nor in one inbox table."""
    with pytest.raises(AgreementError, match=problem):
        load(more=dedent(DELIVERY).replace(*change))


def test_the_office_of_a_recipient():
    """A desk belongs to the office whose inbox it reads."""
    assert recipient_office("bpjs") == "bpjs"
    assert recipient_office("kemnaker.pes") == "kemnaker"
    assert recipient_office("dinas.3215.hi") == "dinas_3215"


def test_what_is_granted_to_a_desk_everywhere(load):
    """`kemnaker.*.hi` is the HI desk of every office; an entry of one's own takes its place."""
    everywhere = ENTITLEMENTS.replace("kemnaker.hi:", "dinas.*.hi:", 1)
    deliver = ("recipient: kemnaker.hi", "recipient: dinas.3215.hi")
    (spec,) = load(deliver, entitlements=everywhere, office="dinas_3215")["dinas_3215"]
    assert (spec.entitlement.recipient, spec.entitlement.purpose) == ("dinas.3215.hi", "COMPLIANCE")


def test_an_entry_of_ones_own_takes_the_place_of_everybodys(load):
    """Narrower for one office: what the others see, it does not."""
    grant = dedent(ENTITLEMENTS)
    own = grant.replace("kemnaker.hi:", "dinas.3215.hi:").replace("claim_number, ", "")
    both = grant.replace("kemnaker.hi:", "dinas.*.hi:") + own
    deliver = ("recipient: kemnaker.hi", "recipient: dinas.3215.hi")
    with pytest.raises(AgreementError, match=r"claim_number: is not granted to dinas\.3215\.hi"):
        load(deliver, entitlements=both, office="dinas_3215")


@pytest.mark.parametrize("name", ["dinas.3215.*", "*.3215.hi", "dinas.*", "dinas.*.*"])
def test_only_the_office_of_a_desk_may_be_everybody(load, name):
    """A grant to every desk of an office, or to everybody, is never meant."""
    with pytest.raises(AgreementError, match="may have \\* for the office only"):
        load(entitlements=ENTITLEMENTS.replace("kemnaker.hi:", f'"{name}":', 1))
