"""Trust: what keeps promises honest in both wings. reviews."""
