-- Inbox of dinas_7371: run once by the agency, in a database or schema that Jendela's inbox account
-- may write to. Rendered from deliver_*.yaml; do not edit.
--
-- Jendela inserts rows and never changes one. verb: upsert (take this row over) or retract (it is no
-- longer so; only the keys are filled). jdl_item names what a row is about, jdl_seq the night: a row with
-- a smaller jdl_seq than one already taken over for the same jdl_item is to be ignored.
-- The agency answers in the row itself: ack_status DITERIMA or DITOLAK, ack_at (ISO), and ack_reason with
-- its own code of refusal, such as K01: words are sealed. An unanswered row is looked at again the next
-- nights, an answered one for fourteen days more: within them an answer may be changed.
-- jdl_announcement says that a delivery of a night is complete, and with how many rows: zero is a fact.

-- registrations for dinas.7371.hi
CREATE TABLE jdl_kepesertaan_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_tanda_terima VARCHAR(255),
  nik_pekerja VARCHAR(255),
  nama_pekerja VARCHAR(255),
  tgl_lahir VARCHAR(255),
  gender VARCHAR(255),
  kewarganegaraan VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  npp VARCHAR(255),
  kode_wlkp VARCHAR(255),
  wilayah_kerja VARCHAR(255),
  status_kerja VARCHAR(255),
  mulai_kerja VARCHAR(255),
  tanggal_berhenti VARCHAR(255),
  sebab_berhenti VARCHAR(255),
  tanggal_nonaktif VARCHAR(255),
  tanggal_daftar_bpjs VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- registrations for dinas.7371.pes
CREATE TABLE jdl_kepesertaan_pes (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_ak1 VARCHAR(255),
  nik_pekerja VARCHAR(255),
  nama_pekerja VARCHAR(255),
  tgl_lahir VARCHAR(255),
  gender VARCHAR(255),
  no_hp VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  wilayah_kerja VARCHAR(255),
  kode_jabatan VARCHAR(255),
  mulai_kerja VARCHAR(255),
  tanggal_berhenti VARCHAR(255),
  sebab_berhenti VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- registrations for dinas.7371.inspection
CREATE TABLE jdl_kepesertaan_was (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  npp VARCHAR(255),
  nik_pekerja VARCHAR(255),
  nama_pekerja VARCHAR(255),
  gender VARCHAR(255),
  kewarganegaraan VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  kode_wlkp VARCHAR(255),
  wilayah_kerja VARCHAR(255),
  status_kerja VARCHAR(255),
  mulai_kerja VARCHAR(255),
  tanggal_berhenti VARCHAR(255),
  sebab_berhenti VARCHAR(255),
  upah_dilaporkan VARCHAR(255),
  program_diikuti VARCHAR(255),
  tanggal_daftar_bpjs VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- claim_status for dinas.7371.hi
CREATE TABLE jdl_klaim_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_tanda_terima VARCHAR(255),
  nik_pekerja VARCHAR(255),
  nomor_klaim VARCHAR(255),
  nama_pekerja VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  npp VARCHAR(255),
  tanggal_pengajuan VARCHAR(255),
  tanggal_phk_klaim VARCHAR(255),
  no_surat VARCHAR(255),
  status_klaim VARCHAR(255),
  tanggal_keputusan VARCHAR(255),
  alasan_penolakan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- claim_status for dinas.7371.pes
CREATE TABLE jdl_klaim_pes (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_ak1 VARCHAR(255),
  nik_pekerja VARCHAR(255),
  nomor_klaim VARCHAR(255),
  nama_pekerja VARCHAR(255),
  tanggal_pengajuan VARCHAR(255),
  tanggal_phk_klaim VARCHAR(255),
  status_klaim VARCHAR(255),
  tanggal_keputusan VARCHAR(255),
  alasan_penolakan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letters for dinas.7371.hi
CREATE TABLE jdl_surat_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_tanda_terima VARCHAR(255),
  nik_pekerja VARCHAR(255),
  no_surat VARCHAR(255),
  tgl_surat VARCHAR(255),
  jenis VARCHAR(255),
  no_surat_lama VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  npp VARCHAR(255),
  kode_wlkp VARCHAR(255),
  nama_pekerja VARCHAR(255),
  tgl_lahir VARCHAR(255),
  gender VARCHAR(255),
  status_kerja VARCHAR(255),
  mulai_kerja VARCHAR(255),
  akhir_kontrak VARCHAR(255),
  alasan VARCHAR(255),
  uraian TEXT,
  tgl_pemberitahuan VARCHAR(255),
  tgl_efektif VARCHAR(255),
  upah_pokok VARCHAR(255),
  tunjangan_tetap VARCHAR(255),
  pesangon VARCHAR(255),
  upmk VARCHAR(255),
  uph VARCHAR(255),
  uang_pisah VARCHAR(255),
  kompensasi_pkwt VARCHAR(255),
  total VARCHAR(255),
  tanda_tangan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letter_returns for dinas.7371.hi
CREATE TABLE jdl_surat_kembali (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kunci_sumber VARCHAR(255),
  no_surat VARCHAR(255),
  tanggal_surat VARCHAR(255),
  nik_pekerja VARCHAR(255),
  nama_pekerja VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  nama_berkas VARCHAR(255),
  nomor_baris VARCHAR(255),
  status_pengembalian VARCHAR(255),
  jumlah_masalah VARCHAR(255),
  aturan TEXT,
  uraian_masalah TEXT,
  uraian_masalah_en TEXT,
  dasar_hukum TEXT,
  tanggal_dikembalikan VARCHAR(255),
  tenggat_perbaikan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

CREATE TABLE jdl_announcement (
  recipient VARCHAR(40) NOT NULL,
  delivery VARCHAR(60) NOT NULL,
  night VARCHAR(10) NOT NULL,
  row_count INTEGER NOT NULL,
  announced_at VARCHAR(32) NOT NULL,
  PRIMARY KEY (recipient, delivery, night)
);
