"""Everything the agencies agreed loads as one, and says where it does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.letters.columns import COLUMNS
from jendela.model.errors import AgreementError

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def agreements():
    """The installed agreements."""
    return load_agreements()


@pytest.fixture
def copy(tmp_path):
    """A copy of the agreements that a test may spoil."""
    for part in ("schemas", "mappings"):
        shutil.copytree(HERE / part, tmp_path / part, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path


def _edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_agencies_and_their_feeds(agreements):
    """The two bodies at the centre, and what the first labour offices give."""
    feeds = {name: sorted(office.feeds) for name, office in agreements.offices.items()}
    assert {
        "bpjs": [
            "bpjs.bayar_manfaat",
            "bpjs.henti_manfaat",
            "bpjs.iuran_tk",
            "bpjs.klaim_jkp",
            "bpjs.perusahaan",
            "bpjs.surat_klaim",
            "bpjs.tk_kepesertaan",
        ],
        "dinas_3215": ["dinas_3215.laporan_phk", "dinas_3215.pencari_kerja", "dinas_3215.surat_tembusan"],
        "dinas_6471": ["dinas_6471.berkas_phk"],
        "dinas_7371": ["dinas_7371.lap_phk", "dinas_7371.surat_masuk"],
        "kemnaker": [
            "kemnaker.ephi_pb",
            "kemnaker.ephi_perselisihan",
            "kemnaker.karirhub_rujukan",
            "kemnaker.pes_aktivitas",
            "kemnaker.pes_pemberitahuan",
            "kemnaker.pes_pendaftaran",
            "kemnaker.skillhub_kehadiran",
            "kemnaker.wlkp_perusahaan",
            "kemnaker.wlkp_tenaga_kerja",
        ],
    }.items() <= feeds.items()


def test_labour_offices_in_three_time_zones(agreements):
    """Each is a real regency or city in the zone of its province, in the pool of all, with three desks."""
    provinces = agreements.codes["region"]
    dinas = [office for office in agreements.offices.values() if office.region]
    assert {office.zone for office in dinas} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    for office in dinas:
        assert office.id == f"dinas_{office.region}"
        assert office.agency == "dinas"
        assert office.region in provinces.codes
        assert set(office.recipients) == {
            f"dinas.{office.region}.{desk}" for desk in ("hi", "pes", "inspection")
        }
        assert {spec.recipient for spec in office.deliveries.values()} == set(office.recipients)


def test_only_the_offices_served_are_read_to_the_end(copy):
    """A hub that serves two is not stopped by the mapping of a third; that it has one, it still knows."""
    _edit(copy, "mappings/dinas_3215/laporan_phk.yaml", "mode: snapshot", "mode: whenever")
    _edit(copy, "mappings/dinas_3215/deliver_hi_letters.yaml", "scope: lacking_region", "scope: nobody")
    with pytest.raises(AgreementError, match="dinas_3215"):
        load_agreements(copy)
    served = load_agreements(copy, served=("bpjs", "kemnaker")).offices
    assert (served["dinas_3215"].region, served["dinas_3215"].feeds) == ("3215", {})
    assert served["bpjs"].feeds
    with pytest.raises(AgreementError, match="dinas_9999: is to be served"):
        load_agreements(copy, served=("bpjs", "dinas_9999"))


def test_all_four_modes_are_used(agreements):
    """Delta, snapshot, append and drop, each by at least one feed."""
    modes = {feed.source.mode for office in agreements.offices.values() for feed in office.feeds.values()}
    assert modes == {"delta", "snapshot", "append", "drop"}


def test_every_entity_is_made_by_some_feed_and_complete_in_each(agreements):
    """A contract's fields are the mapped ones and those with a reason, none left out, none twice."""
    made = set()
    for office in agreements.offices.values():
        for feed in office.feeds.values():
            for entity, mapping in feed.targets.items():
                made.add(entity)
                names = {field.name for field in agreements.contracts[entity].fields}
                assert set(mapping.fields) | set(mapping.absent) == names, feed.name
                assert not set(mapping.fields) & set(mapping.absent), feed.name
    assert made == set(agreements.contracts)


def test_every_recipient_belongs_to_one_office(agreements):
    """Deliveries and entitlements name recipients; each is somebody's."""
    assert agreements.recipients["dinas.6471.pes"] == "dinas_6471"
    assert {
        spec.recipient for office in agreements.offices.values() for spec in office.deliveries.values()
    } <= set(agreements.recipients)


def test_letters_have_the_columns_that_their_feed_asks_for(agreements):
    """What the reader of letters gives is what the feed of letters agreed."""
    assert agreements.feed("dinas_6471.berkas_phk").source.columns == COLUMNS


def test_bank_accounts_and_identity_papers_of_others_are_never_asked_for(agreements):
    """Nothing is pulled that no field needs: no account number, no marital status, no benefit amount."""
    asked = {
        origin
        for office in agreements.offices.values()
        for feed in office.feeds.values()
        for origins in feed.origins.values()
        for origin in origins
    }
    assert not asked & {
        ("KLAIM_JKP", "NO_REKENING"),
        ("KLAIM_JKP", "ATAS_NAMA"),
        ("KLAIM_JKP", "MANFAAT_BULANAN"),
        ("TK_BIODATA", "STATUS_KAWIN"),
        ("WLKP_TENAGA_KERJA", "disabilitas"),
    }


def test_an_unknown_cause_is_never_taken_for_a_dismissal_or_a_resignation(agreements):
    """'Lain-lain' and 'tidak diketahui' stay unknown (never R50, never TERMINATION)."""
    causes = agreements.feed("bpjs.tk_kepesertaan").targets["employment"].fields["end_cause"].codes
    assert causes["99"] == "UNKNOWN"
    wlkp = agreements.feed("kemnaker.wlkp_tenaga_kerja").targets["employment"].fields["end_cause"].codes
    assert wlkp["9"] == "UNKNOWN"
    reasons = agreements.feed("bpjs.surat_klaim").targets["termination_letter"].fields["reason_code"].codes
    assert reasons["XX"] == "RUNK"


def test_the_digest_covers_every_byte_of_every_file(agreements, copy):
    """The same files, the same digest; one blank more, another."""
    before = load_agreements(copy).digest
    assert agreements.digest == before
    path = copy / "mappings" / "survivorship.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_agreements(copy).digest != before


SPOILT = {
    "an agency gets a code that nobody translated": (
        (
            "mappings/bpjs/dictionary.csv",
            "SEBAB_NA,,,,99,",
            "SEBAB_NA,,,,10,Pensiun dini\nTK_KEPESERTAAN,SEBAB_NA,,,,99,",
        ),
        r"mappings/bpjs/tk_kepesertaan.yaml:\d+: end_cause: code '10' of SEBAB_NA is not translated.",
    ),
    "a column of an agency is renamed": (
        ("mappings/kemnaker/dictionary.csv", "WLKP_TENAGA_KERJA,upah,", "WLKP_TENAGA_KERJA,gaji,"),
        r"mappings/kemnaker/wlkp_tenaga_kerja.yaml:\d+: upah: WLKP_TENAGA_KERJA.upah is not in mappings/",
    ),
    "a feed is not named as its file": (
        ("mappings/bpjs/perusahaan.yaml", "feed: bpjs.perusahaan", "feed: bpjs.firma"),
        r"mappings/bpjs/perusahaan.yaml:2: feed: must be bpjs.perusahaan, as the file is named.",
    ),
    "an office is not named as its folder": (
        ("mappings/bpjs/office.yaml", "office: bpjs", "office: jamsostek"),
        r"mappings/bpjs/office.yaml:1: office: is jamsostek, but the folder is bpjs.",
    ),
    "there is no such time zone": (
        ("mappings/bpjs/office.yaml", "Asia/Jakarta", "Asia/Batavia"),
        r"mappings/bpjs/office.yaml:\d+: zone: Asia/Batavia is not an IANA time zone.",
    ),
    "a refusal is of no agreed kind": (
        ("mappings/bpjs/office.yaml", "K07: UNREADABLE", "K07: ILLEGIBLE"),
        r"mappings/bpjs/office.yaml:\d+: K07: is ILLEGIBLE, which is not in refusal_reason.",
    ),
    "a connection is a URL and not a name": (
        ("mappings/bpjs/office.yaml", "connection: BPJS\n", "connection: sqlite:///smile.sqlite\n"),
        r"mappings/bpjs/office.yaml:\d+: connection: String should match pattern",
    ),
    "two offices have one recipient": (
        ("mappings/kemnaker/office.yaml", "recipients: [kemnaker.hi", "recipients: [bpjs, kemnaker.hi"),
        r"mappings/kemnaker/office.yaml: bpjs: is a recipient of bpjs too.",
    ),
    "an agency has no place in an order": (
        ("mappings/survivorship.yaml", "default: [bpjs, dinas, kemnaker]", "default: [bpjs, dinas]"),
        r"mappings/survivorship.yaml:\d+: kemnaker: has no place in this order.",
    ),
    "an order names a field that does not exist": (
        ("mappings/survivorship.yaml", "    wlkp_code:", "    wlkp:"),
        r"mappings/survivorship.yaml:\d+: wlkp: is not in the contract of employment.",
    ),
    "an order names nobody known": (
        ("mappings/survivorship.yaml", "default: [bpjs,", "default: [jamsostek, bpjs,"),
        r"mappings/survivorship.yaml:\d+: jamsostek: is neither an agency nor an office.",
    ),
    "an order is for no entity": (
        ("mappings/survivorship.yaml", "  claim:", "  klaim:"),
        r"mappings/survivorship.yaml:\d+: klaim: is not an entity.",
    ),
    "an agency without an office is ranked": (
        ("mappings/survivorship.yaml", "agencies: [bpjs,", "agencies: [oss, bpjs,"),
        r"mappings/survivorship.yaml:\d+: oss: must be named here if and only if it has an office.",
    ),
}


@pytest.mark.parametrize(("edit", "message"), SPOILT.values(), ids=SPOILT.keys())
def test_what_contradicts_is_named(copy, edit, message):
    """One file changed, and the file that no longer agrees with it is named with line and field."""
    _edit(copy, *edit)
    with pytest.raises(AgreementError, match=message):
        load_agreements(copy)


def test_a_folder_without_offices_is_refused(copy):
    """An empty agreement is not an agreement."""
    for path in (copy / "mappings").glob("*/office.yaml"):
        path.unlink()
    for path in (copy / "mappings").glob("*/deliver_*.yaml"):
        path.unlink()
    with pytest.raises(AgreementError, match="no office is agreed here"):
        load_agreements(copy)


def test_who_wins_for_a_field(agreements):
    """A field's own order, else its entity's, else the default; two offices of one agency share a rank."""
    order = agreements.survivorship
    assert order.order("employment", "wage_reported") == ("bpjs", "kemnaker", "dinas")
    assert order.order("employment", "wlkp_code") == ("kemnaker", "dinas", "bpjs")
    ranks = order.ranks("termination_letter", "reason_code", agreements.offices)
    assert (ranks.pop("bpjs"), ranks.pop("kemnaker"), set(ranks.values())) == (1, 2, {0})
