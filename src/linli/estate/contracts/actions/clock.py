"""What the clock does with contracts, and what they forget."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.contracts import rules
from linli.estate.contracts.actions.held import hold, move
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ContractId, PartyId
from linli.reach.notify import actions as notify
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Scope


@action(needs=May.RUN_CLOCKS)
def see_to_end(scope: Scope, *, contract: ContractId, at: datetime) -> rules.ContractState:
    """This will end what is over, remind the managers once of what will be, and drop a draft that nobody signed."""
    row = hold(scope, contract)
    today = places.day_in(CommunityId(row.community), at)
    state = rules.ContractState(row.state)
    if state in rules.RUNNING and row.end_on <= today:
        move(scope, row, rules.ContractVerb.END, at, ended_on=row.end_on)
    elif state is rules.ContractState.IN_FORCE and row.end_on - timedelta(days=row.remind_days) <= today:
        move(scope, row, rules.ContractVerb.REMIND, at)
        company, community = PartyId(row.company), CommunityId(row.community)
        staff = people.company_staff(SYSTEM, company=company, at=at)
        to = [
            each.party
            for each in staff
            if each.duty is Duty.MANAGER and (each.is_everywhere or community in each.communities)
        ]
        values = {"number": row.label, "day": row.end_on.isoformat()}
        notify.queue_messages(SYSTEM, to=to, template="contract_ends", values=values, at=at)
    elif state is rules.ContractState.DRAFT and row.due_at is not None and row.due_at <= at:
        move(scope, row, rules.ContractVerb.DROP, at, due_at=None)
    return rules.ContractState(row.state)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what was written about an erased person's contracts, and by them."""
    sql.run("SELECT contracts_forget(%s)", person)
