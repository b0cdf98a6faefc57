"""The business of billing, plain."""
