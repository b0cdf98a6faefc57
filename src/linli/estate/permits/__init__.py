"""Permits: what is asked for before it is done in a home: works, moving in or out, goods that leave by the gate.

Words: a *permit* (装修许可) is for works by a contractor from a day to a day, with its *papers*, looked at by
*inspections*; a *relocation* (搬迁手续) is somebody's moving in or out with a checklist; a *release* (放行条) lets
listed goods through the gate once, by a code.

Invariants: works begin when deposit and fee are paid, and not before; the papers that works need are there when they
are asked for; a release opens the gate once and not after its time; a residency begins or ends with a finished
relocation only, by staff.

Doors: actions.{ask_permit, withdraw_permit, decide_permit, inspect_works, ask_extension, decide_extension,
report_finished, settle_deposit, ask_relocation, check_relocation, finish_relocation, call_off_relocation, ask_release,
revoke_release, let_out}; queries.{permits, permit_page, relocations, relocation_page, releases, release_page,
release_by_code}; rules (papers_needed, PermitPolicy).
"""
