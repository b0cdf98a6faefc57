"""What may be asked of a company, and how fast it promises to be where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid5

from linli.estate.workorders import rules
from linli.estate.workorders.models import Sla, Type
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_TYPES = 200
MOST_WARRANTY_DAYS = 3650
MOST_NAME = 40
LOCALES = ("zh", "en")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")


@action(needs=May.KEEP_WORK_RULES)
def add_default_types(scope: Scope, *, company: PartyId, at: datetime) -> int:
    """This will give a company the types that the house knows, as far as it lacks them; safe to repeat.

    Their ids follow from the company and the word, so that two who add them at once add the same rows.
    """
    if not scope.is_inside and scope.company != company:
        raise NotFound("company")
    known = {each.word: uuid5(company, f"workorders.type:{each.word}") for each in rules.DEFAULT_TYPES}
    rows = [
        Type(
            id=known[each.word],
            company=company,
            under_id=known[each.under] if each.under else None,
            word=each.word,
            kind=each.kind.value,
            skill=each.skill.value,
            name={"zh": each.zh, "en": each.en},
            accept_minutes=each.minutes.accept,
            arrive_minutes=each.minutes.arrive,
            finish_minutes=each.minutes.finish,
            warranty_days=each.warranty_days,
            price_minor=each.price_minor,
            at_home=each.at_home,
            nth=nth,
        )
        for nth, each in enumerate(rules.DEFAULT_TYPES)
    ]
    return len(Type.objects.bulk_create(rows, ignore_conflicts=True))


@action(needs=May.KEEP_WORK_RULES, private=("name",))
def keep_type(
    scope: Scope,
    *,
    word: str,
    name: Mapping[str, str],
    kind: rules.Kind,
    skill: rules.Skill,
    minutes: rules.Minutes,
    under: UUID | None = None,
    warranty_days: int = 0,
    price: Money | None = None,
    at_home: bool = True,
    at: datetime,
) -> UUID:
    """This will add a type to the company's tree, or change the one of that word; what was raised keeps its promise."""
    if scope.company is None:
        raise NotFound("company")
    scope.insist_on_all_communities()
    _insist_on_minutes(minutes)
    _insist_on_name(word, name)
    if not 0 <= warranty_days <= MOST_WARRANTY_DAYS or (price is not None and price <= Money.zero):
        raise Invalid("price", _("A warranty has no negative days, and a price is above nothing."))
    count = Type.objects.inside().filter(company=scope.company).count()
    if count >= MOST_TYPES:
        raise Invalid("word", _("At most {most} types."), most=MOST_TYPES)
    settled = {
        "under": None if under is None else _parent(scope.company, under, kind, word),
        "kind": kind.value,
        "skill": skill.value,
        "name": {locale: name[locale].strip() for locale in LOCALES},
        "accept_minutes": minutes.accept,
        "arrive_minutes": minutes.arrive,
        "finish_minutes": minutes.finish,
        "warranty_days": warranty_days,
        "price_minor": price.minor if price else None,
        "at_home": at_home,
        "retired_at": None,
    }
    row, _added = Type.objects.inside().update_or_create(
        company=scope.company,
        word=word,
        defaults=settled,
        create_defaults={**settled, "company": scope.company, "word": word, "nth": count},
    )
    kept: UUID = row.pk
    return kept


@action(needs=May.KEEP_WORK_RULES)
def retire_type(scope: Scope, *, type_id: UUID, at: datetime) -> None:
    """This will take a type off what may be asked; the first of each kind stays."""
    if scope.company is None:
        raise NotFound("company")
    scope.insist_on_all_communities()
    changed = (
        Type.objects.inside()
        .filter(pk=type_id, company=scope.company, under__isnull=False, retired_at__isnull=True)
        .update(retired_at=at)
    )
    if not changed:
        raise NotFound("type")


@action(needs=May.KEEP_WORK_RULES)
def set_sla(
    scope: Scope,
    *,
    community: CommunityId,
    type_id: UUID,
    minutes: rules.Minutes,
    way: rules.Way | None = None,
    start_on: date | None = None,
    at: datetime,
) -> None:
    """This will settle how fast a type is done in one community from a day on (None: today), and how it finds who
    does it there. What was asked for before keeps its promise; a second word on the same day replaces the first."""
    _insist_on_minutes(minutes)
    if scope.company is None or community not in scope.communities:
        raise NotFound("community")
    if not Type.objects.inside().filter(pk=type_id, company=scope.company).exists():
        raise NotFound("type")
    today = places.day_in(community, at)
    start_on = start_on or today
    if start_on < today:
        raise Invalid("start_on", _("This begins today or later."))
    settled = {
        "accept_minutes": minutes.accept,
        "arrive_minutes": minutes.arrive,
        "finish_minutes": minutes.finish,
        "way": way.value if way else "",
    }
    Sla.objects.inside().update_or_create(community=community, type_id=type_id, start_on=start_on, defaults=settled)


@action(needs=May.KEEP_WORK_RULES)
def call_off_sla(scope: Scope, *, community: CommunityId, type_id: UUID, start_on: date, at: datetime) -> None:
    """This will call off a promise that has not begun; the one before it goes on."""
    if scope.company is None or community not in scope.communities:
        raise NotFound("community")
    asked = Sla.objects.inside().filter(community=community, type_id=type_id, start_on=start_on)
    if start_on <= places.day_in(community, at) or not asked.filter(type__company=scope.company).delete()[0]:
        raise NotFound("promise")


def _parent(company: PartyId, under: UUID, kind: rules.Kind, word: str) -> Type:
    """The type above: of the same company and kind, never below the one that is put under it, two steps from the top
    at most."""
    found = Type.objects.inside().select_related("under").filter(pk=under, company=company, kind=kind.value).first()
    above = found.under if found else None
    if found is None or found.word == word or (above is not None and (above.word == word or above.under_id)):
        raise Invalid("under", _("A type stands under one of the same kind, at most three deep."))
    return found


def _insist_on_minutes(minutes: rules.Minutes) -> None:
    if not minutes.rise or minutes.finish > 365 * 24 * 60:
        raise Invalid("minutes", _("Each step needs at least as long as the one before it, a year at most."))


def _insist_on_name(word: str, name: Mapping[str, str]) -> None:
    if not _WORD.fullmatch(word):
        raise Invalid("word", _("Please use small letters, digits and underscores."))
    for locale in LOCALES:
        if not 0 < len(name.get(locale, "").strip()) <= MOST_NAME:
            raise Invalid(
                "name", _("Please name it in both languages, with at most {most} characters."), most=MOST_NAME
            )
