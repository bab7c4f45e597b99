"""The text columns of one worker's row in a letter file, named by their place in the agreed form."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

SECTIONS: dict[str, tuple[str, ...]] = {
    "surat": (
        "jenis_surat",
        "nomor_surat",
        "tanggal_surat",
        "tempat_surat",
        "zona_waktu",
        "nomor_surat_diganti",
        "tembusan/kode_kantor",
        "asal",
    ),
    "pengusaha": (
        "nama_pengusaha",
        "npp",
        "nib",
        "npwp",
        "kode_wlkp",
        "skala_usaha",
        "wilayah_kerja",
    ),
    "pekerja": (
        "@urut",
        "nik",
        "nama_lengkap",
        "kpj",
        "tanggal_lahir",
        "tempat_lahir",
        "jenis_kelamin",
        "nama_ibu_kandung",
        "kewarganegaraan",
        "alamat_domisili/jalan",
        "alamat_domisili/kode_wilayah",
        "telepon",
        "surel",
        "hubungan_kerja/jenis_hubungan",
        "hubungan_kerja/nomor_kontrak",
        "hubungan_kerja/tanggal_mulai",
        "hubungan_kerja/tanggal_akhir_kontrak",
        "hubungan_kerja/jabatan_terakhir",
        "hubungan_kerja/upah_pokok",
        "hubungan_kerja/tunjangan_tetap",
        "hubungan_kerja/upah_dilaporkan_bpjs",
        "hubungan_kerja/tanggal_kerja_terakhir",
        "pengakhiran/kode_alasan",
        "pengakhiran/uraian_alasan",
        "pengakhiran/pemrakarsa",
        "pengakhiran/tanggal_pemberitahuan",
        "pengakhiran/tanggal_berlaku",
        "pengakhiran/tanggal_mangkir_pertama",
        "pengakhiran/tanggal_permohonan_pengunduran_diri",
        "kompensasi/pesangon",
        "kompensasi/upmk",
        "kompensasi/uph/jumlah",
        "kompensasi/uang_pisah",
        "kompensasi/kompensasi_pkwt",
        "kompensasi/total_bruto",
        "kompensasi/total_neto",
    ),
    "penerimaan": (
        "nomor_tanda_terima",
        "tanggal_terima",
        "kode_kantor",
        "tanggapan_pekerja",
        "tanggal_tanggapan",
        "jenis_bukti",
        "tahap_perselisihan",
        "nomor_pb",
        "tanggal_pb",
    ),
}
LANDED = ("document_sha256", "signature_status", "dropped_date")
COLUMNS = (*(f"{section}/{name}" for section, names in SECTIONS.items() for name in names), *LANDED)
"""All columns in order: those of the form, then what the hub itself knows of the file."""


def primary_reason(reasons: Sequence[tuple[str, bool]]) -> str | None:
    """The primary of (code, marked as primary): the only one, or of several the only one that is marked."""
    marked = [code for code, primary in reasons if primary] if len(reasons) > 1 else [c for c, _ in reasons]
    return marked[0] if len(marked) == 1 else None


def total(amounts: Sequence[str]) -> str | None:
    """The sum of amounts as text; null without any, or where one is no amount."""
    try:
        return str(sum(map(Decimal, amounts), Decimal(0))) if amounts else None
    except ArithmeticError:  # no number, or beyond all bounds
        return None


def copied_to(offices: Sequence[str], workplace: str | None) -> str | None:
    """Of the offices that get a copy, that of the workplace if it is among them, else the first."""
    if workplace in offices:
        return workplace
    return offices[0] if offices else None
