"""The agency's codes in ours: what a label says, and what it denies."""

from __future__ import annotations

import pytest

from jendela.onboard.translate import translated
from tests.onboard.conftest import CODES, VOCABULARY


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("pes_status", "TIDAK AKTIF"),
        ("pes_status", "Belum bekerja"),
        ("pes_status", "Not placed"),
        ("contract_type", "Pegawai tidak tetap"),
        ("employer_status", "Non aktif sementara"),
        ("claim_status", "belum disetujui"),
        ("end_cause", "bukan pensiun"),
    ],
)
def test_a_label_that_denies_a_word_is_asked_and_never_taken_for_it(name: str, label: str) -> None:
    """`Belum bekerja` was placed in work, and `tidak aktif` active."""
    assert translated([label], CODES[name], VOCABULARY, {}) == ({}, 0.0)
    assert translated(["1"], CODES[name], VOCABULARY, {"1": label}) == ({}, 0.0)


@pytest.mark.parametrize(
    ("name", "label", "code"),
    [
        ("contract_type", "Tidak tetap waktu tertentu", None),
        ("contract_type", "waktu tidak tertentu", "PKWTT"),
        ("employer_status", "Tidak aktif", "CLOSED"),
        ("end_cause", "PHK efisiensi", "TERMINATION"),
        ("end_cause", "Pensiun dini", "RETIREMENT"),
    ],
)
def test_a_longer_label_means_the_word_it_begins_or_ends_with(
    name: str, label: str, code: str | None
) -> None:
    """And a whole label that is known means what it is known for, whatever it denies."""
    found, _ = translated([label], CODES[name], VOCABULARY, {})
    assert found == ({label: code} if code else {})
