"""The courier's phone: offers, the run stop by stop, handing over, shifts and earnings; with one thumb, in the rain.

Words: the *worker* is the browser's own program beside the pages: without a network it keeps the last page, and what
was pressed, with the phone's time and its key, and sends it in order as soon as there is one; what the house then
refuses is told in words.

Invariants: pages work as plain forms first; nothing that was pressed is lost or done twice.
"""
