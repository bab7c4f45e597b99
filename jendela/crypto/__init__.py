"""Keys, sealing and keyed hashes. With `letters` and `evidence` the only importers of `cryptography`."""

from jendela.crypto.hashes import hash_one, keyed_hash
from jendela.crypto.keyring import Keyring
from jendela.crypto.keys import KeySource, load_keyring
from jendela.crypto.sealing import seal, seal_many, unseal, unseal_many

__all__ = [
    "KeySource",
    "Keyring",
    "hash_one",
    "keyed_hash",
    "load_keyring",
    "seal",
    "seal_many",
    "unseal",
    "unseal_many",
]
