"""Assembly: how the owners of a community decide: surveys and votes, counted by heads and by area.

Words: a *meeting* (业主大会会议) is announced, open for votes from one instant to another, and closed; a *motion*
(表决事项) is what is decided in it, with its *matter* (ordinary, reserved, a choice between options, or a mere survey);
the *roll* is fixed on the *record day*: a *voter* is one head and its area; a *proxy* (委托) lets another vote for it.

Invariants: whoever owns several homes is one head with all of its area, and the heads' areas sum to the whole; a voter
votes once, and again only where the meeting's terms allow it; nothing is counted at or after the closing; until then
nobody, the desk included, sees more than the turnout (the wall says so too); of a secret vote only the mark that
somebody voted and the sums are stored; the result follows from sums and terms by exact fractions.

Doors: actions.{draft_meeting, add_motion, remove_motion, announce_meeting, cancel_meeting, cast_ballot,
enter_paper, confirm_paper, give_proxy, revoke_proxy, keep_time, note_objection, forget_person};
queries.{meetings, meeting_page, my_votes, roll, roll_row,
papers_waiting, meetings_waiting, meetings_due}; rules (heads, checked,
tally, decide, AssemblyPolicy); events (MeetingAnnounced, MeetingClosed).
"""
