"""The append-only log of what the hub did: Merkle tree, signed checkpoints, verification by anybody."""
