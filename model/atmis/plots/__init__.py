"""Figures: a folder for each kind of result, and `common` for what they share; the same results give the same bytes."""
