"""The doctor: is this installation sound? Every invariant of money and the state of the house, in words.

It asks each module's own `check` through its door and adds what only the installation knows: versions, roles,
migrations, clocks, gateways. It reads and changes nothing but its own notes of what it found.

Doors: examination.{Examination, examine}; tasks, which keep what was found for the operators' page of health.
"""
