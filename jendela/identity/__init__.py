"""Who is who: standardise person mentions, link them with evidence, keep persons and employers stable.

The core is pure and knows nothing of the hub: `standardise` gives the standard frame, `blocking` the pairs
worth comparing, `linking` the judged edges, `clusters` the partition. `records`, `persons`,
`employer_register` and `step` are the hub's side of it.
"""
