"""The property company's desk: its communities, what it earns of their shopping, and who lives there.

Words: the *commission* is the company's part of what the platform keeps of a sale in its communities.

Invariants: the commission is told by line, never by person; phones are masked, and one is shown in the clear only to
whoever says why, which is written down.
"""
