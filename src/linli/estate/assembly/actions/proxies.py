"""Letting somebody else vote: in writing, within limits, until it is revoked or used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.estate.assembly import rules
from linli.estate.assembly.actions.preparing import held_meeting, titles, voting
from linli.estate.assembly.actions.voting import VotingClosed
from linli.estate.assembly.models import Proxy, Voter
from linli.ground.files import actions as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, FileId, HomeId, MeetingId, PartyId, VoterId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_WHY = 200


class ProxyGiven(Refusal):
    """A voter has one proxy at a time."""

    says = _("Somebody was named already. Please revoke that first.")


class TooManyProxies(Refusal):
    """One person votes for a few at most."""

    says = _("This person votes for {most} others already, which is as many as one may.")


class ProxyUsed(Refusal):
    """A vote that was cast is not taken back by revoking; it is changed, where the terms allow it."""

    says = _("The proxy has voted already.")


@action(needs=May.HOLD_ASSEMBLY)
def check_letter(scope: Scope, *, proxy: UUID, at: datetime) -> None:
    """This will let a proxy vote whose letter the desk has looked at."""
    row = _letter(scope, proxy)
    if row.checked_at is None:
        Proxy.objects.within(scope).filter(pk=row.pk).update(checked_at=at, checked_by=scope.person)


@action(needs=May.HOLD_ASSEMBLY, private=("why",))
def refuse_letter(scope: Scope, *, proxy: UUID, why: str, at: datetime) -> None:
    """This will end a proxy whose letter does not hold, before it has voted, and tell who gave it why."""
    if not 0 < len(why.strip()) <= MOST_WHY:
        raise Invalid("why", _("Please say why, in at most {most} characters."), most=MOST_WHY)
    row = _letter(scope, proxy)
    _end(SYSTEM, voter=VoterId(row.voter_id), at=at)
    values = titles(row.voter.meeting) | {"why": why.strip()}
    notify.queue_message(SYSTEM, to=PartyId(row.giver), template="proxy_refused", values=values, at=at)


@action(needs=May.VOTE, private=("phone", "signed", "letter"))
def give_proxy(
    scope: Scope,
    *,
    voter: VoterId,
    phone: str,
    signed: str = "",
    letter: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> None:
    """This will name somebody of the community, by their phone, who votes for a head of the asker's.

    It is given in writing: signed with the owner's own name, or by a photo of the letter.
    """
    head, giver = _own_head(scope, voter)
    row = held_meeting(SYSTEM, MeetingId(head.meeting_id))
    if not voting(row) or at >= row.closes_at:
        raise VotingClosed
    if head.voted_at is not None:
        raise Invalid("phone", _("A vote was cast for this home already."))
    if head.holder is not None:
        raise ProxyGiven
    name = people.names(scope, parties=[giver]).get(giver, "")
    kept = files.keep_files(scope, uploads=letter, field="letter", most=1, at=at)
    if not kept and (not name or signed.strip() != name):
        raise Invalid("signed", _("Please sign with your name as we know it, or add a photo of the letter."))
    holder = people.person_by_phone(SYSTEM, phone=phone)
    home = CommunityId(head.community)
    lives = people.residents_homes(SYSTEM, person=holder, at=at) if holder else ()
    if holder is None or all(each.home.community != home for each in lives):
        raise Invalid("phone", _("Nobody of this community is known under this number."))
    if holder in head.members:
        raise Invalid("phone", _("This person may vote for the home anyway."))
    _appoint(SYSTEM, voter=voter, giver=giver, holder=holder, letter=kept[0] if kept else None, at=at)
    values = titles(row) | {
        "door": ", ".join(sorted(c.door for c in places.homes(HomeId(home) for home in head.homes).values())),
    }
    notify.queue_message(SYSTEM, to=holder, template="vote_proxy", values=values, at=at)


@action(needs=May.VOTE)
def revoke_proxy(scope: Scope, *, voter: VoterId, at: datetime) -> None:
    """This will take a proxy back as long as it has not voted."""
    _own_head(scope, voter)
    _end(SYSTEM, voter=voter, at=at)


@action(needs=May.RUN_CLOCKS)
def _end(scope: Scope, *, voter: VoterId, at: datetime) -> None:
    """This will end a proxy that has not voted, behind the lock of its meeting."""
    meeting = Voter.objects.within(scope).values_list("meeting", flat=True).get(pk=voter)
    held_meeting(scope, MeetingId(meeting))
    head = Voter.objects.within(scope).get(pk=voter)
    if head.holder is None:
        raise NotFound("proxy")
    if head.way == rules.Way.PROXY:
        raise ProxyUsed
    Proxy.objects.within(scope).filter(voter=head, revoked_at__isnull=True).update(revoked_at=at)
    Voter.objects.within(scope).filter(pk=voter).update(holder=None)


def _letter(scope: Scope, proxy: UUID) -> Proxy:
    """A proxy by letter that holds, of a community of the asker's."""
    rows = Proxy.objects.within(scope).select_related("voter__meeting")
    row = rows.filter(pk=proxy, letter__isnull=False, revoked_at__isnull=True).first()
    if row is None:
        raise NotFound("proxy")
    return row


def _own_head(scope: Scope, voter: VoterId) -> tuple[Voter, PartyId]:
    head = Voter.objects.within(scope).filter(pk=voter, members__contains=[scope.person]).first()
    if head is None or scope.person is None:
        raise NotFound("vote")
    return head, scope.person


@action(needs=May.RUN_CLOCKS)
def _appoint(
    scope: Scope, *, voter: VoterId, giver: PartyId, holder: PartyId, letter: FileId | None, at: datetime
) -> None:
    """This will write a proxy down; only the house sees for how many others a person votes."""
    head = Voter.objects.within(scope).select_related("meeting").get(pk=voter)
    most = rules.terms_of(head.meeting.terms).proxies_most
    if Voter.objects.within(scope).filter(meeting=head.meeting, holder=holder).count() >= most:
        raise TooManyProxies(field="phone", most=most)
    Proxy.objects.create(
        id=ids.new(), community=head.community, voter=head, giver=giver, holder=holder, letter=letter, given_at=at
    )
    Voter.objects.within(scope).filter(pk=voter).update(holder=holder)
