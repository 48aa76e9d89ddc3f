"""Figures of sensitivity analyses and of scenario discovery."""
