"""Figures of a study: results, agreement, and the answers behind them."""
