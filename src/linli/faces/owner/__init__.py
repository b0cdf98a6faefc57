"""The owner's face: the resident's phone. Look around, fill a basket over several shops, pay once, follow, review.

Words: a *way in* is what a guest may see (a community, its shops, a shelf, a product); the *basket bar* follows a
resident over the way in; *to do* is what waits, most urgent first; a *refund request* is asked by line.

Invariants: guests see public things only and nothing personal; whatever is bought, for whom and where is taken from
the sign-in and the house's own records, never from the form; every amount on a page was computed by the house; each
POST calls one action; every page works as a plain form, htmx only spares reloading.

Each file holds one noun: its GET shows it, its POST makes one.
"""
