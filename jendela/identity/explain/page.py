"""The page of an explanation: both languages, Splink's waterfall, the table in words. One file, no network.

The scripts that draw the charts are those that Splink ships, in the page itself.
"""

from __future__ import annotations

import json
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jendela.contracts.messages import Messages
from jendela.identity.explain.account import Account
from jendela.identity.explain.chart import against_strangers, up_to_weight
from jendela.identity.explain.explained import Explained, short
from jendela.identity.explain.words import Teller
from jendela.identity.judge.contributions import STRANGER
from jendela.identity.judge.waterfall import Bar, libraries

LANGUAGES = ("id", "en")


def page(found: Explained, messages: Messages, most: int) -> str:
    """The whole page as text, with at most so many pairs."""
    falls = found.waterfalls(most)
    tellers = {lang: Teller(messages, lang) for lang in LANGUAGES}
    environment = Environment(
        loader=PackageLoader("jendela.identity.explain"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(short=short)
    environment.globals.update(both=lambda key, **values: _both(tellers, key, **values))
    shown = found.pairs[: len(falls.bars)]
    pairs = [
        {
            "account": account,
            "told": {lang: teller.tell(account) for lang, teller in tellers.items()},
            "charts": {lang: _charts(falls.chart, bars, account, teller) for lang, teller in tellers.items()},
            "left": found.values.get(account.left),
            "right": found.values.get(account.right),
        }
        for account, bars in zip(shown, falls.bars, strict=True)
    ]
    return environment.get_template("explain.html").render(
        found=found,
        pairs=pairs,
        own=len(found.own),
        rest=len(found.pairs) - len(shown),
        tellers=tellers,
        scripts=[Markup(script) for script in libraries().values()],  # noqa: S704 - Splink's own files
        languages=LANGUAGES,
    )


def _charts(chart: dict[str, Any], bars: list[Bar], account: Account, teller: Teller) -> list[Markup]:
    """The charts as JSON that cannot end the script it stands in."""
    drawn = [against_strangers(chart, bars, account, teller)]
    if account.against != STRANGER:
        drawn.append(up_to_weight(chart, account, teller))
    return [_inert(spec) for spec in drawn]


def _inert(value: Any) -> Markup:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign is left that HTML knows


def _both(tellers: dict[str, Teller], key: str, **values: str) -> Markup:
    """A text in both languages, of which the style sheet shows one."""
    spans = (
        Markup('<span lang="{}">{}</span>').format(lang, teller.text(key, **values))
        for lang, teller in tellers.items()
    )
    return Markup("").join(spans)
