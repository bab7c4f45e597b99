"""How often clerks err: rates per record, in named profiles. Nothing here is fitted to any linker."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace


@dataclass(frozen=True)
class Rates:
    """What goes wrong in one register; every number is a share of its records."""

    # The national identity number
    nik_missing: float = 0.026
    nik_placeholder: float = 0.008
    nik_substituted: float = 0.014
    nik_transposed: float = 0.006
    nik_truncated: float = 0.003
    nik_padded: float = 0.002
    nik_float: float = 0.004  # 3.17E+15
    nik_zeroed: float = 0.004  # the spreadsheet keeps fifteen digits
    nik_family_card: float = 0.004
    nik_relative: float = 0.004
    nik_clerk: float = 0.0013
    nik_formatted: float = 0.012  # dots, spaces, an apostrophe
    # The name: one draw for the form, one for a slip, and one for the words that have customary variants
    name_form: float = 0.075
    name_slip: float = 0.055
    name_custom: float = 0.22
    name_other: float = 0.0015  # an alias, a married name: nothing in common
    nickname: float = 0.001
    title: float = 0.03
    # The birth date
    born_missing: float = 0.012
    born_swapped: float = 0.006
    born_first_of_january: float = 0.006
    born_year_off: float = 0.006
    born_digit: float = 0.006
    born_invalid: float = 0.0005
    # The rest
    sex_wrong: float = 0.004
    sex_missing: float = 0.005
    place_missing: float = 0.03
    place_other: float = 0.10
    mother_missing: float = 0.08
    mother_form: float = 0.08
    mother_slip: float = 0.07
    mother_other: float = 0.015
    phone_missing: float = 0.10
    phone_changed: float = 0.22
    phone_shared: float = 0.03  # the HR department's
    phone_slip: float = 0.01
    email_missing: float = 0.85
    address_missing: float = 0.04
    address_moved: float = 0.18
    region_missing: float = 0.03
    kpj_missing: float = 0.02
    kpj_wrong: float = 0.002
    employer_missing: float = 0.01

    def times(self, factor: float) -> Rates:
        """Every error that much more frequent; what is missing by design (e-mail, KPJ, employer) stays."""
        kept = {"email_missing", "kpj_missing", "employer_missing"}
        changed = {
            f.name: min(getattr(self, f.name) * factor, 0.95) for f in fields(self) if f.name not in kept
        }
        return replace(self, **changed)


def _right(rates: Rates) -> Rates:
    """Kemnaker's side: KPJ and employer known for some, more e-mail, numbers a little worse."""
    return replace(
        rates,
        email_missing=min(rates.email_missing, 0.6),
        kpj_missing=0.86,
        employer_missing=0.55,
        nik_missing=rates.nik_missing * 1.7,
    )


@dataclass(frozen=True)
class Noise:
    """A profile: the errors of both registers and a few habits of the country."""

    left: Rates = field(default_factory=Rates)
    right: Rates = field(default_factory=lambda: _right(Rates()))
    scattered_serials: float = 0.25  # offices whose NIK serials do not start at 0001
    two_niks: float = 0.012
    nik_of_other_date: float = 0.012  # the NIK keeps a birth date that was corrected since
    mixed_formats: float = 0.05  # records that do not follow the format of their register
    right_title_case: float = 0.35


def _profiles() -> dict[str, Noise]:
    usual = Rates()
    mild = usual.times(0.5)
    rough = usual.times(2.0)
    office = replace(usual, mother_missing=1.0, phone_missing=1.0, email_missing=1.0)
    counter = replace(
        usual.times(1.5),
        nik_missing=0.15 / 1.7,
        nickname=0.03,
        name_form=0.22,
        name_slip=0.11,
        title=0.06,
        born_missing=0.04,
        email_missing=0.97,
        mother_missing=0.35,
        phone_missing=0.4,
    )
    clean = usual.times(0.08)
    return {
        "clean": Noise(clean, _right(clean), two_niks=0.001, nik_of_other_date=0.002, mixed_formats=0.0),
        "mild": Noise(mild, _right(mild), two_niks=0.006, nik_of_other_date=0.008),
        "usual": Noise(),
        "rough": Noise(
            rough,
            _right(rough),
            scattered_serials=0.6,
            two_niks=0.02,
            nik_of_other_date=0.025,
            mixed_formats=0.2,
        ),
        "office": Noise(usual, _right(office), scattered_serials=1.0),
        "counter": Noise(
            mild, _right(counter), scattered_serials=0.0, mixed_formats=0.25, right_title_case=0.6
        ),
    }


PROFILES: dict[str, Noise] = _profiles()
