"""Who is who: standardise person mentions, link them with evidence, keep persons and employers stable.

The core is pure and knows nothing of the hub: `standard` gives the standard frame, `block` the pairs worth
comparing, `compare` their evidence, `judge` its weight, `cluster` the persons; `resolve` is all of it over
one frame, `files` over files. `records`, `lookup`, `fits`, `tonight`, `persons`, `employer_register` and
`step` are the hub's side of it.
"""
