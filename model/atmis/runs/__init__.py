"""Many runs of one scenario, and what sums them up: ensembles, headlines, patterns, intervals."""
