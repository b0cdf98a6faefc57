"""With whom a contract is: a draft written anew, a party known by the number, and its own page for who signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from builders import AT, a_person
from builders.billing import a_desk
from builders.contracts import RENT, TODAY, a_contract, a_draft
from builders.people import a_phone
from harness.at_once import ends_at_once
from harness.looking import rows_of
from harness.payments_words import as_the_house
from linli.estate.contracts import actions, queries
from linli.estate.contracts.actions import ContractDraft, KnownByAnotherName
from linli.estate.contracts.models import Contract
from linli.estate.contracts.rules import Direction, Terms
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM, Role, Scope

NAME = "赵敏"


@pytest.fixture
def desk(db):
    return a_desk()


def drafted(**given) -> ContractDraft:
    said = {
        "direction": Direction.COLLECT,
        "party_name": "",
        "subject": "西门车位",
        "start_on": TODAY,
        "end_on": date(2026, 9, 2),
        "terms": Terms(monthly=Money(50_000)),
    }
    return ContractDraft(**(said | given))


def as_person(desk, party) -> Scope:
    return Scope(role=Role.RESIDENT, person=party, communities=(desk.community.id,))


def test_a_draft_is_written_anew_and_its_party_stays(desk):
    contract = a_draft(desk)
    before = rows_of(Contract).get(pk=contract)
    actions.revise_draft(desk.scope, contract=contract, draft=drafted(deposit=Money(100_000)), at=AT)
    page = queries.contract_page(desk.scope, contract=contract, at=AT)
    assert (page.card.subject, page.card.total, page.card.deposit) == ("西门车位", Money(300_000), Money(100_000))
    assert (page.card.party, page.card.label, page.card.state) == (before.party, before.label, "draft")
    assert [move.verb for move in page.history] == ["draft", "revise"]
    actions.revise_draft(desk.scope, contract=contract, draft=drafted(party_name="晨光文具"), at=AT)
    assert queries.contract_page(desk.scope, contract=contract, at=AT).card.party != before.party


def test_what_is_signed_or_another_companys_is_not_written_anew(desk):
    signed, draft = a_contract(desk), a_draft(desk)
    before = list(rows_of(Contract).order_by("id").values())
    with pytest.raises(WrongState):
        actions.revise_draft(desk.scope, contract=signed, draft=drafted(), at=AT)
    with pytest.raises(NotFound):
        actions.revise_draft(a_desk().scope, contract=draft, draft=drafted(), at=AT)
    with pytest.raises(Denied):
        actions.revise_draft(as_person(desk, a_person()), contract=draft, draft=drafted(), at=AT)
    wrong = drafted(direction=Direction.PAY, deposit=Money(1))
    with pytest.raises(Invalid):
        actions.revise_draft(desk.scope, contract=draft, draft=wrong, at=AT)
    assert list(rows_of(Contract).order_by("id").values()) == before


def test_a_known_number_finds_its_person_and_under_another_name_asks_first(desk):
    phone = a_phone()
    known = a_person(NAME, phone=phone)
    contract = a_draft(desk, party_name=NAME, party_phone=phone)
    assert rows_of(Contract).get(pk=contract).party == known
    with pytest.raises(KnownByAnotherName) as refused:
        a_draft(desk, party_name="钱多多", party_phone=phone)
    assert refused.value.field == "party_phone"
    assert NAME not in str(refused.value)
    assert rows_of(Contract).count() == 1
    again = a_draft(desk, party_name="赵小姐", party_phone=phone, is_theirs=True)
    assert rows_of(Contract).get(pk=again).party == known


def test_who_signed_sees_the_plan_what_is_due_and_the_papers_and_nobody_else_does(desk):
    phone = a_phone()
    mine = as_person(desk, a_person(NAME, phone=phone))
    contract = a_contract(desk, party_name=NAME, party_phone=phone, terms=RENT)
    paper = ("lease.pdf", b"%PDF-1.4\n%%EOF\n")
    actions.add_contract_paper(desk.scope, contract=contract, title="租赁合同", upload=paper, at=AT)
    for row in queries.rows_to_bill(SYSTEM, at=AT, limit=5):
        actions.charge_row(SYSTEM, row=row, at=AT)
    (one,) = queries.my_contracts(mine)
    assert one.next is not None
    assert (one.card.contract, one.next.state, str(one.next.amount)) == (contract, "charged", "9300.00")
    page = queries.contract_page(mine, contract=contract, at=AT)
    assert (len(page.rows), page.history) == (4, ())
    assert [(title, bool(link)) for title, link, _at in page.papers] == [("租赁合同", True)]
    for other in (as_person(desk, a_person()), a_desk().scope):
        assert queries.my_contracts(other) == ()
        with pytest.raises(NotFound):
            queries.contract_page(other, contract=contract, at=AT)


def test_a_draft_is_the_companys_business_alone(desk):
    phone = a_phone()
    mine = as_person(desk, a_person(NAME, phone=phone))
    contract = a_draft(desk, party_name=NAME, party_phone=phone)
    assert queries.my_contracts(mine) == ()
    with pytest.raises(NotFound):
        queries.contract_page(mine, contract=contract, at=AT)
    actions.drop_draft(desk.scope, contract=contract, why="too dear", at=AT)
    assert queries.my_contracts(mine) == ()


def test_a_draft_that_is_signed_and_rewritten_at_once_is_signed_as_it_then_stands(own_database):
    desk = a_desk()
    contract = a_draft(desk)
    other = replace(desk.scope, person=a_person())
    ended = ends_at_once(
        partial(actions.sign_contract, desk.scope, contract=contract, at=AT),
        partial(actions.revise_draft, other, contract=contract, draft=drafted(), at=AT),
    )
    assert ended in ({"done": 2}, {"done": 1, "WrongState": 1})
    ((total, rows),) = as_the_house(
        "SELECT c.sum_minor, (SELECT sum(r.amount_minor) FROM contracts_row r WHERE r.contract_id = c.id)::bigint"
        " FROM contracts_contract c WHERE c.state = 'in_force'"
    )
    assert total == rows
