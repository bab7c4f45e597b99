"""What the letter means for the worker, and what can be done by when: sentences in both languages.

Deadlines are given on the safe side: joint leave counts as worked, so that no other reading of the calendar
ends earlier. The hub shows facts and indicators; BPJS Ketenagakerjaan decides on a claim.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from jendela.contracts.messages import Messages, Text
from jendela.law import Law
from jendela.letters.rendering import values
from jendela.letters.rendering.letter import Letter

END = "pekerja/pengakhiran/"
NOTICES = ("PHK_NOTICE", "PHK_CONFIRMATION", "CORRECTION")
SIX_DAYS = 6
SHORT = 240  # characters of a narrative that still fit a summary; a longer one stands below in full


@dataclass(frozen=True)
class Advisor:
    """The catalogue and the law that the advice comes from."""

    messages: Messages
    law: Law

    def headline(self, letter: Letter) -> list[Text]:
        """The letter in three or four sentences."""
        kind, day = letter.get("surat/jenis_surat"), letter.day(f"{END}tanggal_berlaku")
        replaced = letter.get("surat/nomor_surat_diganti") or "-"
        if kind == "WITHDRAWAL":
            return [self.say("head.withdrawal", number=replaced)]
        lines = [self.say("head.correction", number=replaced)] if kind == "CORRECTION" else []
        ending = "head.death" if kind == "DEATH" else "head.end"
        lines.append(
            self.say(ending, employer=letter.get("pengusaha/nama_pengusaha") or "-", day=_dated(day))
        )
        if code := letter.get(f"{END}kode_alasan"):
            lines.append(
                self.say("head.reason", reason=values.label("reason", code), article=self._article(code))
            )
        narrative = letter.get(f"{END}uraian_alasan") or ""
        if 0 < len(narrative) <= SHORT:
            words = self.say("head.narrative")
            lines.append(Text(f"{words.id} “{narrative}”", words.en))
        if net := letter.get("pekerja/kompensasi/total_neto"):
            paid = letter.day("pekerja/kompensasi/tanggal_bayar")
            key = "head.money_on" if paid else "head.money"
            lines.append(self.say(key, amount=values.rupiah(net), day=_dated(paid)))
        return lines

    def steps(self, letter: Letter) -> list[Text]:
        """What the worker, or the heirs, can do next, in the order in which it matters."""
        kind = letter.get("surat/jenis_surat") or ""
        if kind == "WITHDRAWAL":
            return [self.say("step.withdrawn"), self._office(letter)]
        if kind == "DEATH":
            return [self.say("step.heirs"), self._office(letter)]
        steps = [self.say("step.check")]
        if kind == "RESIGNATION_STATEMENT":
            steps.append(self.say("step.not_resigned"))
        if kind in NOTICES and letter.get(f"{END}pemrakarsa") == "EMPLOYER":
            steps += [self._rejection(letter), self._report(letter)]
        steps += [*self._jkp(letter), self.say("step.jht"), self._office(letter)]
        return steps

    def say(self, key: str, **filled: Any) -> Text:
        """A text of the catalogue with its values; a pair is Indonesian and English."""
        text = self.messages.text(f"render.{key}")
        pairs = {
            name: value if isinstance(value, tuple) else (value, value) for name, value in filled.items()
        }
        return Text(
            text.id.format(**{name: pair[0] for name, pair in pairs.items()}),
            text.en.format(**{name: pair[1] for name, pair in pairs.items()}),
        )

    def _rejection(self, letter: Letter) -> Text:
        """PP 35/2021 Pasal 39(1): a rejection with its reasons within seven working days of receipt."""
        if answer := letter.get("penerimaan/tanggapan_pekerja"):
            answered = letter.day("penerimaan/tanggal_tanggapan")
            response = values.label("worker_response", answer)
            return self.say(
                "step.responded", response=tuple(one.lower() for one in response), day=_dated(answered)
            )
        received = letter.day(f"{END}tanggal_diterima_pekerja") or letter.day(f"{END}tanggal_pemberitahuan")
        days = self.law.held(
            "rejection.working_days", received or letter.day("surat/tanggal_surat") or date.max
        )
        if received is None or days is None:
            return self.say("step.reject_undated", days=days or 7)
        five, six = (self._working_day(received, days, week) for week in (None, SIX_DAYS))
        key = "step.reject" if five == six else "step.reject_weeks"
        return self.say(key, days=days, received=_dated(received), day=_dated(five), earlier=_dated(six))

    def _report(self, letter: Letter) -> Text:
        """PP 35/2021 Pasal 38: the employer reports; the receipt opens the benefits."""
        number, day = letter.get("penerimaan/nomor_tanda_terima"), letter.day("penerimaan/tanggal_terima")
        if number is None:
            return self.say("step.report")
        return self.say("step.reported", number=number, day=_dated(day))

    def _working_day(self, start: date, days: int, week: int | None) -> date:
        calendar = self.law.calendar.of_week(week) if week else self.law.calendar
        found = pl.select(calendar.after_at_least(pl.lit(start), days)).item()
        assert isinstance(found, date)  # noqa: S101 - business days after a date are a date
        return found

    def _jkp(self, letter: Letter) -> list[Text]:
        """PP 37/2021 Pasal 40 as amended: the claim is lost when it is not made in time."""
        reason = self.law.reasons.get(letter.get(f"{END}kode_alasan") or "")
        indicator = reason.jkp if reason else "R"
        if letter.get("pekerja/kewarganegaraan") == "WNA":
            return [self.say("step.jkp_foreign")]
        if indicator == "N":
            return [self.say("step.jkp_no")]
        day = letter.day(f"{END}tanggal_berlaku")
        entry = self.law.parameters.entry("jkp.claim_months", day) if day else None
        if day is None or entry is None:
            return [self.say("step.jkp_undated")]
        key = "step.jkp" if indicator == "Y" else "step.jkp_maybe"
        source = f"{entry.instrument} {entry.article}"
        last = _dated(_months_later(day, int(entry.value)))
        return [self.say(key, months=entry.value, day=last, article=source)]

    def _office(self, letter: Letter) -> Text:
        return self.say("step.office", region=values.region(letter.get("pengusaha/wilayah_kerja") or "-"))

    def _article(self, code: str) -> str:
        reason = self.law.reasons.get(code)
        return (reason.article if reason else None) or code


def _dated(day: date | None) -> tuple[str, str]:
    return (values.on(day), values.on(day, english=True)) if day else ("-", "-")


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
