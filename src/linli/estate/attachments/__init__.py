"""Attachments: photos and papers beside what has no papers of its own: an outage, a parcel, a pass, a stay of a car, a
move, a slip for goods, a booking, a meeting.

Words: an *attachment* (附件) is a file of one thing, its *subject*. A work order, a notice, a permit, an asset, a
contract, a point of a patrol and a motion keep their own papers, because those are part of what they are; here lies
what somebody wants to keep beside the rest: the torn box, the sofa on the trolley, the lease, the signed minutes.

Invariants: whoever may see the subject may see its attachments, and nobody else; who has the counter in hand adds them,
and a resident to what they asked for themselves; one that was taken out leaves a row that says by whom and when, and
its bytes are gone.

Doors: actions.{attach, detach}; queries.attachments; rules (Kind).
"""
