"""Web pages over what the hub wrote. Who may see them is decided by whoever mounts them."""
