"""Visits: who may come in, for which home, until when; and who did.

Words: a *pass* (通行证) lets a guest in who was invited by a resident: once, for several days, or standing (a nanny);
its *code* is six digits, its *link* a page for the guest; an *arrival* (到访登记) is somebody who came without one,
and for whom the home is asked; a *passing* is one entry, exit or refusal at a gate.

Invariants: a code is unique among the open passes of a community and worth a few tries of one guard; a pass with one
entry lets one person in, however many gates ask; a pass ends by the clock, and at once when it is revoked; a guard sees
the door, the plate and whether it is valid, never who the guest is; an arrival that nobody answers in time is refused;
what a guest is called is forgotten some days after the pass has ended, and with the person who wrote it down.

Doors: rules.{PassDraft, WhyNot, VisitPolicy, link_word, gate_token, read_gate_token}; actions.{invite, revoke,
revoke_at_desk, check_code, check_link, let_in, let_out, register_arrival, answer_arrival, let_arrival_in,
withdraw_arrival}; queries.{my_passes, pass_page, my_arrivals, shared_pass, gate_board, passes, passings}.
"""
