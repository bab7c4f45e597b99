"""The model retrained on a user's own registers, without labels; Splink's estimation as a second opinion."""
