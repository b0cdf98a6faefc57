"""Delivery: how orders travel from shops to doors, pooled where that is cheaper and at once where it is asked."""
