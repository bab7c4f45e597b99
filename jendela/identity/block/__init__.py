"""The pairs worth comparing: mentions that share a key, with a guard that names and tames exploding ones."""
