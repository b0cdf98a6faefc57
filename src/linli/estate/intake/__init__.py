"""Intake: a community as somebody brings it along, on one sheet, and takes it back if it was a mistake.

Words: a *sheet* has a row for each home (and one more for each further person in it); a *plan* is what it would change;
a *batch* is a sheet that was taken over, with all that it made.

Invariants: one wrong cell and nothing is taken over; one transaction; the same sheet twice changes nothing; a batch is
undone as a whole, only what it made, and not where something was built upon it since.

Doors: actions.{preview_sheet, take_over, undo_batch}; queries.{batches, batch, template}; rules (COLUMNS, BATCH_LIFE).
"""
