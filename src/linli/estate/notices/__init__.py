"""Notices: what a property company tells a community, some buildings, units or homes; and who has read it.

Words: a *notice* (公告) has an *audience*: a place within a community, and everybody there, owners or tenants only; its
*recipients* are the people it was addressed to, each once; a *receipt* is that one of them read it, or said so where it
is important; *telling* is the message that goes out beside the page.

Invariants: an audience is never made of what somebody owes; recipients are written in one statement when the notice is
published, and whoever moves in later becomes one; a published notice is not changed, it is withdrawn; messages go out
in portions that may stop anywhere and are sent once each; who wrote a notice does not approve it.

Doors: rules.{Draft, Audience, NoticePolicy, SAMPLES}; actions.{write, rewrite, ask_approval, approve, send_back,
publish, recall, withdraw, pin, discard, tell_again, read, acknowledge}; queries.{my_notices, my_notice, unread,
notices, notice_page, receipts}.
"""
