"""The linkage model as Splink settings: one comparison per kind of evidence, one level per grade.

The shape is fixed here, because the grades are; the probabilities are data in the model file. Weights that
depend on how common a value is are term-frequency adjustments on the `…_bits` columns of the evidence.
"""

from __future__ import annotations

from typing import Any

# Comparison: what it compares, then grade → what the grade means.
LEVELS: dict[str, tuple[str, dict[int, str]]] = {
    "name": (
        "Given names, token by token",
        {
            6: "The same tokens",
            5: "The same but for spelling, spacing or order",
            4: "Words dropped, initials, a cut end, a letter lost or swapped",
            3: "A letter changed, or a slip in a short word: brothers and sisters differ so too",
            2: "One telling word in common and one that contradicts",
            1: "Only initials or words that everybody bears",
            0: "Another name",
        },
    ),
    "nik": (
        "Identity numbers",
        {
            9: "The same number",
            8: "The same as far as it goes: the last digit cut off or zeroed",
            7: "One digit wrong where chance would not bring them so near",
            6: "One digit of the date differs, as the birth dates do",
            5: "Born the same day in the same district, the last digit of the serial another",
            4: "Born the same day, one digit of the district differs",
            3: "Born the same day in the same district",
            2: "Registered in the same regency",
            1: "Different numbers",
        },
    ),
    "birth": (
        "Birth dates",
        {
            5: "The same day",
            4: "One number says the day that the other states",
            3: "Day and month in exchange, or a slip in the year",
            2: "A part off, or 1 January by default",
            1: "The same year only, or day and month only",
            0: "Different",
        },
    ),
    "mother": (
        "Mother's names, token by token",
        {
            6: "The same tokens",
            5: "The same but for spelling, spacing or order",
            4: "Words dropped, initials, a cut end, a letter lost or swapped",
            3: "A letter changed, or a slip in a short word",
            2: "One telling word in common and one that contradicts",
            1: "Only initials or words that everybody bears",
            0: "Another name",
        },
    ),
    **{
        name: (title, {1: "The same", 0: "Different"})
        for name, title in (("sex", "Sex"), ("email", "E-mail"), ("kpj", "Participant number"))
    },
    **{
        name: (
            title,
            {3: "The same, borne by few", 2: "The same", 1: "The same, borne by many", 0: "Different"},
        )
        for name, title in (
            ("phone", "Telephone"),
            ("place", "Birth place"),
            ("employer", "Employer"),
        )
    },
    "residence": (
        "Residence: the address where both say one, else the regency",
        {
            8: "The same street and number",
            7: "Most of the same words",
            6: "The same, but of many people or in another regency",
            5: "The same regency, not a large one",
            4: "The same large regency",
            3: "The same regency, not a large one; another address",
            2: "The same large regency; another address",
            1: "Another regency",
            0: "Another address",
        },
    ),
}
# Levels weighed by how common what agrees is.
BY_COMMONNESS = {"name": (6, 5, 4, 3, 2), "birth": (5,), "mother": (6, 5, 4, 3, 2)}


def settings(probabilities: dict[str, dict[int, tuple[float, float]]], prior: float) -> dict[str, Any]:
    """Splink settings.

    Args:
        probabilities: comparison → grade → (m, u).
        prior: the probability that two mentions drawn at random are one person.
    """
    return {
        "link_type": "dedupe_only",
        "probability_two_random_records_match": prior,
        "unique_id_column_name": "pattern",
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": [],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.pattern = r.pattern"}],
        "comparisons": [_comparison(name, probabilities[name]) for name in LEVELS],
    }


def _comparison(name: str, probabilities: dict[int, tuple[float, float]]) -> dict[str, Any]:
    title, levels = LEVELS[name]
    column = f"{name}_grade_l"
    listed: list[dict[str, Any]] = [
        {
            "sql_condition": f"{column} IS NULL",
            "label_for_charts": "One side does not say",
            "is_null_level": True,
        }
    ]
    for grade, label in levels.items():
        m, u = probabilities[grade]
        last = grade == min(levels)
        level: dict[str, Any] = {
            "sql_condition": "ELSE" if last else f"{column} = {grade}",
            "label_for_charts": label,
            "m_probability": m,
            "u_probability": u,
        }
        if grade in BY_COMMONNESS.get(name, ()):
            level |= {
                "tf_adjustment_column": f"{name}_bits",
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        listed.append(level)
    return {"output_column_name": name, "comparison_description": title, "comparison_levels": listed}


def probabilities(model: dict[str, Any]) -> dict[str, dict[int, tuple[float, float]]]:
    """The m and u of each grade of a model: what `settings` was given."""
    found = {}
    for comparison in model["comparisons"]:
        levels = comparison["comparison_levels"][1:]
        grades = LEVELS[comparison["output_column_name"]][1]
        found[comparison["output_column_name"]] = {
            grade: (level["m_probability"], level["u_probability"])
            for grade, level in zip(grades, levels, strict=True)
        }
    return found
