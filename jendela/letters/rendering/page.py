"""The page itself: A4, Indonesian first with a small English line below, the QR code at the top right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jendela.contracts.messages import Text
from jendela.letters.rendering.values import ENCODING, printable

MARGIN, WIDTH = 16.0, 210.0 - 2 * 16.0
QR_SIDE = 34.0
LABELS = 74.0  # the width of a field's name
INK, QUIET, RULE, TINT = (20, 20, 20), (105, 105, 105), (190, 190, 190), (238, 243, 247)


class Page:
    """A document that is written from top to bottom. Heights and widths are in millimetres."""

    def __init__(self, footer: str) -> None:
        from fpdf import FPDF

        class Document(FPDF):
            def footer(self) -> None:
                self.set_y(-12)
                self.set_font("Helvetica", size=7)
                self.set_text_color(*QUIET)
                self.cell(WIDTH - 20, 4, printable(footer))
                self.cell(20, 4, f"{self.page_no()}/{{nb}}", align="R")

        self.pdf: Any = Document(format="A4")
        self.pdf.core_fonts_encoding = ENCODING
        # Not packed: the same bytes on every machine, whatever its zlib.
        self.pdf.set_compression(False)
        self.pdf.set_margins(MARGIN, 14, MARGIN)
        self.pdf.set_auto_page_break(True, margin=18)

    def start(self) -> None:
        """A new sheet."""
        self.pdf.add_page()

    def text(
        self, text: str, size: float = 9, style: str = "", colour: Sequence[int] = INK, width: float = 0
    ) -> None:
        """A paragraph over the width that is left."""
        self.pdf.set_font("Helvetica", style, size)
        self.pdf.set_text_color(*colour)
        self.pdf.multi_cell(width, size * 0.48, printable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def both(self, text: Text, size: float = 9, style: str = "", width: float = 0) -> None:
        """A paragraph in Indonesian, and smaller in English."""
        self.text(text.id, size, style, width=width)
        if text.en != text.id:
            self.text(text.en, max(size * 0.72, 6.5), "I", QUIET, width)

    def heading(self, text: Text) -> None:
        """The name of a section; it is not left alone at the foot of a sheet."""
        if self.pdf.will_page_break(24):
            self.pdf.add_page()
        self.pdf.ln(3)
        self.pdf.set_font("Helvetica", "B", 11)
        self.pdf.set_text_color(*INK)
        self.pdf.cell(self.pdf.get_string_width(printable(text.id)) + 3, 6, printable(text.id))
        self.pdf.set_font("Helvetica", "I", 8)
        self.pdf.set_text_color(*QUIET)
        self.pdf.cell(0, 6.4, printable(text.en), new_x="LMARGIN", new_y="NEXT")
        self._rule()

    def rows(self, rows: Sequence[tuple[Text, Text]]) -> None:
        """Label and value side by side, each with its English below where it differs."""
        for label, value in rows:
            self._row(label, value)

    def amounts(self, rows: Sequence[tuple[Text, str, str, bool]]) -> None:
        """What is paid: label, multiple, amount at the right; the last flag makes a total."""
        for label, multiple, amount, total in rows:
            if self.pdf.will_page_break(9):
                self.pdf.add_page()
            if total:
                self._rule()
            top = self.pdf.get_y()
            self.both(label, 9.5 if total else 9, "B" if total else "", width=95)
            bottom = self.pdf.get_y()
            self.pdf.set_text_color(*INK)
            self.pdf.set_xy(MARGIN + 97, top)
            self.pdf.set_font("Helvetica", "", 9)
            self.pdf.cell(25, 4.5, printable(multiple), align="R")
            self.pdf.set_font("Helvetica", "B" if total else "", 10 if total else 9)
            self.pdf.cell(WIDTH - 122, 4.5, printable(amount), align="R")
            self.pdf.set_xy(MARGIN, bottom + 0.8)

    def box(self, title: Text, paragraphs: Sequence[Text], size: float, *, numbered: bool = False) -> None:
        """A tinted box with a title and paragraphs."""
        height = self._measured(title, paragraphs, size)
        if self.pdf.will_page_break(height):
            self.pdf.add_page()
        top = self.pdf.get_y()
        self.pdf.set_fill_color(*TINT)
        self.pdf.rect(MARGIN, top, WIDTH, height, style="F")
        self.pdf.set_y(top + 2.5)
        self._boxed(title, paragraphs, size, numbered=numbered)
        self.pdf.set_xy(MARGIN, top + height + 2.5)

    def qr(self, text: str, caption: Text) -> float:
        """The QR code at the top right of this sheet; where its caption ends."""
        import segno

        code = segno.make(text, error="m", micro=False, boost_error=False)
        matrix = [bytes(row) for row in code.matrix]
        side = QR_SIDE / len(matrix)
        left, top = MARGIN + WIDTH - QR_SIDE, 14.0
        self.pdf.set_fill_color(0, 0, 0)
        for number, row in enumerate(matrix):
            for start, length in _runs(row):
                self.pdf.rect(left + start * side, top + number * side, length * side, side, style="F")
        self.pdf.set_xy(left, top + QR_SIDE + 1)
        for words, style in ((caption.id, ""), (caption.en, "I")):
            self.pdf.set_font("Helvetica", style, 6.5)
            self.pdf.set_text_color(*QUIET)
            self.pdf.multi_cell(QR_SIDE, 2.8, printable(words), align="C", new_x="LEFT", new_y="NEXT")
        return float(self.pdf.get_y())

    def _row(self, label: Text, value: Text) -> None:
        if self.pdf.will_page_break(9):
            self.pdf.add_page()
        top = self.pdf.get_y()
        self._beside(label, MARGIN, LABELS, 8.5, "")
        bottom, page = self.pdf.get_y(), self.pdf.page
        self.pdf.set_y(top)
        self._beside(value, MARGIN + LABELS + 2, WIDTH - LABELS - 2, 9.0, "B")
        end = self.pdf.get_y() if self.pdf.page != page else max(bottom, self.pdf.get_y())
        self.pdf.set_xy(MARGIN, end + 0.5)

    def _beside(self, text: Text, left: float, width: float, size: float, style: str) -> None:
        """Indonesian and English in one line where they fit, else one below the other."""
        parts = [(text.id, size, style, INK)] + ([(text.en, 6.5, "I", QUIET)] if text.en != text.id else [])
        widths = []
        for words, points, how, _ in parts:
            self.pdf.set_font("Helvetica", how, points)
            widths.append(self.pdf.get_string_width(printable(words)) + 2.5)
        fits = sum(widths) <= width
        self.pdf.set_x(left)
        for (words, points, how, colour), wide in zip(parts, widths, strict=True):
            self.pdf.set_font("Helvetica", how, points)
            self.pdf.set_text_color(*colour)
            if fits:
                self.pdf.cell(wide, 4.4, printable(words))
            else:
                self.pdf.set_x(left)
                self.pdf.multi_cell(
                    width, points * 0.48, printable(words), align="L", new_x="LEFT", new_y="NEXT"
                )
        if fits:
            self.pdf.ln(4.4)

    def _boxed(self, title: Text, paragraphs: Sequence[Text], size: float, *, numbered: bool) -> None:
        inner = WIDTH - 8
        self.pdf.set_left_margin(MARGIN + 4)
        self.pdf.set_x(MARGIN + 4)
        self.both(title, size + 1.5, "B", inner)
        for number, paragraph in enumerate(paragraphs, start=1):
            self.pdf.ln(1.2)
            if numbered:
                self.pdf.set_font("Helvetica", "B", size)
                self.pdf.set_text_color(*INK)
                self.pdf.cell(6, size * 0.48, f"{number}.")
                self.pdf.set_left_margin(MARGIN + 10)
            self.both(paragraph, size, width=inner - (6 if numbered else 0))
            self.pdf.set_left_margin(MARGIN + 4)
            self.pdf.set_x(MARGIN + 4)
        self.pdf.set_left_margin(MARGIN)

    def _measured(self, title: Text, paragraphs: Sequence[Text], size: float) -> float:
        """How high a box will be: its lines are counted, not drawn."""
        height = 5.0
        for text, at, indent in ((title, size + 1.5, 0.0), *((one, size, 6.0) for one in paragraphs)):
            height += 1.2 if indent else 0
            for words, points in ((text.id, at), (text.en, max(at * 0.72, 6.5))):
                style = "B" if not indent and words is text.id else ("I" if words is text.en else "")
                self.pdf.set_font("Helvetica", style, points)
                lines = self.pdf.multi_cell(
                    WIDTH - 8 - indent, points * 0.48, printable(words), dry_run=True, output="LINES"
                )
                height += len(lines) * points * 0.48
        return height

    def _rule(self) -> None:
        self.pdf.set_draw_color(*RULE)
        self.pdf.line(MARGIN, self.pdf.get_y(), MARGIN + WIDTH, self.pdf.get_y())
        self.pdf.ln(1.2)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Start and length of every run of dark modules in a row."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if runs and runs[-1][0] + runs[-1][1] == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
