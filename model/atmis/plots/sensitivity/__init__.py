"""Figures of analyses of sensitivity and of scenario discovery."""
