"""Names as numbers: each distinct token once, each distinct name as a row of token codes.

What is dear about a name (spelling, sound, letters) is computed once a token; comparing two names is then
arithmetic over small integers. Nothing here depends on the order of the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.standard.hashing import Longs, letter_matrix, mix, polynomial
from jendela.identity.standard.names import given_names, leading, unify, word_list
from jendela.identity.standard.sounds import skeleton, sound, spelling

Ints = npt.NDArray[np.int32]

# Names of more words keep their first ones; new documents hold at most 60 letters (Permendagri 73/2022).
WIDTH = 6
NONE = -1
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Names:
    """Distinct names and their tokens.

    words, weak: `(names, WIDTH)` token codes, `NONE` behind the last; and which of them are weak here.
    tokens: one row per code: `token`, `a`, `u` (codes of its two sounds), `bones` (code of its consonants),
        `length`, `letters` and `sound_letters` (a bit per letter), `weak` (a token often dropped),
        `bag` and `sound_bag` (hashes of its letters and of those of its sound, in any order).
    bones, sounds: per token, a hash of its consonants, and of its sound; the same on every machine.
    joined, joined_a, joined_u: per name, the hash of its tokens (or their sounds) written as one word.
    whole: per name, a hash of the consonants of its firm tokens in any order, joined or apart; 0 if none.
    """

    words: Ints
    weak: npt.NDArray[np.bool_]
    tokens: pl.DataFrame
    bones: Longs
    sounds: Longs
    joined: Longs
    joined_a: Longs
    joined_u: Longs
    whole: Longs

    def text(self, codes: Ints) -> list[str]:
        """The names of these codes as text; empty for `NONE`."""
        known = [*self.tokens["token"].to_list(), ""]
        return [
            " ".join(filter(None, (known[word] for word in self.words[code]))) if code >= 0 else ""
            for code in codes
        ]

    def joined_text(self, codes: Ints) -> pl.Series:
        """The names of these codes written as one word."""
        known = pl.concat([self.tokens["token"], pl.Series([""])])
        end = len(known) - 1
        words = self.words[codes]
        columns = {
            str(place): known.gather(np.where(words[:, place] == NONE, end, words[:, place]))
            for place in range(WIDTH)
        }
        return pl.DataFrame(columns).select(pl.concat_str(pl.all())).to_series()

    @cached_property
    def places(self) -> Ints:
        """`words` by place: `(WIDTH, names)`."""
        return np.ascontiguousarray(self.words.T)

    @cached_property
    def weak_places(self) -> npt.NDArray[np.bool_]:
        """`weak` by place."""
        return np.ascontiguousarray(self.weak.T)

    @cached_property
    def letters(self) -> Ints:
        """Per name a bit for each letter it holds."""
        table = np.append(self.tokens["letters"].to_numpy(), 0)
        found: Ints = np.bitwise_or.reduce(table[self.places], axis=0)
        return found

    @cached_property
    def length(self) -> Ints:
        """Per name its number of letters."""
        table = np.append(self.tokens["length"].to_numpy(), 0)
        found: Ints = table[self.places].sum(axis=0, dtype=np.int32)
        return found


def name_codes(raw: pl.Series) -> tuple[Ints, Names]:
    """The name of each row as a code into `Names` (`NONE`: no name), and those names."""
    distinct = raw.drop_nulls().unique()
    given = given_names(distinct)
    words, tokens = _words(given)
    identity = mix(*((words[:, place] + 2).astype(np.uint64) for place in range(WIDTH)))
    kept, first, code = np.unique(identity, return_index=True, return_inverse=True)
    of_raw = np.where(words[:, 0] == NONE, NONE, code).astype(np.int32)
    lookup = pl.DataFrame({"raw": distinct, "code": of_raw})
    codes = raw.rename("raw").to_frame().join(lookup, on="raw", how="left", maintain_order="left")["code"]
    return codes.fill_null(NONE).to_numpy(), _names(words[first[: len(kept)]], tokens)


def _words(given: pl.Series) -> tuple[Ints, pl.DataFrame]:
    """The canonical tokens of each name, as codes, and the token table."""
    listed = given.fill_null("").str.split(" ")
    flat = listed.explode().rename("token")
    counts = listed.list.len().cast(pl.Int64).to_numpy()
    spelled = flat.unique().sort().to_frame().filter(pl.col("token") != "")
    spelled = spelled.with_columns(unify(pl.col("token")).str.split(" ").alias("parts"))
    canonical = pl.concat([spelled["parts"].explode(), pl.Series(list(leading().values()))]).unique().sort()
    code_of = pl.DataFrame({"part": canonical}).with_row_index("code").cast({"code": pl.Int32})
    parts = (
        spelled.explode("parts")
        .join(code_of, left_on="parts", right_on="part", maintain_order="left")
        .group_by("token", maintain_order=True)
        .agg(pl.col("code").alias("codes"))
    )
    long = flat.to_frame().with_columns(
        pl.Series("name", np.repeat(np.arange(len(given), dtype=np.int32), counts))
    )
    several = np.repeat(counts > 1, counts)
    opening = np.zeros(len(flat), dtype=bool)
    opening[np.cumsum(counts) - counts] = True
    first = pl.col("token").replace(leading())
    long = long.with_columns(
        pl.when(pl.Series(opening & several)).then(first).otherwise(pl.col("token")).alias("token")
    )
    known = pl.concat(
        [parts, code_of.filter(~pl.col("part").is_in(parts["token"].implode())).select(
            pl.col("part").alias("token"), pl.concat_list("code").alias("codes"))]
    )  # fmt: skip
    coded = long.join(known, on="token", how="left", maintain_order="left").select("name", "codes")
    coded = coded.drop_nulls("codes").explode("codes")
    name, code = coded["name"].to_numpy(), coded["codes"].to_numpy()
    start = np.searchsorted(name, np.arange(len(given)))
    place = np.arange(len(name)) - start[name]
    words = np.full((len(given), WIDTH), NONE, dtype=np.int32)
    inside = place < WIDTH
    words[name[inside], place[inside]] = code[inside]
    return words, _token_table(canonical)


def _token_table(canonical: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"token": canonical}).with_columns(spelling(pl.col("token")).alias("spelling"))
    frame = frame.with_columns(
        sound(pl.col("spelling"), "A").alias("sound_a"),
        sound(pl.col("spelling"), "U").alias("sound_u"),
        skeleton(pl.col("spelling")).alias("skeleton"),
    )
    bags = [_bag(frame[text]).astype(np.uint64) for text in ("token", "sound_a")]
    frame = frame.with_columns(pl.Series("bag", bags[0]), pl.Series("sound_bag", bags[1]))
    return frame.select(
        "bag",
        "sound_bag",
        "token",
        "sound_a",
        "sound_u",
        "skeleton",
        *(
            pl.col(text).rank("dense").cast(pl.Int32).alias(code)
            for text, code in (("sound_a", "a"), ("sound_u", "u"), ("skeleton", "bones"))
        ),
        pl.col("token").str.len_bytes().cast(pl.Int8).alias("length"),
        _letters("token").alias("letters"),
        _letters("sound_a").alias("sound_letters"),
        pl.col("token").is_in(word_list("weak")["token"].implode()).alias("weak"),
    )


def _letters(text: str) -> pl.Expr:
    """A bit for each letter that a text holds."""
    return pl.sum_horizontal(
        pl.col(text).str.contains(letter, literal=True).cast(pl.Int32) * (1 << place)
        for place, letter in enumerate(_LETTERS)
    )


def _names(words: Ints, tokens: pl.DataFrame) -> Names:
    firm = words != NONE
    weak = np.append(tokens["weak"].to_numpy(), True)[words] & firm
    # In a name of nothing but weak tokens, none is.
    weak &= ~(weak | ~firm).all(axis=1, keepdims=True)
    bag = np.append(_bag(tokens["skeleton"]), np.uint64(0))[words]
    whole = np.where(firm & ~weak, bag, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return Names(
        words,
        weak,
        tokens,
        mix(polynomial(tokens["skeleton"])[0]),
        mix(polynomial(tokens["sound_a"])[0]),
        _joined(words, tokens["token"]),
        _joined(words, tokens["sound_a"]),
        _joined(words, tokens["sound_u"]),
        whole,
    )


def _joined(words: Ints, text: pl.Series) -> Longs:
    """A hash of the tokens of each name written as one word: equal for DIAN SARI and DIANSARI."""
    value, power = polynomial(text)
    value, power = np.append(value, np.uint64(0)), np.append(power, np.uint64(1))
    joined = np.zeros(len(words), dtype=np.uint64)
    for place in range(WIDTH):
        joined = joined * power[words[:, place]] + value[words[:, place]]
    return joined


def _bag(texts: pl.Series) -> Longs:
    """A hash of the letters of each text, in any order, that adds up over texts; digits weigh nothing."""
    letters, _ = letter_matrix(texts)
    weight = np.zeros(256, dtype=np.uint64)
    weight[ord("A") : ord("Z") + 1] = mix(np.arange(1, 27, dtype=np.uint64))
    bag = np.zeros(len(texts), dtype=np.uint64)
    for place in range(letters.shape[1]):
        bag += weight[letters[:, place]]
    return bag
