"""Agencies that never existed, with everything that goes wrong in real ones.

`agencies.write` makes the demo folder, `advance.advance` lets a day pass in it, `serve.serving` answers for
its offices behind SFTP and REST, `sabotage` breaks it on purpose. The data dictionaries in
`mappings/<agency>/dictionary.csv` are the agencies' own: the tables are created from them.

    connections.env                  JENDELA_CONN_<NAME>=<url>, one line per connection
    jendela.yaml                     the hub's configuration for this demo
    bpjs/smile.sqlite, inbox.sqlite       BPJS Ketenagakerjaan, WIB
    kemnaker/pusat.sqlite, inbox.sqlite   Kemnaker central, WIB
    dinas_3215/keluar/*.csv, masuk/  office of Kab. Karawang, WIB
    dinas_6471/keluar/*.xml, masuk/  office of Kota Balikpapan, WITA
    truth/                           what was planted: never shown to the hub
    state.json                       the day the demo has reached

dinas_7371 (Kota Makassar, WITA) is configured and offline: nothing is written for it.

With `--offices all` there are nine offices more, each a value in `houses/`:
    dinas_1271  Kota Medan, WIB       records of fixed width, with a trailer that counts them
    dinas_3216  Kab. Bekasi, WIB      workbooks with a title, a header of two lines and a sum
    dinas_3273  Kota Bandung, WIB     SQL, typed; on 3 September a job fair, forty times as many people
    dinas_3374  Kota Semarang, WIB    SQL: papers in one table, their workers in another
    dinas_3578  Kota Surabaya, WIB    REST: records of records, three kinds of paging
    dinas_5171  Kota Denpasar, WITA   text with bars, in a folder reached over SFTP
    dinas_7171  Kota Manado, WITA     Parquet out of a data warehouse
    dinas_8171  Kota Ambon, WIT       a file a day, tabs and UTF-16; every third day's is sent twice
    dinas_9171  Kota Jayapura, WIT    agreed letters, sent every third working day, several days' at once
Beside what it gives out (`keluar/`) an office may have what its own program keeps (`buku/`) and what it has
not sent yet (`belum_dikirim/`). `servers/` has the ports, the account and the key of `demo serve`.

BPJS: upper-case columns, CHAR padded with blanks. TK_BIODATA and TK_KEPESERTAAN are one table split in two,
joined on KPJ; the greatest TGL_UBAH is the watermark.
    PERUSAHAAN       key NPP + KD_DIVISI               delta by TGL_UBAH
    TK_BIODATA       key KPJ                           delta by TGL_UBAH
    TK_KEPESERTAAN   key KPJ + NPP + URUT_KEPESERTAAN  delta by TGL_UBAH
    KLAIM_JKP        key NO_KLAIM                      delta by TGL_UBAH
    SURAT_KLAIM      key ID_SURAT                      delta by TGL_UBAH; ASAL_SURAT says who sent the letter
    IURAN_TK         key KPJ + NPP + URUT_KEPESERTAAN + BLTH   delta by TGL_UBAH
    BAYAR_MANFAAT    key NO_BAYAR                      delta by TGL_UBAH
    HENTI_MANFAAT    key ID_HENTI                      delta by TGL_UBAH
    TGL_UBAH is a UTC timestamp; every other date is text DD-MM-YYYY. Money "Rp 4.500.000,00", sex 1/2, flags
    Y/N.

Kemnaker: lower-case columns. SIAPKERJA_AKUN and PES_PENDAFTARAN are joined on id_akun; the greatest
diubah_pada is the watermark.
    WLKP_PERUSAHAAN    key kode_pendaftaran            delta by updated_at
    WLKP_TENAGA_KERJA  key id_tk                       snapshot: no change column
    SIAPKERJA_AKUN     key id_akun                     delta by diubah_pada
    PES_PENDAFTARAN    key no_pendaftaran              delta by diubah_pada
    PES_AKTIVITAS      key id_aktivitas                append by id_aktivitas
    KARIRHUB_RUJUKAN   key id_rujukan                  delta by diubah_pada
    SKILLHUB_KEHADIRAN key no_peserta + bulan          delta by diubah_pada, joined with SKILLHUB_PESERTA
    PES_PEMBERITAHUAN  key no_pemberitahuan            delta by diubah_pada
    EPHI_PERSELISIHAN  key no_pencatatan + urut_pekerja    delta by diubah_pada; names the worker
    EPHI_PB            key no_pb + no_pencatatan + urut_pekerja    delta by diubah_pada
    WLKP dates are YYYYMMDD, sex L/P, money "4500000" or "4500000.00", regions PP.RR. PES dates are D/M/YYYY
    without leading zeros, sex LAKI-LAKI/PEREMPUAN.

dinas_3215: complete CSV extracts, semicolons, CRLF, quoted where needed.
    laporan_phk.csv     key NO TANDA TERIMA + NO URUT  UTF-8 with BOM; dates DD/MM/YYYY
    surat_tembusan.csv  key NO AGENDA                  windows-1252; dates "3 September 2026", money
                                                       "4.500.000"; ASAL says who sent the letter
    pencari_kerja.csv   key NO AK1                     UTF-8 with BOM; dates DD/MM/YYYY

dinas_6471: XML letters by schemas/surat_phk.xsd, one file a letter event, a drop.
    berkas_phk          key surat/nomor_surat + pekerja/@urut; a file the schema refuses is one row,
                        known by its file name.
    A file with <penerimaan> is also a report received: that part is the case. ISO dates, plain money, agreed
    codes. Files are called surat_<YYYYMMDD>_<serial>.xml, after the day they were dropped, and never change.

Truth files: CSV, UTF-8, comma. Keys are the natural key columns in the order above, stripped of blanks,
joined by "|". A defect is open on the nights from since_night to the one before until_night (empty: still
open).
    persons.csv         agency,table,key,person
    taken_over.csv      the same, for rows agencies took over from Jendela (also in persons.csv)
    discrepancies.csv   code,since_night,until_night,agency_a,table_a,key_a,agency_b,table_b,key_b,note
    flows.csv           the same, of codes about contributions, benefits, services and registers
    identities.csv      the same, of what clerks wrote of one person: numbers, dates, sexes, cards
    rows.csv            agency,table,key,rule_hint: rows validation must hold, as things stand
    obligations.csv     agency,table,key,since_night,until_night,letter_key: resignations at BPJS;
                        letter_key is the employer's statement there, empty while it is owed
"""
