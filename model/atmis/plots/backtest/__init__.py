"""Figures of a backtest."""
