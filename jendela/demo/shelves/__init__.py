"""Where the offices' books lie: databases, extracts in many forms, folders of letters; and their inboxes."""
