-- Inbox of dinas_3374: run once by the agency, in a database or schema that Jendela's inbox account
-- may write to. Rendered from deliver_*.yaml; do not edit.
--
-- Jendela inserts rows and never changes one. verb: upsert (take this row over) or retract (it is no
-- longer so; only the keys are filled). jdl_item names what a row is about, jdl_seq the night: a row with
-- a smaller jdl_seq than one already taken over for the same jdl_item is to be ignored.
-- The agency answers in the row itself: ack_status DITERIMA or DITOLAK, ack_at (ISO), and ack_reason with
-- its own code of refusal, such as K01: words are sealed. An unanswered row is looked at again the next
-- nights, an answered one for fourteen days more: within them an answer may be changed.
-- jdl_announcement says that a delivery of a night is complete, and with how many rows: zero is a fact.

-- claim_status for dinas.3374.hi
CREATE TABLE jdl_klm_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_tt VARCHAR(255),
  no_ktp VARCHAR(255),
  no_klm VARCHAR(255),
  nm_tk VARCHAR(255),
  nm_prsh VARCHAR(255),
  npp VARCHAR(255),
  tgl_aju VARCHAR(255),
  tgl_phk VARCHAR(255),
  no_srt VARCHAR(255),
  sts_klm VARCHAR(255),
  tgl_ptsn VARCHAR(255),
  als_tlk VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- claim_status for dinas.3374.pes
CREATE TABLE jdl_klm_pes (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_ak1 VARCHAR(255),
  no_ktp VARCHAR(255),
  no_klm VARCHAR(255),
  nm_tk VARCHAR(255),
  tgl_aju VARCHAR(255),
  tgl_phk VARCHAR(255),
  sts_klm VARCHAR(255),
  tgl_ptsn VARCHAR(255),
  als_tlk VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letter_returns for dinas.3374.hi
CREATE TABLE jdl_kmb_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  kunci VARCHAR(255),
  no_srt VARCHAR(255),
  tgl_srt VARCHAR(255),
  no_ktp VARCHAR(255),
  nm_tk VARCHAR(255),
  nm_prsh VARCHAR(255),
  berkas VARCHAR(255),
  baris VARCHAR(255),
  sts_kmb VARCHAR(255),
  jml_mslh VARCHAR(255),
  aturan TEXT,
  urai_id TEXT,
  urai_en TEXT,
  dsr TEXT,
  tgl_kmb VARCHAR(255),
  tenggat VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- letters for dinas.3374.hi
CREATE TABLE jdl_srt_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_tt VARCHAR(255),
  no_ktp VARCHAR(255),
  no_srt VARCHAR(255),
  tgl_srt VARCHAR(255),
  jns_srt VARCHAR(255),
  srt_lama VARCHAR(255),
  nm_prsh VARCHAR(255),
  npp VARCHAR(255),
  kd_wlkp VARCHAR(255),
  nm_tk VARCHAR(255),
  tgl_lhr VARCHAR(255),
  jk VARCHAR(255),
  sts_krj VARCHAR(255),
  tmt VARCHAR(255),
  tmt_akhir VARCHAR(255),
  als VARCHAR(255),
  urai TEXT,
  tgl_brthu VARCHAR(255),
  tgl_phk VARCHAR(255),
  gapok VARCHAR(255),
  tunj VARCHAR(255),
  psg VARCHAR(255),
  upmk VARCHAR(255),
  uph VARCHAR(255),
  upsh VARCHAR(255),
  komp VARCHAR(255),
  jml VARCHAR(255),
  ttd VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- registrations for dinas.3374.hi
CREATE TABLE jdl_tk_hi (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_tt VARCHAR(255),
  no_ktp VARCHAR(255),
  nm_tk VARCHAR(255),
  tgl_lhr VARCHAR(255),
  jk VARCHAR(255),
  wn VARCHAR(255),
  nm_prsh VARCHAR(255),
  npp VARCHAR(255),
  kd_wlkp VARCHAR(255),
  wil VARCHAR(255),
  sts_krj VARCHAR(255),
  tmt VARCHAR(255),
  tgl_brhnt VARCHAR(255),
  sbb VARCHAR(255),
  tgl_na VARCHAR(255),
  tgl_bpjs VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- registrations for dinas.3374.pes
CREATE TABLE jdl_tk_pes (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  no_ak1 VARCHAR(255),
  no_ktp VARCHAR(255),
  nm_tk VARCHAR(255),
  tgl_lhr VARCHAR(255),
  jk VARCHAR(255),
  telp VARCHAR(255),
  nm_prsh VARCHAR(255),
  wil VARCHAR(255),
  kd_jab VARCHAR(255),
  tmt VARCHAR(255),
  tgl_brhnt VARCHAR(255),
  sbb VARCHAR(255),
  ack_status VARCHAR(16),
  ack_at VARCHAR(32),
  ack_reason VARCHAR(200)
);

-- registrations for dinas.3374.inspection
CREATE TABLE jdl_tk_was (
  delivery_id VARCHAR(64) NOT NULL PRIMARY KEY,
  verb VARCHAR(8) NOT NULL,
  night VARCHAR(10) NOT NULL,
  recipient VARCHAR(40) NOT NULL,
  jdl_item VARCHAR(64) NOT NULL,
  jdl_seq VARCHAR(8) NOT NULL,
  npp VARCHAR(255),
  no_ktp VARCHAR(255),
  nm_tk VARCHAR(255),
  jk VARCHAR(255),
  wn VARCHAR(255),
  nm_prsh VARCHAR(255),
  kd_wlkp VARCHAR(255),
  wil VARCHAR(255),
  sts_krj VARCHAR(255),
  tmt VARCHAR(255),
  tgl_brhnt VARCHAR(255),
  sbb VARCHAR(255),
  upah_lpr VARCHAR(255),
  prg VARCHAR(255),
  tgl_bpjs VARCHAR(255),
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
