"""The standardisation layer: each field of a person as received, made into compact, comparable columns.

One module a field, one public function a module, from a Series of raw text to typed columns of the same
length and order: `names`, `national_id`, `birth`, `sex`, `place`, `phone`, `email`, `address`, `region`,
`card`.
No function raises on any text; what is absent, a filler or impossible is null. Nothing is corrected that
could be evidence: a doubtful value is kept and marked. The rules, their sources and the test vectors are
published in docs/reference/standardisation.md and schemas/standardisation/.
"""
