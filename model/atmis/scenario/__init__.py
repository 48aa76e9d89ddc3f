"""What can be set: frozen records with unit, bounds, class and source, built strictly from YAML."""
