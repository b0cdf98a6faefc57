"""What a person keeps of themselves: name, language, phone; its reading in the clear, and its erasure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.ground.people import events, models, rules
from linli.ground.people.rules import PartyKind
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.audit import record_reading, record_readings
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

MOST_REASON_CHARACTERS = 200
MOST_NAMES = 1_000


class PhoneTaken(Refusal):
    """Another party is reached under this number."""

    says = _("This phone number belongs to somebody else.")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody's name and phone in the clear; it is shown once and kept nowhere."""

    party: PartyId
    name: str
    phone: str


@action(needs=May.KEEP_OWN_PROFILE, private=("name",))
def rename_party(scope: Scope, *, party: PartyId, name: str, at: datetime) -> None:
    """This will change the asker's own name; the platform may change anybody's."""
    name = " ".join(name.split())
    if not 0 < len(name) <= rules.MOST_NAME_CHARACTERS or not name.isprintable():
        raise Invalid("name", _("A name of at most {most} characters is needed."), most=rules.MOST_NAME_CHARACTERS)
    _update_own(scope, party, name=name)


@action(needs=May.KEEP_OWN_PROFILE)
def set_locale(scope: Scope, *, party: PartyId, locale: str, at: datetime) -> None:
    """This will change the language in which the asker is spoken to."""
    if locale not in rules.LOCALES:
        raise Invalid("locale", _("This language is not spoken here."))
    _update_own(scope, party, locale=locale)


@action(needs=May.KEEP_OWN_PROFILE, private=("phone",))
def change_phone(scope: Scope, *, party: PartyId, phone: str, at: datetime) -> None:
    """This will move a person to another number, which sign-in has proven to be theirs."""
    _must_be_own(scope, party)
    number = rules.phone_number(phone)
    if number is None:
        raise Invalid("phone", _("This is not a phone number."))
    row = sql.fetch_one("SELECT people_change_phone(%s, %s, %s)", party, number, at)
    if row == (False,):
        raise PhoneTaken(field="phone")


@action(needs=May.READ_PERSONAL_DATA, private=("why",), shown_once=True)
def reveal_contact(scope: Scope, *, party: PartyId, why: str, at: datetime) -> Contact:
    """This will show a phone in the clear to whoever may see it, and note who read it and why."""
    if not 0 < len(why.strip()) <= MOST_REASON_CHARACTERS:
        raise Invalid("why", _("Please say in at most {most} characters why."), most=MOST_REASON_CHARACTERS)
    found = models.Contact.objects.within(scope).filter(party=party).values_list("party__name", "phone").first()
    if found is None:
        raise NotFound("contact")
    record_reading(scope, what="contact", subject=party, why=why.strip(), at=at)
    return Contact(party, *found)


@action(needs=May.READ_PERSONAL_DATA, private=("why",), shown_once=True)
def reveal_name(scope: Scope, *, party: PartyId, why: str, at: datetime) -> str:
    """This will show a whole name to whoever may see it, and note who read it and why."""
    if not 0 < len(why.strip()) <= MOST_REASON_CHARACTERS:
        raise Invalid("why", _("Please say in at most {most} characters why."), most=MOST_REASON_CHARACTERS)
    name = models.Party.objects.within(scope).filter(id=party).values_list("name", flat=True).first()
    if name is None:
        raise NotFound("person")
    record_reading(scope, what="name", subject=party, why=why.strip(), at=at)
    return name


@action(needs=May.READ_PERSONAL_DATA, private=("why",), shown_once=True)
def reveal_names(scope: Scope, *, parties: Iterable[PartyId], why: str, at: datetime) -> dict[PartyId, str]:
    """This will show whole names for a paper that is addressed to them, and note of each person who read it and why."""
    if not 0 < len(why.strip()) <= MOST_REASON_CHARACTERS:
        raise Invalid("why", _("Please say in at most {most} characters why."), most=MOST_REASON_CHARACTERS)
    rows = models.Party.objects.within(scope).filter(id__among=list(parties)).values_list("id", "name", "kind")
    found = {PartyId(party): (name, kind) for party, name, kind in rows[:MOST_NAMES]}
    persons = [party for party, (_name, kind) in found.items() if kind == PartyKind.PERSON]
    record_readings(scope, what="name", subjects=persons, why=why.strip(), at=at)
    return {party: name for party, (name, _kind) in found.items()}


@action(needs=May.KEEP_OWN_PROFILE)
def erase_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase a person's name and phone and end what they live in and do; the nameless party stays.

    Whoever keeps something of theirs elsewhere hears `PersonErased` and erases it too.

    Only the person and the platform may; once erased, asking again changes nothing.
    """
    _must_be_own(scope, person)
    _erase(SYSTEM, person=person, at=at)


@action(needs=May.KEEP_PEOPLE)
def _erase(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    row = sql.fetch_one("SELECT people_erase(%s, %s)", person, at)
    if row is None or row[0] is None:
        raise NotFound("person")
    if row[0]:
        tell(events.PersonErased(person=person, at=at))


def _update_own(scope: Scope, party: PartyId, **values: str) -> None:
    _must_be_own(scope, party)
    if not models.Party.objects.within(scope).filter(id=party, erased_at=None).update(**values):
        raise NotFound("party")


def _must_be_own(scope: Scope, party: PartyId) -> None:
    if not (scope.is_inside or scope.person == party):
        raise NotFound(PartyKind.PERSON.value)
