"""The hub of these tests."""

from tests.hubs import hub, hub_url, keyring, open_hub, settings

__all__ = ["hub", "hub_url", "keyring", "open_hub", "settings"]
