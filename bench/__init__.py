"""Benchmarks: what each step of a night costs, beside what a user would pick instead. Never in the tests."""
