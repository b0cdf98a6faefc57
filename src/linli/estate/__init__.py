"""The property company's wing: what it charges for a home and what it does for it."""
