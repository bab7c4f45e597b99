"""Splink's waterfall in the words of one language: the same chart, its bars and titles named anew."""

from __future__ import annotations

from copy import deepcopy
from itertools import accumulate
from typing import Any

from jendela.identity.explain.account import BEFORE, Account
from jendela.identity.explain.words import Teller
from jendela.identity.judge.waterfall import Bar

# What Splink calls the first and the last bar; its expressions ask for these names.
PRIOR, FINAL = "Prior", "Final score"
OF_FREQUENCY = "tf_"
STEP, WIDTH, OFFSET, HEIGHT = 66, 52, 26, 300
LINE = 14  # of text in a bar
TALL_ENOUGH = "abs(datum.log2_bayes_factor) > 1"
COLOURS = {"red": "#a61b1b", "green": "#1f6f54"}
# Splink's tooltip, by field: which of it is told.
TOLD = {
    "column_name": "step",
    "label_for_charts": "finding",
    "bayes_factor": "factor",
    "log2_bayes_factor": "weight",
    "prob": "running",
}

AXES = {"Column": None, "Match Weight": "weight", "Probability": "probability"}


def against_strangers(
    chart: dict[str, Any], bars: list[Bar], account: Account, teller: Teller
) -> dict[str, Any]:
    """The chart of Splink's own bars of a pair."""
    found = {line.field: line.code for line in account.lines}
    told = []
    for bar in bars:
        name = bar["column_name"]
        field = name.removeprefix(OF_FREQUENCY)
        shown = bar | {"column_name": name, "label_for_charts": ""}
        if found.get(field):
            shown["label_for_charts"] = teller.text(f"reason.{found[field]}")
        if field in found:
            called = teller.text(f"explain.field.{field}")
            rare = field != name
            shown["column_name"] = teller.text("explain.chart.rarity", field=called) if rare else called
        told.append(shown)
    return _drawn(chart, told, teller.text("explain.chart.splink"), teller)


def up_to_weight(chart: dict[str, Any], account: Account, teller: Teller) -> dict[str, Any]:
    """The same chart of the steps from the likeliest other explanation to the weight."""
    found = {line.field: line.code for line in account.lines}
    bars = []
    for name, bits in account.steps(account.against):
        code = found.get(name)
        called = teller.text(f"explain.field.{name}" if code else f"explain.step.{name}")
        bars.append(
            _bar(PRIOR if name == BEFORE else called, bits, teller.text(f"reason.{code}") if code else "")
        )
    bars.append(_bar(FINAL, account.weight, ""))
    bars = [bar | {"bar_sort_order": place, "record_number": 0} for place, bar in enumerate(bars)]
    title = teller.text("explain.chart.rival", rival=teller.rival(account.against, "short"))
    return _drawn(chart, bars, title, teller)


def _bar(name: str, bits: float, finding: str) -> Bar:
    return {
        "column_name": name,
        "label_for_charts": finding,
        "log2_bayes_factor": bits,
        "bayes_factor": 2.0**bits,
        "value_l": "",
        "value_r": "",
    }


def _drawn(chart: dict[str, Any], bars: list[Bar], title: str, teller: Teller) -> dict[str, Any]:
    drawn = _renamed(deepcopy(chart), teller)
    ends = {PRIOR: teller.text("explain.chart.prior"), FINAL: teller.text("explain.chart.final")}
    drawn["data"] = {"values": [bar | {"record_number": 0} for bar in bars]}
    drawn["title"] = {"text": title, "anchor": "start"}
    # One pair in a chart: nothing to slide.
    drawn["params"] = [{"name": "record_number", "value": 0}]
    drawn |= {"width": {"step": STEP}, "height": HEIGHT, "autosize": {"type": "pad", "resize": True}}
    drawn["config"] = {"font": "system-ui, sans-serif", "view": {"stroke": None}}
    # The axis says what each bar is; Splink's labels above the bars would run into each other.
    inner = drawn["layer"][0]
    inner["layer"] = [layer for layer in inner["layer"] if not _is_label(layer)]
    # A figure stands in its bar where there is room.
    tops = [0.0, *accumulate(bar["log2_bayes_factor"] for bar in bars[:-1])]
    room = (max(tops) - min(tops)) * LINE / HEIGHT
    named = _with_names(drawn, ends | {TALL_ENOUGH: f"abs(datum.log2_bayes_factor) > {room:.3f}"})
    assert isinstance(named, dict)  # noqa: S101 - as it went in
    return named


def _is_label(layer: dict[str, Any]) -> bool:
    """A layer that writes names or values above the bars."""
    return layer.get("encoding", {}).get("text", {}).get("field") in ("column_name", "value_l", "value_r")


def _renamed(node: Any, teller: Teller) -> Any:
    """The chart with titles in words, tooltips of what is told, and bars of our width."""
    if isinstance(node, list):
        return [_renamed(item, teller) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _renamed(value, teller) for key, value in node.items()}
    if isinstance(node.get("tooltip"), list):
        told = [item for item in node["tooltip"] if item.get("field") in TOLD]
        node["tooltip"] = [
            item | {"title": teller.text(f"explain.chart.{TOLD[item['field']]}")} for item in told
        ]
    if isinstance(node.get("title"), str) and node["title"] in AXES:
        key = AXES[node["title"]]
        node["title"] = teller.text(f"explain.chart.{key}") if key else None
    if "labelAngle" in node:
        node |= {"labelAngle": -35, "labelAlign": "right", "labelPadding": 4, "labelLimit": 150}
        node.pop("labelExpr", None)
    if isinstance(node.get("value"), str) and node["value"] in COLOURS:
        node["value"] = COLOURS[node["value"]]
    if node.get("type") == "bar":
        node["width"] = WIDTH
    if node.get("xOffset"):
        node |= {"xOffset": -OFFSET, "x2Offset": OFFSET}
    return node


def _with_names(node: Any, ends: dict[str, str]) -> Any:
    """The chart with some texts put in place of others: whole ones, and those quoted in expressions."""
    if isinstance(node, list):
        return [_with_names(item, ends) for item in node]
    if isinstance(node, dict):
        return {key: _with_names(value, ends) for key, value in node.items()}
    if not isinstance(node, str):
        return node
    if node in ends:
        return ends[node]
    for old, new in ends.items():
        for quote in "'\"":
            node = node.replace(f"{quote}{old}{quote}", f"{quote}{new}{quote}")
    return node
