"""Who may see what, how a person is masked, and how our own deliveries are known when they come back."""
