"""Contracts: what a company has agreed with those it pays and those it collects from, and the dates of the money.

Words: a *contract* (合同) is with a *party*, from a first day up to an end; its *terms* (条款) say what a month costs,
or the whole, and how it rises; its *plan* (收付计划) is the dated *rows* that follow from the terms; an *amendment*
(变更) is a new version of the terms from a day; *ending* (即将到期) means the end is near and somebody was told.

Invariants: the rows of a plan add up to the contract's sum, to the fen; a row to be collected becomes one line of a
bill, once, when it is due; a termination cuts the plan at its day by the contract's own proration, and what was billed
beyond it is taken back and billed anew; what is paid to suppliers is only marked, no money moves here; names stay with
people.

Doors: actions, queries and events as docs/doors.md lists them; rules.{Terms, plan, cut, ContractPolicy}.
"""
