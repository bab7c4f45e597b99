"""`make bench-identity`: who is who, measured beside what a good user would set up instead."""
