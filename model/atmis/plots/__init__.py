"""Figures: a shelf for each kind of result, and the kit that they share. The same results give the same bytes."""
