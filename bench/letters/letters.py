"""Letters for the benchmark: the example of the documentation, varied; some of them break a rule."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "surat_phk.xml"
REASONS = ("R431", "R432", "R441", "R442", "R521")
GIVEN = ("SITI", "BUDI", "AGUS", "DEWI", "RINA", "JOKO", "SRI", "ANDI", "MARIA", "AHMAD")
LAST = ("AISYAH", "SANTOSO", "LESTARI", "HIDAYAT", "PUTRA", "WATI", "SAPUTRA", "RAHAYU")


def _parts() -> tuple[bytes, bytes, bytes]:
    text = EXAMPLE.read_bytes()
    start, end = text.index(b"<pekerja"), text.index(b"</pekerja>") + len(b"</pekerja>")
    return text[:start], text[start:end], text[end:]


def _worker(text: bytes, number: int, rng: random.Random, place: int) -> bytes:
    """One worker, never twice the same."""
    for old, new in (
        (b'urut="1"', b'urut="%d"' % place),
        (b"6471055708899001", b"64710557088%05d" % number),
        (b"SITI NUR AISYAH", f"{rng.choice(GIVEN)} {rng.choice(LAST)}".encode()),
        (b"01234567891", b"%011d" % number),
        (b"4800000", b"%d" % (rng.randrange(30, 120) * 100_000)),
        (b"R432", rng.choice(REASONS).encode()),
    ):
        text = text.replace(old, new)
    return text


def write_many(folder: Path, count: int, seed: int = 20260901) -> None:
    """`count` letters about one worker each, as an office gets them: a file a letter."""
    rng = random.Random(seed)
    head, one, tail = _parts()
    for number in range(count):
        start = head.replace(b"021/HRD", b"%05d/HRD" % number)
        (folder / f"surat_{number:05}.xml").write_bytes(start + _worker(one, number, rng, 1) + tail)


def layoff(count: int, seed: int = 20260901) -> bytes:
    """One letter about `count` workers, of whom the one in the middle has a NIK of two digits."""
    rng = random.Random(seed)
    head, one, tail = _parts()
    workers = [_worker(one, number, rng, number) for number in range(1, count + 1)]
    middle = count // 2
    workers[middle - 1] = workers[middle - 1].replace(b"<nik>64710557088%05d" % middle, b"<nik>64")
    return head + b"".join(workers) + tail


def tables(content: bytes) -> tuple[bytes, bytes]:
    """The same lay-off as CSV and as XLSX, the bad row included."""
    import xlsxwriter

    from jendela.letters.intake import take_in
    from jendela.letters.intake.form import fields
    from jendela.model.ports import Document

    count = content.count(b"<pekerja ")
    whole = content.replace(b"<nik>64</nik>", b"<nik>6471055708899999</nik>")
    letters = take_in([Document("surat", whole)]).letters
    used = [one for one in fields().values() if letters[one.column].null_count() < count]
    text = {
        one.column: [
            ";".join(value) if isinstance(value, list) else "" if value is None else str(value)
            for value in letters[one.column].to_list()
        ]
        for one in used
    }
    own = [one for one in used if not one.common]
    body = [list(row) for row in zip(*(text[one.column] for one in own), strict=True)]
    header = [one.name for one in own]
    body[count // 2 - 1][header.index("nik")] = "64"
    rows = [[one.name, text[one.column][0]] for one in used if one.common] + [[], header, *body]
    target, book = io.StringIO(), io.BytesIO()
    csv.writer(target, delimiter=";").writerows(rows)
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_string(at, column, value)
    return target.getvalue().encode(), book.getvalue()
