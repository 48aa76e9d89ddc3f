"""One run, compiled: the tables of a run, its random numbers, the rules, the order of a day, and what is recorded."""
