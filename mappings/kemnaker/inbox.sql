-- Inbox of kemnaker: run once by the agency, in a database or schema that Jendela's inbox account
-- may write to. Rendered from deliver_*.yaml; do not edit.
--
-- Jendela inserts rows and never changes one. verb: upsert (take this row over) or retract (it is no
-- longer so; only the keys are filled). jdl_item names what a row is about, jdl_seq the night: a row with
-- a smaller jdl_seq than one already taken over for the same jdl_item is to be ignored.
-- The agency answers in the row itself: ack_status DITERIMA or DITOLAK, ack_at (ISO), and ack_reason with
-- its own code of refusal, such as K01: words are sealed. An unanswered row is looked at again the next
-- nights, an answered one for fourteen days more: within them an answer may be changed.
-- jdl_announcement says that a delivery of a night is complete, and with how many rows: zero is a fact.

-- registrations for kemnaker.hi
CREATE TABLE jdl_hi_kepesertaan (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kode_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  nama VARCHAR(255),
  tgl_lahir VARCHAR(255),
  jk VARCHAR(255),
  warga_negara VARCHAR(255),
  npp VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  kode_wilayah VARCHAR(255),
  status_hubungan VARCHAR(255),
  tgl_mulai VARCHAR(255),
  tgl_berhenti VARCHAR(255),
  alasan_berhenti VARCHAR(255),
  tgl_nonaktif VARCHAR(255),
  tgl_daftar_bpjs VARCHAR(255),
  program VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- claim_status for kemnaker.hi
CREATE TABLE jdl_hi_klaim (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kode_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  no_klaim VARCHAR(255),
  nama VARCHAR(255),
  npp VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  tgl_pengajuan VARCHAR(255),
  tgl_phk VARCHAR(255),
  no_surat VARCHAR(255),
  status VARCHAR(255),
  tgl_keputusan VARCHAR(255),
  alasan_tolak VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letters for kemnaker.hi
CREATE TABLE jdl_hi_surat (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kode_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  no_surat VARCHAR(255),
  jenis_surat VARCHAR(255),
  tgl_surat VARCHAR(255),
  no_surat_diganti VARCHAR(255),
  nama VARCHAR(255),
  tgl_lahir VARCHAR(255),
  npp VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  kode_wilayah VARCHAR(255),
  status_hubungan VARCHAR(255),
  tgl_mulai VARCHAR(255),
  tgl_akhir_kontrak VARCHAR(255),
  kode_alasan VARCHAR(255),
  uraian_alasan TEXT,
  tgl_pemberitahuan VARCHAR(255),
  tgl_berlaku VARCHAR(255),
  tanda_tangan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- registrations for kemnaker.pes
CREATE TABLE jdl_pes_kepesertaan (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  nama_lengkap VARCHAR(255),
  jenis_kelamin VARCHAR(255),
  tgl_lahir VARCHAR(255),
  no_hp VARCHAR(255),
  email VARCHAR(255),
  kode_wilayah VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  kode_wilayah_kerja VARCHAR(255),
  kode_jabatan VARCHAR(255),
  tgl_mulai VARCHAR(255),
  tgl_berhenti VARCHAR(255),
  sebab VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- claim_status for kemnaker.pes
CREATE TABLE jdl_pes_klaim (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  no_klaim VARCHAR(255),
  nama_lengkap VARCHAR(255),
  tgl_pengajuan VARCHAR(255),
  tgl_phk VARCHAR(255),
  status VARCHAR(255),
  tgl_keputusan VARCHAR(255),
  alasan_tolak VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- payment_status for kemnaker.pes
CREATE TABLE jdl_pes_pembayaran (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  no_klaim VARCHAR(255),
  no_bayar VARCHAR(255),
  jenis VARCHAR(255),
  bulan_ke VARCHAR(255),
  periode VARCHAR(255),
  status VARCHAR(255),
  tgl_bayar VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- notice_answers for kemnaker.pes
CREATE TABLE jdl_pes_tindakan (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_pendaftaran VARCHAR(255),
  nik VARCHAR(255),
  no_klaim VARCHAR(255),
  no_pemberitahuan VARCHAR(255),
  sebab VARCHAR(255),
  tgl_terima VARCHAR(255),
  tindakan VARCHAR(255),
  tgl_tindakan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- arrears for kemnaker.inspection
CREATE TABLE jdl_was_tunggakan (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kode_pendaftaran VARCHAR(255),
  npp VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  kode_wilayah VARCHAR(255),
  nik VARCHAR(255),
  nama_lengkap VARCHAR(255),
  periode VARCHAR(255),
  program VARCHAR(255),
  status VARCHAR(255),
  bulan_lunas VARCHAR(255),
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
