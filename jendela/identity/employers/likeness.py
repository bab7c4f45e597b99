"""How far two employers' names agree, word by word, as one of eight grades.

8 SAME     the same words, in any order and spelling
7 JOINED   the same letters: a word written together or apart
6 LIGHT    but for a word that is often left out (INDONESIA, GROUP)
5 CUT      but for one word that is cut short or written without vowels
4 SLIP     but for a letter or two in one word, and the words are not both ordinary: CITRA is not MITRA
3 SLIPS    but for two letters in different words
2 WIDER    one has words that the other lacks: often a sister company
0 OTHER    other words, or other figures: JAYA 1 is not JAYA 2
"""

from __future__ import annotations

import polars as pl

from jendela.crypto.memory import query
from jendela.identity.employers.spelling import name_forms

SAME, JOINED, LIGHT, CUT, SLIP, SLIPS, WIDER, OTHER = 8, 7, 6, 5, 4, 3, 2, 0

_GRADES = f"""
WITH sides AS (
  SELECT p.pair, l.joined AS lj, r.joined AS rj, l.figures <> r.figures AS figures_differ,
         len(l.words) = len(r.words) AS same_length, l.known_words AS lk, r.known_words AS rk,
         list_concat(l.light, r.light) AS light,
         list_filter(l.words, lambda w: NOT list_contains(r.words, w)) AS lx,
         list_filter(r.words, lambda w: NOT list_contains(l.words, w)) AS rx
  FROM pairs p JOIN forms l ON l.name = p.left_name JOIN forms r ON r.name = p.right_name
), rests AS (
  SELECT *, list_has_any(lx, lk) AND list_has_any(rx, rk) AS both_ordinary,
         len(lx) = 1 AND len(rx) = 1 AS one_each,
         CASE WHEN length(lx[1]) <= length(rx[1]) THEN lx[1] ELSE rx[1] END AS short,
         CASE WHEN length(lx[1]) <= length(rx[1]) THEN rx[1] ELSE lx[1] END AS long,
         least(length(lj), length(rj)) AS n
  FROM sides
)
SELECT pair, CASE
  WHEN figures_differ THEN {OTHER}
  WHEN len(lx) = 0 AND len(rx) = 0 AND same_length THEN {SAME}
  WHEN lj = rj THEN {JOINED}
  WHEN len(lx) = 0 AND list_has_all(light, rx) OR len(rx) = 0 AND list_has_all(light, lx) THEN {LIGHT}
  WHEN len(lx) = 0 OR len(rx) = 0 THEN {WIDER}
  WHEN both_ordinary THEN {OTHER}
  WHEN one_each AND length(short) >= 2 AND short[1] = long[1] AND length(long) >= 4
   AND (length(short) >= 3 AND starts_with(long, short)
     OR short = short[1] || regexp_replace(long[2:], '[AEIOU]', '', 'g')
     OR length(short) >= 3 AND NOT regexp_matches(short[2:], '[AEIOU]')
        AND regexp_matches(long, array_to_string(string_split(short, ''), '.*'))) THEN {CUT}
  WHEN one_each AND length(short) >= 4
   AND damerau_levenshtein(short, long) <= CASE WHEN length(short) >= 8 THEN 2 ELSE 1 END THEN {SLIP}
  WHEN n >= 8 AND damerau_levenshtein(lj, rj) <= 1 THEN {SLIP}
  WHEN n >= 10 AND damerau_levenshtein(lj, rj) <= 2 THEN {SLIPS}
  ELSE {OTHER}
END::TINYINT AS grade
FROM rests
"""


def name_grades(pairs: pl.DataFrame) -> pl.DataFrame:
    """`left_name, right_name, grade, share, letters, letters_right` of these distinct pairs of names.

    `share` is that of the commoner name: a slip of the pen makes any name look rare. `letters` are those by
    which the bearers of either are counted.
    """
    numbered = pairs.select("left_name", "right_name").with_row_index("pair")
    forms = name_forms(pl.concat([pairs["left_name"], pairs["right_name"]]))
    graded = query(_GRADES, {"pairs": numbered, "forms": forms})
    shares = forms.select("name", "share", "letters")
    found = numbered.join(graded, on="pair").drop("pair")
    found = found.join(shares.rename({"name": "left_name"}), on="left_name")
    found = found.join(shares.rename({"name": "right_name"}), on="right_name", suffix="_right")
    share = pl.max_horizontal("share", "share_right")
    return found.select("left_name", "right_name", "grade", share.alias("share"), "letters", "letters_right")
