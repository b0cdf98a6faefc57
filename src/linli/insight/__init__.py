"""Insight: what the house foretells. It reads the wings through their doors and owns nothing but its own forecasts."""
