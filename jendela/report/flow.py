"""The picture of a night: who sent how much, and what became of it. A flow from left to right, as SVG."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from jendela.contracts.messages import Text

WIDTH = 440
LEFT, RIGHT, BAR = 150, 290, 9  # where the ribbons begin and end, and how wide their ends are
BODY = 170.0  # the height of all ribbons together
LEAST = 1.6  # what a single row still takes, so that nothing that happened is invisible
LINE, GAP = 15, 12
LONGEST = 8  # streams shown on the left; the smallest beyond them are drawn as one


@dataclass(frozen=True)
class Stream:
    """One source of the flow: what it is called, its counts by what became of them, and whether it came.

    Zero rows of a source that came are not the same as no data.
    """

    name: Text
    counts: Mapping[str, int]
    came: bool = True


@dataclass
class _Node:
    lines: Text
    number: str
    height: float
    colour: str
    silent: bool = False
    top: float = 0.0
    used: float = 0.0


def flow(
    streams: Sequence[Stream], ends: Mapping[str, tuple[Text, str]], title: Text, silent: Text, others: Text
) -> Markup:
    """The flow from `streams` to `ends` (name → what it is called, colour); a silent stream is hollow.

    Nothing at all gives no picture.
    """
    shown = _few(streams, others)
    total = sum(stream.counts.get(end, 0) for stream in shown for end in ends)
    if not total:
        return Markup("")
    high = {
        (place, end): max(LEAST, BODY * count / total)
        for place, stream in enumerate(shown)
        for end in ends
        if (count := stream.counts.get(end, 0))
    }
    left = [
        _Node(
            stream.name,
            _thin(sum(stream.counts.get(end, 0) for end in ends)),
            0.0,
            "#0d5c63",
            not stream.came,
        )
        for stream in shown
    ]
    right = {
        end: _Node(name, _thin(sum(stream.counts.get(end, 0) for stream in shown)), 0.0, colour)
        for end, (name, colour) in ends.items()
        if any(place_end[1] == end for place_end in high)
    }
    for (place, end), height in high.items():
        left[place].height += height
        right[end].height += height
    depth = max(_stack(left), _stack(list(right.values())))
    for nodes in (left, list(right.values())):  # the shorter side stands in the middle of the longer
        spare = (depth - _stack(nodes)) / 2
        for node in nodes:
            node.top += spare
    ribbons = [_ribbon(left[place], right[end], height) for (place, end), height in high.items()]
    drawn = [_source(node, silent) for node in left] + [_end(node) for node in right.values()]
    return _svg(title, depth, ribbons + drawn, left, list(right.values()))


def _few(streams: Sequence[Stream], others: Text) -> list[Stream]:
    if len(streams) <= LONGEST:
        return list(streams)
    largest = sorted(streams, key=lambda stream: -sum(stream.counts.values()))[: LONGEST - 1]
    rest: dict[str, int] = {}
    for stream in streams:
        if stream not in largest:
            for name, count in stream.counts.items():
                rest[name] = rest.get(name, 0) + count
    kept = [stream for stream in streams if stream in largest]
    return [*kept, Stream(others, rest)]


def _stack(nodes: Sequence[_Node]) -> float:
    """Give every node its place below the one before, with room for its words; the height of all."""
    top = 4.0
    for node in nodes:
        words = LINE * (1 + max(len(_wrapped(text)) for text in (node.lines.id, node.lines.en)))
        slot = max(node.height, words)
        node.top = top + (slot - node.height) / 2
        top += slot + GAP
    return top


def _ribbon(source: _Node, end: _Node, height: float) -> Markup:
    y1, y2 = source.top + source.used, end.top + end.used
    source.used += height
    end.used += height
    middle = (LEFT + RIGHT) / 2
    path = (
        f"M{LEFT} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {RIGHT} {y2:.1f}V{y2 + height:.1f}"
        f"C{middle:.0f} {y2 + height:.1f} {middle:.0f} {y1 + height:.1f} {LEFT} {y1 + height:.1f}Z"
    )
    return Markup('<path d="{}" fill="{}" fill-opacity=".55"/>').format(path, end.colour)


def _source(node: _Node, silent: Text) -> Markup:
    if node.height or not node.silent:
        bar = Markup('<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}" fill="{}"/>').format(
            LEFT - BAR, node.top, BAR, node.height or LEAST, node.colour
        )
        return bar + _words(node, LEFT - BAR - 8, "end")
    hollow = Markup(
        '<rect x="{}" y="{:.1f}" width="{}" height="22" fill="none" stroke="#b45f06" stroke-width="1.5" '
        'stroke-dasharray="3 2"/>'
    ).format(LEFT - BAR, node.top - 11, BAR - 1)
    absent = _text(silent, LEFT + 10, node.top + 4, "start", "absent")
    return hollow + absent + _words(node, LEFT - BAR - 8, "end", numbered=False)


def _end(node: _Node) -> Markup:
    bar = Markup('<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}" fill="{}"/>').format(
        RIGHT, node.top, BAR, node.height, node.colour
    )
    return bar + _words(node, RIGHT + BAR + 8, "start")


def _words(node: _Node, x: int, anchor: str, *, numbered: bool = True) -> Markup:
    """The node's name in both languages, wrapped, with its number below, beside the middle of its bar."""
    drawn = Markup("")
    for language, text in (("id", node.lines.id), ("en", node.lines.en)):
        lines = _wrapped(text)
        first = node.top + node.height / 2 - LINE * (len(lines) + numbered) / 2 + 11
        spans = [
            Markup('<tspan x="{}" y="{:.1f}">{}</tspan>').format(x, first + LINE * place, line)
            for place, line in enumerate(lines)
        ]
        if numbered:
            spans.append(
                Markup('<tspan class="n" x="{}" y="{:.1f}">{}</tspan>').format(
                    x, first + LINE * len(lines), node.number
                )
            )
        drawn += Markup('<text lang="{}" text-anchor="{}">{}</text>').format(
            language, anchor, Markup("").join(spans)
        )
    return drawn


def _text(text: Text, x: int, y: float, anchor: str, kind: str) -> Markup:
    shape = Markup('<text lang="{}" class="{}" x="{}" y="{:.1f}" text-anchor="{}">{}</text>')
    return shape.format("id", kind, x, y, anchor, text.id) + shape.format("en", kind, x, y, anchor, text.en)


def _svg(
    title: Text, depth: float, parts: Sequence[Markup], left: Sequence[_Node], right: Sequence[_Node]
) -> Markup:
    told = "; ".join(
        f"{node.lines.id if node.lines.id == node.lines.en else f'{node.lines.id} / {node.lines.en}'} "
        f"{'–' if node.silent and not node.height else node.number}"
        for node in (*left, *right)
    )
    opening = Markup('<svg class="flow" role="img" viewBox="0 0 {} {:.0f}" aria-label="{} / {}: {}">')
    return opening.format(WIDTH, depth, title.id, title.en, told) + Markup("").join(parts) + Markup("</svg>")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 19) or [""]


def _thin(number: int) -> str:
    return str(escape(f"{number:,}".replace(",", "\u202f")))
