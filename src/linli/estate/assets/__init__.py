"""Assets: what a community and its company own, where it is, how it is kept alive, and whether it is still there.

Words: an *asset* (资产) is a lift, a pump, a camera; its *paper* (资料) is a manual or a certificate that may expire;
a *maintenance plan* (保养计划) says how often one asset, or all of a kind, is looked after and what is ticked off; a
*task* (保养任务) is one due date of a plan for one asset; a *stock-taking* (盘点) goes past the assets with a phone; a
*batch* is a sheet of assets that was taken over.

Invariants: due dates are counted from the anchor and never from each other; a task is opened once for its plan, asset
and date and asks for one work order; it is done when every item is answered and, where the law asks for it, a
certificate is kept; a finding becomes a work order; a stock-taking counts each asset once; a batch is undone as a whole
or not at all; depreciation is a figure and posts nothing.

Doors: actions, queries and events as docs/doors.md lists them; rules.{Rhythm, next_due, depreciated, AssetPolicy}.
"""
