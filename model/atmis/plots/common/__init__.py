"""Shared parts of all figures: style, canvas, date axes, quantile bands, base maps, labels in words."""
