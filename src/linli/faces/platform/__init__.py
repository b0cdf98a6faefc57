"""The platform's desk: who may sell, where every cent is, and what does not agree.

Words: the *trial balance* is a city's book as a tree that opens to accounts, statements and journals; a *difference* is
what the provider's bill and our books say differently; *suspense* holds money that belongs to nobody we know yet.

Invariants: nothing is decided without its reason where somebody else has to live with it; documents are opened through
signed links that end by themselves; every page is for operators alone.
"""
