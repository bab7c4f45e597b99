"""How far two names agree, token by token, as one of seven grades.

6 SAME        the same tokens
5 SPELT       the same but for spelling, spacing, order or a joined word
4 COMPATIBLE  every token of one is explained by the other: dropped words, initials, a cut end, a letter
              lost, doubled or swapped in a long word
3 SLIPPED     the same, but for a letter changed or a slip in a short word: so do twins' names differ
2 PARTLY      a telling token in common or much alike, but each has one that the other contradicts
1 UNDECIDED   only initials or tokens that everybody bears in common
0 DIFFERENT
"""

from __future__ import annotations

import duckdb
import polars as pl

SAME, SPELT, COMPATIBLE, SLIPPED, PARTLY, UNDECIDED, DIFFERENT = 6, 5, 4, 3, 2, 1, 0

# One token against one token. -i against -o or -a ends a woman's and a man's name (Yanti, Yanto): never a
# slip. A slip shows in either spelling: SUARNO is SUMARNO with a letter lost.
_ALIKE = """
CASE
  WHEN l.t = r.t THEN 1.0
  WHEN (l.a = r.a OR l.u = r.u) AND (least(l.n, r.n) >= 4 OR l.n = r.n) THEN 0.97
  WHEN l.n = 1 OR r.n = 1 THEN CASE WHEN l.t[1] = r.t[1] OR l.a[1] = r.a[1] THEN 0.5 ELSE 0 END
  WHEN least(l.n, r.n) >= 3
   AND ((l.last AND starts_with(r.t, l.t)) OR (r.last AND starts_with(l.t, r.t))) THEN 0.9
  WHEN l.u[:-2] = r.u[:-2] AND length(l.u) = length(r.u) AND l.u[-1] IN ('I', 'A') AND r.u[-1] IN ('I', 'A')
    THEN 0
  WHEN least(l.n, r.n) >= 5 AND l.n <> r.n
   AND least(damerau_levenshtein(l.t, r.t), damerau_levenshtein(l.a, r.a), damerau_levenshtein(l.u, r.u)) = 1
    THEN 0.9
  WHEN least(l.n, r.n) >= 6
   AND ((damerau_levenshtein(l.t, r.t) = 1 AND list_sort(split(l.t, '')) = list_sort(split(r.t, '')))
     OR (damerau_levenshtein(l.a, r.a) = 1 AND list_sort(split(l.a, '')) = list_sort(split(r.a, ''))))
    THEN 0.9
  WHEN least(l.n, r.n) >= 4
   AND least(damerau_levenshtein(l.t, r.t), damerau_levenshtein(l.a, r.a), damerau_levenshtein(l.u, r.u))
       <= CASE WHEN least(l.n, r.n) >= 8 THEN 2 ELSE 1 END THEN 0.86
  ELSE 0
END"""

_GRADES = f"""
WITH side AS (
  SELECT name, unnest(tokens) AS t, unnest(sound_a) AS a, unnest(sound_u) AS u, unnest(weak) AS weak,
         generate_subscripts(tokens, 1) AS i, len(tokens) AS count
  FROM names
), token AS (
  SELECT name, t, a, u, weak, i, i = count AS last, length(t) AS n FROM side
), matched AS (
  SELECT p.pair, l.i AS li, r.i AS ri, l.weak AS lw, r.weak AS rw, {_ALIKE} AS s
  FROM pairs p JOIN token l ON l.name = p.left_name JOIN token r ON r.name = p.right_name
), from_left AS (
  SELECT pair, li, any_value(lw) AS weak, max(s) AS s, coalesce(max(s) FILTER (NOT rw), 0) AS firm
  FROM matched GROUP BY pair, li
), from_right AS (
  SELECT pair, ri, any_value(rw) AS weak, max(s) AS s FROM matched GROUP BY pair, ri
), lefts AS (
  SELECT pair, count(*) AS count, count(*) FILTER (NOT weak) AS firm,
         count(*) FILTER (NOT weak AND s < 0.5) AS unexplained,
         count(*) FILTER (NOT weak AND firm >= 0.85) AS telling,
         count(*) FILTER (s >= 0.5) AS alike, count(*) FILTER (s >= 0.85) AS full,
         bool_and(s >= 0.95) AS spelt, bool_or(s = 0.86) AS slipped
  FROM from_left GROUP BY pair
), rights AS (
  SELECT pair, count(*) AS count, count(*) FILTER (NOT weak) AS firm,
         count(*) FILTER (NOT weak AND s < 0.5) AS unexplained,
         count(*) FILTER (s >= 0.5) AS alike, bool_and(s >= 0.95) AS spelt
  FROM from_right GROUP BY pair
), joined AS (
  SELECT p.*, replace(left_name, ' ', '') AS lj, replace(right_name, ' ', '') AS rj,
         array_to_string(ln.sound_a, '') AS la, array_to_string(rn.sound_a, '') AS ra,
         array_to_string(ln.sound_u, '') AS lu, array_to_string(rn.sound_u, '') AS ru
  FROM pairs p JOIN names ln ON ln.name = p.left_name JOIN names rn ON rn.name = p.right_name
), judged AS (
  SELECT j.*, l.count <> r.count AS lengths_differ, l.spelt AND r.spelt AND l.count = r.count AS spelt,
         l.slipped, l.telling, l.alike, least(length(lj), length(rj)) AS short,
         -- A token explains one other, not two: Neneng Neneng is not Neneng Sumiati.
         (l.unexplained = 0 AND r.alike >= l.firm) OR (r.unexplained = 0 AND l.alike >= r.firm) AS explained,
         l.unexplained = 0 AND r.unexplained = 0 AND l.count = r.count AND l.full > 0 AS covered
  FROM joined j JOIN lefts l USING (pair) JOIN rights r USING (pair)
)
SELECT left_name, right_name,
  CASE
    WHEN spelt OR lj = rj OR la = ra OR lu = ru THEN {SPELT}
    WHEN explained AND (telling > 0 OR covered) AND NOT slipped THEN {COMPATIBLE}
    WHEN short >= 10 AND (starts_with(lj, rj) OR starts_with(rj, lj)) THEN {COMPATIBLE}
    WHEN lengths_differ AND short >= 7 AND damerau_levenshtein(lj, rj) <= 1 THEN {COMPATIBLE}
    WHEN explained AND (telling > 0 OR covered) THEN {SLIPPED}
    WHEN telling > 0 AND short >= 10 AND lj[-2:] = rj[-2:] AND damerau_levenshtein(lj, rj) <= 2 THEN {SLIPPED}
    WHEN telling > 0 THEN {PARTLY}
    WHEN alike > 0 AND explained THEN {UNDECIDED}
    WHEN short >= 4 AND jaro_winkler_similarity(lj, rj) >= 0.85 THEN {PARTLY}
    ELSE {DIFFERENT}
  END::TINYINT AS grade
FROM judged
"""


def name_grades(pairs: pl.DataFrame, standard: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (`left_id, right_id`) with `name_grade` beside it; null where one of them has no name.

    `standard` is the standard frame of at least those records. Each pair of distinct names is judged once.
    """
    by_record = standard.select("record_id", "name")
    named = pairs.join(
        by_record.rename({"record_id": "left_id", "name": "left_name"}), on="left_id", how="left"
    )
    named = named.join(
        by_record.rename({"record_id": "right_id", "name": "right_name"}), on="right_id", how="left"
    )
    differing = (
        named.filter(pl.col("left_name") != pl.col("right_name"))
        .select("left_name", "right_name")
        .unique(maintain_order=True)
        .with_row_index("pair")
    )
    names = standard.select("name", "tokens", "sound_a", "sound_u", "weak").drop_nulls("name").unique("name")
    names = names.filter(
        pl.col("name").is_in(pl.concat([differing["left_name"], differing["right_name"]]).implode())
    )
    graded = _grade(differing, names)
    same = pl.col("left_name") == pl.col("right_name")
    joined = named.join(graded, on=["left_name", "right_name"], how="left")
    grade = pl.when(same).then(pl.lit(SAME, pl.Int8)).otherwise(pl.col("grade")).alias("name_grade")
    return joined.select(*pairs.columns, grade)


def _grade(differing: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect() as connection:
        connection.register("pairs", differing.to_arrow())
        connection.register("names", names.to_arrow())
        graded: pl.DataFrame = connection.sql(_GRADES).pl()
    return graded
