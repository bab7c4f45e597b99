"""Everything that is held or accepted, judged again after a rule changed: shown first, then decided."""
