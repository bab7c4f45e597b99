-- Inbox of bpjs: run once by the agency, in a database or schema that Jendela's inbox account
-- may write to. Rendered from deliver_*.yaml; do not edit.
--
-- Jendela inserts rows and never changes one. verb: upsert (take this row over) or retract (it is no
-- longer so; only the keys are filled). jdl_item names what a row is about, jdl_seq the night: a row with
-- a smaller jdl_seq than one already taken over for the same jdl_item is to be ignored.
-- The agency answers in the row itself: ack_status DITERIMA or DITOLAK, ack_at (ISO), and ack_reason with
-- its own code of refusal, such as K01: words are sealed. An unanswered row is looked at again the next
-- nights, an answered one for fourteen days more: within them an answer may be changed.
-- jdl_announcement says that a delivery of a night is complete, and with how many rows: zero is a fact.

-- pes_activity for bpjs
CREATE TABLE jdl_aktivitas (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  no_pendaftaran VARCHAR(255),
  bulan VARCHAR(255),
  jml_lamaran VARCHAR(255),
  jml_wawancara VARCHAR(255),
  tgl_asesmen VARCHAR(255),
  tgl_konseling VARCHAR(255),
  hadir_persen VARCHAR(255),
  hasil VARCHAR(255),
  tgl_lapor VARCHAR(255),
  bukti_dari VARCHAR(255),
  bukti_sampai VARCHAR(255),
  tgl_pertemuan VARCHAR(255),
  hadir_pertemuan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- notices for bpjs
CREATE TABLE jdl_diskualifikasi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  no_pemberitahuan VARCHAR(255),
  no_klaim VARCHAR(255),
  no_pendaftaran VARCHAR(255),
  nama VARCHAR(40),
  sebab VARCHAR(255),
  tgl_kejadian VARCHAR(255),
  tgl_kirim VARCHAR(255),
  batas_jawab VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- training_attendance for bpjs
CREATE TABLE jdl_kehadiran_latih (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  no_peserta VARCHAR(255),
  no_pendaftaran VARCHAR(255),
  bulan VARCHAR(255),
  hadir_persen VARCHAR(255),
  status VARCHAR(255),
  biaya VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- settlements for bpjs
CREATE TABLE jdl_pb (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  npp VARCHAR(255),
  no_pb VARCHAR(255),
  no_pencatatan VARCHAR(255),
  tgl_pb VARCHAR(255),
  tgl_phk VARCHAR(255),
  no_akta VARCHAR(255),
  tgl_akta VARCHAR(255),
  pengadilan VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- pes_registrations for bpjs
CREATE TABLE jdl_pencaker (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  no_pendaftaran VARCHAR(255),
  nomor_identitas VARCHAR(255),
  nama VARCHAR(40),
  tgl_lahir VARCHAR(255),
  no_ak1 VARCHAR(255),
  kd_kantor VARCHAR(255),
  tgl_daftar VARCHAR(255),
  berlaku_sampai VARCHAR(255),
  status VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- placements for bpjs
CREATE TABLE jdl_penempatan (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  no_rujukan VARCHAR(255),
  no_pendaftaran VARCHAR(255),
  tgl_rujukan VARCHAR(255),
  tgl_hasil VARCHAR(255),
  npp_penerima VARCHAR(255),
  tgl_mulai_kerja VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- disputes for bpjs
CREATE TABLE jdl_perselisihan (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  npp VARCHAR(255),
  no_pencatatan VARCHAR(255),
  jenis VARCHAR(255),
  no_surat VARCHAR(255),
  tgl_phk VARCHAR(255),
  tahap VARCHAR(255),
  tgl_catat VARCHAR(255),
  no_anjuran VARCHAR(255),
  tgl_anjuran VARCHAR(255),
  no_putusan VARCHAR(255),
  tgl_putusan VARCHAR(255),
  tgl_inkracht VARCHAR(255),
  hasil VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letter_status for bpjs
CREATE TABLE jdl_status_surat (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  npp VARCHAR(255),
  tgl_na VARCHAR(255),
  tgl_mulai_kerja VARCHAR(255),
  sebab_na VARCHAR(255),
  status_surat VARCHAR(255),
  no_surat VARCHAR(255),
  kantor VARCHAR(255),
  no_tanda_terima VARCHAR(255),
  tgl_tanda_terima VARCHAR(255),
  status_kewajiban VARCHAR(255),
  tgl_kewajiban VARCHAR(255),
  tenggat VARCHAR(255),
  umur_hari VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letters for bpjs
CREATE TABLE jdl_surat (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kpj VARCHAR(255),
  npp VARCHAR(255),
  no_surat VARCHAR(255),
  jenis_surat VARCHAR(255),
  tgl_surat VARCHAR(255),
  no_surat_diganti VARCHAR(255),
  nomor_identitas VARCHAR(255),
  nama_tk VARCHAR(40),
  tgl_lahir VARCHAR(255),
  jenis_kelamin VARCHAR(255),
  nama_perusahaan VARCHAR(60),
  status_kerja VARCHAR(255),
  tgl_mulai_kerja VARCHAR(255),
  tgl_akhir_kontrak VARCHAR(255),
  kd_alasan VARCHAR(255),
  uraian_alasan VARCHAR(200),
  tgl_pemberitahuan VARCHAR(255),
  tgl_berlaku VARCHAR(255),
  tgl_permohonan_mundur VARCHAR(255),
  upah_pokok VARCHAR(255),
  tunjangan_tetap VARCHAR(255),
  uang_pesangon VARCHAR(255),
  uang_upmk VARCHAR(255),
  uang_uph VARCHAR(255),
  uang_pisah VARCHAR(255),
  uang_kompensasi VARCHAR(255),
  total_diterima VARCHAR(255),
  status_verifikasi VARCHAR(255),
  beda_pada VARCHAR(255),
  kantor VARCHAR(255),
  tanda_tangan VARCHAR(255),
  no_tanda_terima VARCHAR(255),
  tgl_tanda_terima VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letter_returns for bpjs
CREATE TABLE jdl_surat_kembali (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kunci_sumber VARCHAR(255),
  no_surat VARCHAR(255),
  tgl_surat VARCHAR(255),
  kpj VARCHAR(255),
  nomor_identitas VARCHAR(255),
  nama_tk VARCHAR(255),
  nama_perusahaan VARCHAR(255),
  status VARCHAR(255),
  jml_masalah VARCHAR(255),
  aturan TEXT,
  uraian TEXT,
  uraian_en TEXT,
  dasar_hukum TEXT,
  tgl_dikembalikan VARCHAR(255),
  tenggat VARCHAR(255),
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
