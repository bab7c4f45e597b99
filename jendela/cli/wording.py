"""The words of a command in the language asked for, from the one catalogue."""

from __future__ import annotations

from collections.abc import Callable

import click

from jendela.contracts.messages import load_messages
from jendela.store.hub import Hub

Words = Callable[[str], str]

lang_option = click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, envvar="JENDELA_LANG"
)


def words(hub: Hub, lang: str, family: str) -> Words:
    """The text of a key of this family (`review`: its keys begin with `review.`) in one language."""
    messages = load_messages(hub.agreements.folder)
    return lambda key: str(getattr(messages.text(f"{family}.{key}"), lang))
