"""Agreements: signed once in whatever order it is told, ended from either side, given up where nobody signed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.payments_words import NOW, PSP, facts
from harness.withholding_words import SaidWithholder, a_deduction, a_signed_agreement, an_agreement, state_of
from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payments import actions
from linli.money.payments.actions.agreements import Said, record_agreement
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways import withholding
from linli.money.payments.gateways.registry import serving
from linli.money.payments.models import Agreement, AgreementMove
from linli.money.payments.rules import AgreementVerb
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
SIGN, END = AgreementVerb.SIGN, AgreementVerb.END


@pytest.fixture(autouse=True)
def provider():
    with serving(PSP, SaidWithholder()) as said:
        yield said


def told(agreement, verb, **more):
    return record_agreement(SYSTEM, source=PSP, said=Said(str(agreement), "ag-1", verb), at=NOW, **more)


def test_the_payer_gets_a_page_to_sign_and_the_same_page_again(provider):
    payer = PartyId(ids.new())
    agreement = an_agreement(payer=payer)
    scope = Scope(role=Role.RESIDENT, person=payer)
    page = actions.begin_agreement(scope, agreement=agreement, at=NOW)
    assert page == actions.begin_agreement(scope, agreement=agreement, at=NOW)
    (call,) = provider.calls
    assert (call.most_minor, call.reference) == (5000, str(agreement))


def test_somebody_elses_agreement_is_not_there(provider):
    stranger = Scope(role=Role.RESIDENT, person=PartyId(ids.new()))
    with pytest.raises(NotFound):
        actions.begin_agreement(stranger, agreement=an_agreement(), at=NOW)
    assert provider.calls == []


def test_a_limit_of_nothing_and_an_unknown_channel_are_refused():
    about = {"purpose": "bill", "for_": ids.new(), "city": ids.new(), "payer": ids.new(), "description": "Fees"}
    for channel, most in (("wechat", Money.zero), ("shells", Money(1))):
        with pytest.raises(Invalid):
            actions.ask_agreement(
                SYSTEM, agreement=ids.new(), channel=channel, most=most, expires_at=NOW, at=NOW, **about
            )
    assert Agreement.objects.inside().count() == 0


def test_a_signature_is_told_once_however_often_it_comes():
    agreement = an_agreement()
    assert (told(agreement, SIGN), told(agreement, SIGN)) == ("sign", "repeated")
    assert state_of(agreement) == "signed"
    assert len(facts("payments.AgreementSigned")) == 1
    verbs = AgreementMove.objects.inside().filter(agreement=agreement).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["ask", "sign"]


def test_the_end_that_is_told_before_the_signature_stands():
    agreement = an_agreement()
    assert (told(agreement, END), told(agreement, SIGN)) == ("end", "repeated")
    assert state_of(agreement) == "ended"
    assert facts("payments.AgreementSigned") == []


def test_an_agreement_of_another_provider_is_not_touched():
    agreement = an_agreement()
    said = Said(str(agreement), "ag-1", SIGN)
    assert record_agreement(SYSTEM, source="another", said=said, at=NOW) == "unknown"
    assert state_of(agreement) == "asked"


def test_what_nobody_told_is_asked_for(provider):
    agreement = an_agreement()
    provider.agreement = withholding.AgreementState.SIGNED
    assert actions.tend_agreements(at=NOW) == 0
    assert actions.tend_agreements(at=NOW + timedelta(seconds=30)) == 1
    assert state_of(agreement) == "signed"
    assert actions.tend_agreements(at=NOW + timedelta(days=9)) == 0


def test_what_nobody_signed_in_time_is_ended_at_the_provider_too(provider):
    agreement = an_agreement()
    late = NOW + timedelta(hours=2)
    assert actions.tend_agreements(at=late) == 1
    assert state_of(agreement) == "ending"
    assert actions.tend_agreements(at=late) == 1
    assert state_of(agreement) == "ended"
    assert ("terminate", str(agreement)) in provider.calls
    assert told(agreement, SIGN) == "repeated"
    assert len(facts("payments.AgreementEnded")) == 1


def test_whoever_leaves_is_free_at_once_even_while_the_provider_is_away(provider):
    agreement = a_signed_agreement()
    actions.leave_agreement(SYSTEM, agreement=agreement, why="the payer wants no more", at=NOW)
    with pytest.raises(actions.NotSigned):
        a_deduction(agreement)
    provider.fails = says.GatewayUnavailable("no answer")
    assert actions.tend_agreements(at=NOW) == 1
    assert state_of(agreement) == "ending"
    provider.fails = None
    assert actions.tend_agreements(at=NOW + timedelta(minutes=5)) == 1
    assert state_of(agreement) == "ended"
    assert len(facts("payments.AgreementEnded")) == 1
