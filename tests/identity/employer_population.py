"""Employers that never existed, as BPJS, WLKP and the counters write them, with the truth about who is who.

Everything is drawn column by column. The shares of what goes wrong are more than a real register has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

COMMON = """JAYA MAJU MAKMUR SEJAHTERA ABADI SENTOSA MANDIRI UTAMA KARYA MITRA SINAR CAHAYA SURYA MULIA SUMBER
REJEKI BERKAH ANUGERAH LESTARI PRIMA NUSANTARA INDONESIA PERKASA BINTANG BERSAUDARA""".split()  # noqa: SIM905
TRADES = """TEKSTIL GARMEN LOGAM ELEKTRONIK PLASTIK PANGAN LOGISTIK KONSTRUKSI KIMIA KERTAS FURNITUR TAMBANG
ENERGI FARMASI KERAMIK SEPATU TEKNIK MOTOR TEKNOLOGI INDUSTRI""".split()  # noqa: SIM905
SYLLABLES = """BA BE BI BO DA DE DI DU GA GI HA KA KE KI KO LA LI LO MA MI NA NI NO PA RA RI SA SI TA TI TRA
WA""".split()  # noqa: SIM905
SHORT = {
    "SEJAHTERA": "SEJ.", "MAKMUR": "MKMR", "INDONESIA": "IND.", "JAYA": "JY", "BERSAUDARA": "BERS.",
    "MANDIRI": "MDR", "PERKASA": "PERK.", "SENTOSA": "SENT.", "NUSANTARA": "NUS.", "INDUSTRI": "INDUSTRY",
    "TEKSTIL": "TEXTILE", "TEKNIK": "TEHNIK", "LOGISTIK": "LOGISTICS", "ELEKTRONIK": "ELECTRONIC",
}  # fmt: skip
OLD = {
    "CAHAYA": "TJAHAJA", "JAYA": "DJAJA", "SUMBER": "SOEMBER", "MULIA": "MOELIA", "SURYA": "SOERJA",
    "MAJU": "MADJU",
}  # fmt: skip
AREAS = {
    "3215": "KARAWANG", "3216": "BEKASI", "3275": "BEKASI", "3201": "BOGOR", "3273": "BANDUNG",
    "3578": "SURABAYA", "6471": "BALIKPAPAN", "7371": "MAKASSAR", "1271": "MEDAN",
    "3674": "TANGERANG SELATAN", "3374": "SEMARANG", "3171": "JAKARTA PUSAT", "3174": "JAKARTA SELATAN",
    "5171": "DENPASAR", "1671": "PALEMBANG", "3515": "SIDOARJO",
}  # fmt: skip
FORMS = np.array(["PT", "CV", "UD", "KOPERASI", "YAYASAN"])


@dataclass(frozen=True)
class Population:
    """`records` of employers and `mentions` of them, as text, with `record_id`, true `site` and `entity`."""

    records: pl.DataFrame
    mentions: pl.DataFrame


def population(entities: int, seed: int) -> Population:
    """Legal entities, their establishments, and what is written about each."""
    rng = np.random.default_rng(seed)
    sites = _sites(rng, entities)
    bpjs, wlkp = _bpjs(rng, sites), _wlkp(rng, sites)
    spells = _written(rng, sites.filter(at_bpjs=True), "spell").with_columns(
        wlkp_code=pl.lit(None, pl.String)
    )
    workers = _written(rng, sites.filter(in_wlkp=True), "worker").with_columns(
        npp=_some(rng, sites.filter(in_wlkp=True)["npp"], 0.6), npp_division=pl.lit(None, pl.String)
    )
    letters = _written(rng, sites.filter((pl.col("at_bpjs")) | pl.col("in_wlkp")), "letter").with_columns(
        wlkp_code=pl.lit(None, pl.String), npp_division=pl.lit(None, pl.String)
    )
    letters = letters.with_columns(npp=_some(rng, letters["npp"], 0.4), npwp=_some(rng, letters["npwp"], 0.3))
    nothing = pl.lit(None, pl.String)
    letters = letters.with_columns(nib=nothing)
    spells, workers = (frame.with_columns(nib=nothing, npwp=nothing) for frame in (spells, workers))
    mentions = pl.concat([frame.select(*_MENTION) for frame in (spells, workers, letters)])
    return Population(pl.concat([bpjs, wlkp]), mentions.rename({"region_code": "workplace_region"}))


_MENTION = (
    "record_id", "site", "entity", "npp", "npp_division", "wlkp_code", "nib", "npwp", "employer_name",
    "region_code",
)  # fmt: skip
_RECORD = (*_MENTION, "legal_form", "address", "enterprise_size")


def _sites(rng: np.random.Generator, entities: int) -> pl.DataFrame:
    """One row per establishment; head offices first in their entity."""
    zipf = 1 / np.arange(1, len(AREAS) + 1) ** 0.7
    kinds = rng.choice(3, entities, p=[0.85, 0.12, 0.03])
    branches = np.select(
        [kinds == 0, kinds == 1], [0, rng.integers(1, 5, entities)], rng.integers(5, 15, entities)
    )
    entity = np.repeat(np.arange(entities), branches + 1)
    place = np.concatenate([np.arange(n + 1) for n in branches])
    n = len(entity)
    forms = FORMS[rng.choice(len(FORMS), entities, p=[0.62, 0.24, 0.07, 0.04, 0.03])]
    area = rng.choice(list(AREAS), n, p=zipf / zipf.sum())
    # A branch has an area of its own; two branches of one firm in one area have plant numbers.
    head_npp = np.array(
        [
            f"{chr(65 + i % 26)}{chr(65 + i // 26 % 26)}{v:06d}"
            for i, v in enumerate(rng.permutation(10**6)[:n])
        ]
    )
    heads = np.concatenate([[0], np.cumsum(branches + 1)[:-1]])[entity]
    shares = (place > 0) & (rng.random(n) < 0.2)
    npp = np.where(shares, head_npp[heads], head_npp)
    serial = rng.permutation(10**6)[:entities]
    frame = pl.DataFrame(
        {
            "site": np.arange(n),
            "entity": entity,
            "place": place,
            "core": _names(rng, entities)[entity],
            "form": forms[entity],
            "area": area,
            "npp": npp,
            "shares": shares,
            "division": np.where(shares, [f"{p:03d}" for p in place], "000"),
            "nib": np.array([f"91{v:011d}" for v in rng.permutation(10**7)[:entities]])[entity],
            "body": np.array([_luhn(f"0{1 + v % 3}{v:06d}") for v in serial])[entity],
            "wlkp": [f"{a}.{i:06d}" for i, a in enumerate(area)],
            "size": rng.choice(["MIKRO", "KECIL", "MENENGAH", "BESAR"], n),
            "street": [f"JL. {_word(rng)} NO. {rng.integers(1, 200)}" for _ in range(n)],
        }
    )
    # One establishment of an entity in an area, or they are told apart by a number.
    frame = frame.with_columns(rank=pl.int_range(pl.len()).over("entity", "area"))
    seen = rng.random((2, n))
    at_bpjs, in_wlkp = seen[0] < 0.93, seen[1] < 0.9
    # An NPP is divided into divisions where one is shared, and the head office then is known at BPJS.
    keeps = frame["npp"].is_duplicated().to_numpy()
    return frame.with_columns(at_bpjs=pl.Series(at_bpjs | keeps), in_wlkp=pl.Series(in_wlkp))


def _names(rng: np.random.Generator, n: int) -> np.ndarray:
    """Two to four words: common ones after Zipf, a trade, and in two of three names a word of its own."""
    weight = 1 / np.arange(1, len(COMMON) + 1)
    first, second = (rng.choice(COMMON, n, p=weight / weight.sum()) for _ in range(2))
    own = np.array([_word(rng) for _ in range(n)])
    trade = rng.choice(TRADES, n)
    kind = rng.choice(5, n, p=[0.1, 0.25, 0.3, 0.25, 0.1])
    join = np.char.add
    two = join(join(first, " "), second)
    return np.select(
        [kind == 0, kind == 1, kind == 2, kind == 3],
        [
            two,
            join(join(two, " "), trade),
            join(join(own, " "), first),
            join(join(join(join(own, " "), first), " "), trade),
        ],
        own,
    )


def _word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(SYLLABLES, rng.integers(3, 5)))


def _bpjs(rng: np.random.Generator, sites: pl.DataFrame) -> pl.DataFrame:
    sites = sites.filter(at_bpjs=True)
    frame = _written(rng, sites, "bpjs").with_columns(
        wlkp_code=pl.lit(None, pl.String),
        legal_form=pl.lit(None, pl.String),
        nib=_some(rng, sites["nib"], 0.8),
    )
    return frame.with_columns(npwp=_some(rng, frame["npwp"], 0.9)).select(*_RECORD)


def _wlkp(rng: np.random.Generator, sites: pl.DataFrame) -> pl.DataFrame:
    sites = sites.filter(in_wlkp=True)
    typed = sites["npp"].to_numpy().copy()
    wrong = rng.random(len(typed))
    others = typed[rng.permutation(len(typed))]
    slipped = np.array([npp[:4] + "9" + npp[5:] for npp in typed])
    typed = np.where(wrong < 0.003, others, np.where(wrong < 0.013, slipped, typed))
    frame = _written(rng, sites, "wlkp").with_columns(
        npp=_some(rng, pl.Series(typed), 0.7), npp_division=pl.lit(None, pl.String),
        legal_form=sites["form"], nib=_some(rng, sites["nib"], 0.9),
    )  # fmt: skip
    return frame.with_columns(npwp=_some(rng, "0" + frame["npwp"], 0.85)).select(*_RECORD)


def _some(rng: np.random.Generator, values: pl.Series, share: float) -> pl.Series:
    return pl.select(pl.when(pl.Series(rng.random(len(values)) < share)).then(values)).to_series()


def _written(rng: np.random.Generator, sites: pl.DataFrame, who: str) -> pl.DataFrame:
    """The establishments as one of the agencies writes them."""
    n = sites.height
    own_suffix = pl.Series(rng.random(n) < 0.5) & (sites["place"] > 0)
    suffix = pl.select(
        pl.when(own_suffix).then(sites["place"].cast(pl.String).str.zfill(3)).otherwise(pl.lit("000"))
    )
    twin = pl.Series(rng.random(n) < 0.02)
    area = sites["area"].replace({"3216": "3275", "3275": "3216"})
    return sites.select(
        "site",
        "entity",
        "npp",
        record_id=pl.format("{}-{}", pl.lit(who), "site"),
        npp_division="division",
        wlkp_code="wlkp",
        nib="nib",
        npwp=pl.format("{}091{}", "body", suffix.to_series()),
        employer_name=_name_as_written(rng, sites),
        address=pl.when(pl.Series(rng.random(n) < 0.8)).then("street"),
        enterprise_size=pl.when(pl.Series(rng.random(n) < 0.9)).then("size"),
        region_code=pl.when(twin).then(area).otherwise("area"),
    )


def _name_as_written(rng: np.random.Generator, sites: pl.DataFrame) -> pl.Series:
    """Abbreviations, old spelling, slips, joined words, another order; then form and site."""
    n = sites.height
    name = sites["core"]

    def some(share: float) -> pl.Series:
        return pl.Series(rng.random(n) < share)

    def where(mask: pl.Series, changed: pl.Series) -> pl.Series:
        return pl.select(pl.when(mask).then(changed).otherwise(name)).to_series()

    name = where(some(0.10), _replaced(name, SHORT))
    name = where(some(0.03), _replaced(name, OLD))
    words = name.str.split(" ")
    name = where(some(0.03), words.list.reverse().list.join(" "))
    name = where(some(0.04), name.str.replace(" ", ""))
    at = pl.Series((rng.random(n) * (name.str.len_chars().to_numpy() - 2)).astype(int) + 1)
    lost = pl.select(name.str.slice(0, at) + name.str.slice(at + 1)).to_series() if n else name
    name = where(some(0.03) & (name.str.len_chars() >= 9), lost)
    place = sites["area"].replace_strict(AREAS)
    written = pl.Series(rng.choice(5, n))
    is_branch = sites["place"] > 0
    numbered = sites["rank"] > 0
    site = pl.select(
        pl.when(numbered)
        .then(pl.format(" PLANT {}", sites["rank"] + 1))
        .when(is_branch & (written < 2))
        .then(pl.format(" CABANG {}", place))
        .when(is_branch & (written == 2))
        .then(pl.format(" (CAB. {})", place))
        .when(~is_branch & (written == 4))
        .then(pl.when(some(0.2)).then(pl.lit(" KANTOR PUSAT")).otherwise(pl.lit("")))
        .otherwise(pl.lit(""))
    ).to_series()
    how = pl.Series(rng.choice(6, n, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1]))
    form = sites["form"]
    dotted = form.replace({"PT": "P.T.", "CV": "C.V.", "UD": "U.D.", "KOPERASI": "KOP.", "YAYASAN": "YYS."})
    return pl.select(
        pl.when(how == 0).then(pl.format("{} {}{}", form, name, site))
        .when(how == 1).then(pl.format("{}. {}{}", form, name, site))
        .when(how == 2).then(pl.format("{} {}{}", dotted, name, site))
        .when(how == 3).then(pl.format("{}, {}", name, form))
        .when((how == 4) & (form == "PT")).then(pl.format("{} {} TBK{}", form, name, site))
        .otherwise(pl.format("{}{}", name, site))
    ).to_series()  # fmt: skip


def _replaced(name: pl.Series, table: dict[str, str]) -> pl.Series:
    padded = " " + name + " "
    return padded.str.replace_many(
        [f" {word} " for word in table], [f" {word} " for word in table.values()]
    ).str.strip_chars()


def _luhn(eight: str) -> str:
    total = sum(sum(divmod(int(char) * (1 + place % 2), 10)) for place, char in enumerate(eight))
    return f"{eight}{-total % 10}"
