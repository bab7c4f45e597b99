"""Where the agencies disagree: pure rules over what the register knows, one file per family of codes."""
