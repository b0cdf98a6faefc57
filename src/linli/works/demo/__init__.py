"""The demo: a made-up town of three communities that a stranger starts with one command.

Words: a *town* is the plan (plain values from a seed), *settling* writes it through the doors; a *leash* ties a process
to the one that started it; *neighbours* are the simulated people of `--live`.

Invariants: the same seed gives the same town; a demo lives only in a database marked as one and listens on 127.0.0.1
only; no process outlives the demo that started it; the neighbours pay at the embedded provider over HTTP, and do
nothing that a person at a page could not do.
"""
