"""Work orders: what is broken, dirty or wished for, who does it, by when, and what it costs; and planned outages.

Words: a *work order* (工单) is a repair, a complaint, a cleaning or a service at a home; a *type* (类型) says what it
is about, which *skill* it takes and how many minutes it may take to accept, arrive and finish; a *worker* (师傅) has
skills, a *rota* (排班) and a limit of open jobs; work is *given* by the house, *grabbed*, taken in turn, or given by
the desk; a *quote* (报价) is a price that who asked agrees to before the work; an *outage* (停水停电) says what is off,
for which homes and until when.

Invariants: every waiting state has a deadline and somebody it waits for; a pause and an open quote stop the clock and
move the deadlines by as long as they lasted; the house gives no work to who is away, lacks the skill or has as many
open jobs as allowed, and says why it chose whom; nothing is charged that was not agreed; a job redone under warranty
is free; each job is charged once; every move leaves a row.

Doors: actions.{raise_work_order, give_work, grab_work, ...}; queries.{order_page, my_orders, board, ...}; rules
(WORK_LIFE, QUOTE_LIFE, OUTAGE_LIFE, ranked, WorkOrderPolicy); events (WorkOrderRaised, WorkOrderDone, ...).
"""
