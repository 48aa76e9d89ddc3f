"""Figures of a comparison of scenarios."""
