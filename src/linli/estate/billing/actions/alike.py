"""A community is charged as another one is: its tariffs are taken over from a day on, and taken back unused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import Overlaps, company_of, known_attributes
from linli.estate.billing.models import DraftLine, Item, Line, TariffVersion
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, Piece, UsedSince
from linli.spine.scope import Scope


@action(needs=May.KEEP_TARIFFS, private=("pieces",))
def take_over_template(
    scope: Scope, *, community: CommunityId, pieces: Sequence[Piece], start_on: date, at: datetime
) -> tuple[Made, ...]:
    """This will give a community tariffs of its own from a day on; the versions before end there."""
    if community not in scope.communities:
        raise NotFound("community")
    company = company_of(scope)
    asked = {piece.key: piece for piece in pieces}
    items = {
        row.word: row for row in Item.objects.within(scope).filter(company=company, word__in=asked, retired_at=None)
    }
    if len(items) < len(asked):
        raise NotFound("item")
    attributes = known_attributes(scope)
    drafts: dict[str, rules.TariffDraft] = {word: rules.written_out(piece.content) for word, piece in asked.items()}
    for draft in drafts.values():
        rules.ready(draft, attributes)
    versions = TariffVersion.objects.within(scope).filter(item__in=items.values(), community=community)
    if versions.filter(start_on__gte=start_on).exists():
        raise Overlaps(field="start_on")
    running = versions.filter(Q(end_on=None) | Q(end_on__gt=start_on))
    ended = {row.item_id: {"tariff": str(row.pk), "end_on": row.end_on and row.end_on.isoformat()} for row in running}
    running.update(end_on=start_on)
    made = TariffVersion.objects.bulk_create(
        TariffVersion(
            id=ids.new(),
            item=items[word],
            company=company,
            community=community,
            start_on=start_on,
            preset=draft.preset,
            formula=draft.formula,
            basis=draft.basis.value,
            parameters=dict(draft.parameters),
            terms=msgspec.to_builtins(draft.terms),
            set_at=at,
        )
        for word, draft in drafts.items()
    )
    return tuple(Made("tariff", row.item.word, str(row.pk), ended.get(row.item_id)) for row in made)


@action(needs=May.KEEP_TARIFFS, private=("made",))
def take_back_template(scope: Scope, *, community: CommunityId, made: Sequence[Made], at: datetime) -> None:
    """This will take such tariffs away again; what they replaced goes on. One that priced a line already is history."""
    tariffs = [UUID(each.row) for each in made]
    rows = TariffVersion.objects.within(scope).filter(pk__in=tariffs, community=community).select_related("item")
    found = {str(row.pk): row for row in rows}
    used = {
        *Line.objects.within(scope).filter(tariff__in=tariffs).values_list("tariff", flat=True).distinct(),
        *DraftLine.objects.within(scope).filter(tariff__in=tariffs).values_list("tariff", flat=True).distinct(),
    }
    for each in made:
        row = found.get(each.row)
        if row is None or row.end_on is not None or row.pk in used:
            raise UsedSince(name=each.key)
    before = {each.before["tariff"]: each.before["end_on"] for each in made if each.before}
    TariffVersion.objects.within(scope).filter(pk__in=tariffs).delete()
    again = list(TariffVersion.objects.within(scope).filter(pk__in=before))
    for row in again:
        row.end_on = date.fromisoformat(before[str(row.pk)]) if before[str(row.pk)] else None
    TariffVersion.objects.within(scope).bulk_update(again, ["end_on"])
