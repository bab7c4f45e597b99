"""The worker's copy of a letter as PDF: what it says, what to do about it, and the letter itself inside."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.metadata import version

from jendela.contracts.codes import REGION
from jendela.contracts.messages import Text, load_messages
from jendela.law import load_law
from jendela.letters.rendering import values
from jendela.letters.rendering.advice import Advisor
from jendela.letters.rendering.layout import OTHER, SECTIONS, layout
from jendela.letters.rendering.letter import Letter, Shown, read_letters
from jendela.letters.rendering.page import Page
from jendela.letters.rendering.payload import LedgerPlace, Payload
from jendela.model.errors import WrongUseError

ATTACHMENT = "surat_phk.xml"
WHOSE, ALL = "worker/", "all"  # in the PDF's subject: whose copy it is
EDITION = "1"  # of the page: raised whenever the same letter would be drawn otherwise
MOST = 500  # sheets in one office's copy
MONEY = "pekerja/kompensasi/"
MULTIPLES = {f"{MONEY}pesangon": f"{MONEY}pengali_pesangon", f"{MONEY}upmk": f"{MONEY}pengali_upmk"}
TOTALS = (f"{MONEY}total_bruto", f"{MONEY}total_neto")


def render(xml: bytes, *, worker: int | None = None, place: LedgerPlace | None = None) -> bytes:
    """The PDF of a letter; the same bytes for the same letter, law and version of this program.

    A letter about one worker lies inside it, byte for byte, as `surat_phk.xml`. One about several is an
    office's copy with a sheet for each; with `worker` (from 1) it is that worker's own copy, and then the
    letter is not inside: it holds other people's data (UU 27/2022).

    Args:
        place: where the hub's ledger has the letter, for the QR code.

    Raises:
        WrongUseError: it is not a letter in the agreed XML, or names no such worker.
    """
    letters = read_letters(xml, worker)
    if len(letters) > MOST:
        raise WrongUseError(
            f"The letter names {len(letters)} workers; one PDF takes {MOST}. Draw the copies one by one: "
            "--worker N."
        )
    payload = Payload(hashlib.sha256(xml).hexdigest(), place)
    page = _page(payload)
    whole = len(letters) == letters[0].workers
    for letter in letters:
        _write(page, letter, payload, office=len(letters) > 1, enclosed=whole)
    return _finish(page, letters[0], payload, xml if whole else None, worker)


def maker() -> str:
    """What drew a page: equal makers draw the same letter in the same bytes."""
    libraries = " ".join(f"{name}/{version(name)}" for name in ("fpdf2", "segno"))
    return f"jendela-render/{EDITION} {libraries} agreed/{_agreed()}"


@lru_cache(maxsize=1)
def _agreed() -> str:
    """Twelve hex digits over everything agreed that shows on a page: law, texts, labels, code lists."""
    texts = {key: text for key, text in advisor().messages.texts.items() if key.startswith("render.")}
    codes = {line.codes for line in layout().values()} | {REGION}
    labels = [values.code_lists()[name] for name in sorted(codes & set(values.code_lists()))]
    shown = repr((advisor().law.digest, sorted(texts.items(), key=lambda one: one[0]), layout(), labels))
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def advisor() -> Advisor:
    """The installed texts and law."""
    return Advisor(load_messages(), load_law(None))


def _page(payload: Payload) -> Page:
    say = advisor().say
    return Page(f"{say('footer').id}  ·  SHA-256 {payload.sha256[:16]}…")


def _finish(page: Page, first: Letter, payload: Payload, xml: bytes | None, worker: int | None) -> bytes:
    pdf = page.pdf
    day = first.day("surat/tanggal_surat")
    made = datetime.combine(day or date(2000, 1, 1), time(), UTC)
    pdf.set_creation_date(made)
    pdf.set_lang("id-ID")
    pdf.set_title(advisor().say("title").id)
    pdf.set_creator("Jendela")
    pdf.set_subject(f"{maker()} {WHOSE}{worker or ALL}")
    pdf.set_keywords(payload.text())
    if xml is not None:
        pdf.embed_file(
            bytes=xml, basename=ATTACHMENT, creation_date=made, modification_date=made, mime_type="text/xml"
        )
    return bytes(pdf.output())


def _write(page: Page, letter: Letter, payload: Payload, *, office: bool, enclosed: bool) -> None:
    advise, say = advisor(), advisor().say
    page.start()
    end = page.qr(payload.text(), say("qr"))
    page.pdf.set_xy(page.pdf.l_margin, 14)
    width = 132.0
    page.both(say("copy.office" if office else "copy.worker"), 8, width=width)
    kind = letter.get("surat/jenis_surat") or ""
    page.pdf.ln(1.5)
    page.both(Text(*values.label("letter_type", kind)), 17, "B", width)
    page.pdf.ln(1)
    page.text(_numbered(letter), 9, width=width)
    page.pdf.ln(2)
    page.text(letter.get("pekerja/nama_lengkap") or "-", 13, "B", width=width)
    page.pdf.set_y(max(page.pdf.get_y(), end) + 3)
    page.box(say("box.meaning"), advise.headline(letter), 10.5)
    page.box(say("box.next"), advise.steps(letter), 9, numbered=True)
    for section in (*SECTIONS, OTHER):
        if shown := letter.of(section):
            page.heading(say(f"section.{section}"))
            if section == "money":
                page.amounts(_amounts(shown))
                shown = [one for one in shown if not _is_amount(one)]
            page.rows([_row(one) for one in shown])
    _proof(page, letter, payload, enclosed=enclosed)


def _numbered(letter: Letter) -> str:
    number, place = letter.get("surat/nomor_surat") or "-", letter.get("surat/tempat_surat")
    where = f"{place}, " if place else ""
    return f"No. {number}  ·  {where}{values.on(letter.get('surat/tanggal_surat') or '-')}"


def _row(one: Shown) -> tuple[Text, Text]:
    value = Text(*values.shown(one.line, one.value))
    if one.primary:
        note = advisor().say("primary")
        value = Text(f"{value.id} ({note.id})", f"{value.en} ({note.en})")
    number = f" ({one.group + 1})" if one.group else ""
    return Text(one.line.id + number, one.line.en + number), value


def _is_amount(one: Shown) -> bool:
    inside = one.line.path.startswith((f"{MONEY}uph/", f"{MONEY}angsuran/"))
    plain = one.line.kind == "money" and not inside
    return plain or one.line.kind == "times" or one.line.path.startswith(f"{MONEY}uph/")


def _amounts(shown: list[Shown]) -> list[tuple[Text, str, str, bool]]:
    """The table of what is paid: the compensation of rights by its kinds, multiples beside their amounts."""
    times = [one for one in shown if one.line.kind == "times"]
    multiples = {one.line.path: values.shown(one.line, one.value)[0] for one in times}
    kinds = {one.group: one for one in shown if one.line.path == f"{MONEY}uph/jenis_uph"}
    rows = []
    for one in shown:
        if not _is_amount(one) or one.line.kind != "money":
            continue
        label = Text(one.line.id, one.line.en)
        if one.line.path == f"{MONEY}uph/jumlah" and one.group in kinds:
            kind = values.label("uph_kind", kinds[one.group].value)
            label = Text(f"{label.id}: {kind[0]}", f"{label.en}: {kind[1]}")
        multiple = multiples.get(MULTIPLES.get(one.line.path, ""), "")
        rows.append((label, multiple, values.rupiah(one.value), one.line.path in TOTALS))
    return rows


def _proof(page: Page, letter: Letter, payload: Payload, *, enclosed: bool) -> None:
    say = advisor().say
    page.heading(say("section.proof"))
    page.both(say("proof.signed" if letter.signed else "proof.unsigned"), 8)
    page.pdf.ln(1)
    page.both(say("proof.enclosed" if enclosed else "proof.not_enclosed"), 8)
    if payload.place:
        page.pdf.ln(1)
        page.both(say("proof.ledger", leaf=payload.place.leaf, size=payload.place.size), 8)
    if any(
        values.printable(one.value) != values.printable(one.value).replace(values.UNPRINTABLE, "")
        for one in letter.shown
    ):
        page.pdf.ln(1)
        page.both(say("proof.unprintable", mark=values.UNPRINTABLE), 8)
    page.pdf.ln(1)
    page.pdf.set_font("Courier", size=7)
    page.pdf.set_text_color(60, 60, 60)
    page.pdf.multi_cell(
        0, 3.2, f"SHA-256 {payload.sha256}\n{payload.text()}", align="L", new_x="LMARGIN", new_y="NEXT"
    )
