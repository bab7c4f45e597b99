"""The office of Kota Balikpapan: drops the letters it receives as XML files in the agreed form, one file a
letter. The form is the same wherever an office uses it."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # only writes
from collections.abc import Mapping, Sequence
from datetime import date

from jendela.demo.careers import Employment
from jendela.demo.clerks import Written
from jendela.demo.employers import Employer
from jendela.demo.house import House
from jendela.demo.letters import MULTIPLIERS, Letter, Report, years
from jendela.demo.regions import regions
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.shelves.letter_folder import LetterFolder

AGENCY, TABLE = "dinas_6471", "berkas_phk"
HOUSE = House(
    region="6471",
    receipts=("560/{n:04d}/DISNAKER-BPP/{year}", 200),
    shelf=LetterFolder(AGENCY),
    inbox=FolderInbox(AGENCY),
    amends=True,
)
NAMESPACE = "urn:id:jendela:surat-phk:1.0"
_ARTICLES = {
    "R431": "Ps.43(1)",
    "R432": "Ps.43(2)",
    "R441": "Ps.44(1)",
    "R442": "Ps.44(2)",
    "R521": "Ps.52(1)",
    "RPK3": "Ps.17",
}

Facts = Mapping[str, object]
"""Element names with their values in the order of the schema; None is left out, a list repeats the
element."""


def _add(parent: ET.Element, facts: Facts) -> None:
    for name, value in facts.items():
        for one in value if isinstance(value, list) else [value]:
            if one is None:
                continue
            child = ET.SubElement(parent, name)
            if isinstance(one, Mapping):
                _add(child, one)
            else:
                child.text = str(one)


def _document(house: House, letter: Letter, sent: date) -> Facts:
    place = regions()[house.region]
    attachments = (
        ["WARNING_LETTER_1", "WARNING_LETTER_2", "WARNING_LETTER_3"] if letter.reason == "R521" else []
    )
    return {
        "jenis_surat": letter.kind,
        "nomor_surat": letter.number,
        "tanggal_surat": letter.day,
        "tempat_surat": place.name,
        "zona_waktu": place.zone,
        "nomor_surat_diganti": letter.supersedes,
        "tanggal_surat_diganti": letter.supersedes_day,
        "bahasa": "id",
        "berstempel": "true",
        "lampiran": [{"jenis_lampiran": kind, "nama_berkas": f"{kind.lower()}.pdf"} for kind in attachments],
        "tembusan": {"kode_kantor": house.region, "tanggal_kirim": sent, "saluran": "COURIER"},
    }


def _employer(employer: Employer, name: str) -> Facts:
    return {
        "nama_pengusaha": name,
        "bentuk_badan": employer.form,
        "npp": employer.npp,
        "npp_divisi": "000",
        "nib": employer.nib,
        "npwp": employer.npwp,
        "kode_wlkp": employer.wlkp_code,
        "kbli": {"skema": f"KBLI{employer.kbli_edition}", "kode": employer.kbli[1]},
        "skala_usaha": employer.size,
        "alamat": {
            "jalan": employer.street.title(),
            "kode_wilayah": employer.region,
            "kode_pos": employer.postcode,
        },
        "wilayah_kerja": employer.region,
        "ada_serikat": "false",
        "nama_penanda_tangan": employer.signatory,
        "jabatan_penanda_tangan": "Manajer SDM",
        "telepon": employer.phone,
    }


def _worker(letter: Letter, written: Written) -> Facts:
    employment = letter.employment
    person, base = employment.person, employment.wage + employment.allowance
    service = years(employment.start, letter.effective)
    severance, upmk = MULTIPLIERS.get(letter.reason, (0.0, 0.0))
    fixed_term = employment.contract == "PKWT"
    return {
        "nik": written.nik,
        "nama_lengkap": written.name,
        "kpj": employment.kpj,
        "tanggal_lahir": written.born,
        "tempat_lahir": written.birth_place.title(),
        "jenis_kelamin": written.sex,
        "kewarganegaraan": "WNI",
        "alamat_domisili": {"jalan": person.street.title(), "kode_wilayah": person.region},
        "telepon": person.phone,
        "pendidikan": person.education,
        "jabatan": {"skema": "KBJI2014", "kode": person.job[0], "uraian": person.job[1]},
        "hubungan_kerja": {
            "jenis_hubungan": "PKWT" if fixed_term else "PKWTT",
            "tanggal_mulai": employment.start,
            "tanggal_akhir_kontrak": employment.contract_end if fixed_term else None,
            "masa_kerja_tahun": service,
            "jabatan_terakhir": person.job[1],
            "upah_pokok": employment.wage,
            "tunjangan_tetap": employment.allowance,
            "upah_dilaporkan_bpjs": base,
            "periode_upah": "MONTHLY",
            "tanggal_kerja_terakhir": letter.effective,
        },
        "pengakhiran": {
            "kode_alasan": letter.reason,
            "uraian_alasan": letter.narrative,
            "pasal_alasan": f"PP35/2021 {_ARTICLES[letter.reason]}",
            "pemrakarsa": "EMPLOYER",
            "tanggal_pemberitahuan": letter.notice,
            "cara_pemberitahuan": "HAND",
            "tanggal_berlaku": letter.effective,
            "tanggal_diterima_pekerja": letter.notice,
        },
        "kompensasi": {
            "pesangon": letter.severance,
            "pengali_pesangon": severance,
            "upmk": letter.upmk,
            "pengali_upmk": upmk,
            "uph": [{"jenis_uph": "ANNUAL_LEAVE", "jumlah": letter.uph}] if letter.uph else [],
            "uang_pisah": letter.separation or None,
            "kompensasi_pkwt": letter.pkwt or None,
            "total_bruto": letter.total,
            "total_neto": letter.total,
        },
    }


def _receipt(house: House, report: Report) -> Facts:
    return {
        "nomor_tanda_terima": report.number,
        "tanggal_terima": report.received,
        "kode_kantor": house.region,
        "tanggapan_pekerja": report.response,
        "tanggal_tanggapan": report.responded,
        "jenis_bukti": "E2b" if report.settlement else "E1",
        "tahap_perselisihan": "BIPARTITE" if report.settlement else None,
        "nomor_pb": report.settlement or None,
        "tanggal_pb": report.settled,
    }


def letter_file(
    house: House,
    letters: Sequence[tuple[Letter, Written]],
    sent: date,
    report: Report | None,
    encoding: str = "UTF-8",
) -> bytes:
    """One letter event: the letter, its workers, and the receipt if the office has had the report."""
    root = ET.Element("berkas_phk", {"xmlns": NAMESPACE, "version": "1.0"})
    first = letters[0][0]
    _add(
        root,
        {
            "surat": _document(house, first, sent),
            "pengusaha": _employer(first.employment.employer, first.employer_name),
        },
    )
    for letter, written in letters:
        worker = ET.SubElement(root, "pekerja", {"urut": str(letter.line)})
        _add(worker, _worker(letter, written))
    if report is not None:
        _add(root, {"penerimaan": _receipt(house, report)})
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding=encoding, xml_declaration=True)
    return text


def key(letter: Letter) -> str:
    """The natural key of a worker's row in a letter."""
    return f"{letter.number}|{letter.line}"


def handed_on(
    house: House, fields: Mapping[str, str], employment: Employment, day: date, delivery_id: str
) -> bytes:
    """A letter the office had from Jendela, as a file of its own that says so."""
    initiated = {"RPK1": "CONTRACT_END", "R50": "WORKER", "R56": "LAW", "R57": "LAW"}
    place = regions()[house.region]
    number = {
        name: fields.get(name, "") or "0"
        for name in ("pesangon", "upmk", "uph", "uang_pisah", "kompensasi", "total")
    }
    root = ET.Element("berkas_phk", {"xmlns": NAMESPACE, "version": "1.0"})
    document = {
        "jenis_surat": fields["perihal"],
        "nomor_surat": fields["no_surat"],
        "tanggal_surat": fields["tgl_surat"],
        "tempat_surat": place.name,
        "zona_waktu": place.zone,
        "nomor_surat_diganti": fields.get("surat_diganti") or None,
        "bahasa": "id",
        "tembusan": {"kode_kantor": house.region, "tanggal_kirim": day, "saluran": "APP"},
        "asal": "JENDELA",
        "ref_pengiriman": delivery_id,
    }
    _add(root, {"surat": document, "pengusaha": _employer(employment.employer, fields["nama_perusahaan"])})
    worker = ET.SubElement(root, "pekerja", {"urut": "1"})
    person = employment.person
    _add(
        worker,
        {
            "nik": fields["nik"],
            "nama_lengkap": fields["nama_pekerja"],
            "tanggal_lahir": fields["tgl_lahir"],
            "jenis_kelamin": fields["l_p"],
            "kewarganegaraan": "WNI",
            "alamat_domisili": {"jalan": person.street.title(), "kode_wilayah": person.region},
            "hubungan_kerja": {
                "jenis_hubungan": fields["status_kerja"],
                "tanggal_mulai": fields["mulai_kerja"],
                "tanggal_akhir_kontrak": fields.get("akhir_kontrak") or None,
                "jabatan_terakhir": person.job[1],
                "upah_pokok": fields.get("upah_pokok") or "0",
                "tunjangan_tetap": fields.get("tunj_tetap") or "0",
                "periode_upah": "MONTHLY",
                "tanggal_kerja_terakhir": fields["tgl_berlaku"],
            },
            "pengakhiran": {
                "kode_alasan": fields["alasan"],
                "uraian_alasan": fields["uraian"] or "-",
                "pemrakarsa": initiated.get(fields["alasan"], "EMPLOYER"),
                "tanggal_pemberitahuan": fields.get("tgl_pemberitahuan") or None,
                "tanggal_berlaku": fields["tgl_berlaku"],
            },
            "kompensasi": {
                "pesangon": number["pesangon"],
                "pengali_pesangon": 0,
                "upmk": number["upmk"],
                "pengali_upmk": 0,
                "uph": [{"jenis_uph": "OTHER", "jumlah": number["uph"]}],
                "uang_pisah": number["uang_pisah"],
                "kompensasi_pkwt": number["kompensasi"],
                "total_bruto": number["total"],
                "total_neto": number["total"],
            },
        },
    )
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text
