"""References between feeds are judged when the agreements are loaded, not when a night runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.model.errors import AgreementError

ROOT = Path(__file__).parents[2]
PAYMENTS, MONTHS = "mappings/bpjs/bayar_manfaat.yaml", "mappings/bpjs/iuran_tk.yaml"
SPOILT = [
    (PAYMENTS, "refers: bpjs.klaim_jkp", "refers: bpjs.klaim", "claim_record", "is no feed with a key of 1"),
    (PAYMENTS, "refers: bpjs.klaim_jkp", "refers: bpjs.surat_klaim", "claim_record", "makes no claim."),
    (MONTHS, "key: [KPJ, NPP, URUT_KEPESERTAAN]}", "key: [KPJ, NPP]}", "spell_record", "a key of 2 columns"),
    (PAYMENTS, "{refers: bpjs.klaim_jkp, key: [NO_KLAIM]}", "{from: NO_KLAIM}", "claim_record", "else does"),
    (PAYMENTS, "keyed: bank_account", "keyed: anything", "account_reference", "hashed for one of"),
    (PAYMENTS, "key: [KD_BANK, NO_REKENING]", "key: []", "account_reference", "needs key"),
    (PAYMENTS, "alike: [ATAS_NAMA, NAMA_PEMOHON]", "alike: [ATAS_NAMA]", "holder_likeness", "two columns"),
    (PAYMENTS, "[ATAS_NAMA, NAMA_PEMOHON]", "[ATAS_NAMA, NAMA]", "NAMA", "but not in columns"),
    (
        "schemas/benefit_payment.odcs.yaml",
        "refersTo, value: claim",
        "refersTo, value: employer",
        "claim_record",
        "refers from an entity without the person block to one with it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "field", "problem"), SPOILT)
def test_a_reference_that_leads_nowhere_is_named(tmp_path, file, old, new, field, problem):
    """File, field and what is wrong."""
    for part in ("schemas", "mappings"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AgreementError) as caught:
        load_agreements(tmp_path)
    assert problem in str(caught.value)
    assert field in str(caught.value)
    assert file in str(caught.value)
