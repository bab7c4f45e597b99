"""From evidence to zones: a certain tier by rule, a probabilistic tier by model, rivals to beat."""
