"""The last step: both balances, the reports, the signed evidence, and the night is closed."""
