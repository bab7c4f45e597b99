"""What each recipient is owed tonight, what became of what it was sent, and the inboxes it goes to."""
