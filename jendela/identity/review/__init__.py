"""Clerical review: what the machine left open, people decide, blind and in twos; and how often it is right.

`upkeep` keeps one case per pair of persons, `queue` orders the cases by what is at stake, `screen` shows one,
`verdicts` takes a person's word and binds it when two agree. `draw` puts a random sample through the same
queue, `quality` estimates precision and recall from it.
"""
