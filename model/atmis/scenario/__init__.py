"""The inputs of a scenario: frozen records with units, bounds, sourcing and sources, built strictly from YAML."""
