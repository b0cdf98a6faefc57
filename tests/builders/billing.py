"""Items, tariffs and charged homes for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from builders.clock import AT
from builders.people import a_company, a_person
from builders.places import Community, Home, a_community, a_home
from linli.estate.billing import actions, rules
from linli.ground.people import actions as people
from linli.kernel.ids import ItemId, PartyId
from linli.spine.scope import SYSTEM, Role, Scope

_number = count(1)
SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Desk:
    """A community, the company that looks after it, and the scope of its staff."""

    community: Community
    company: PartyId
    scope: Scope

    def an_item(self, word: str | None = None, **given: object) -> ItemId:
        word = word or f"item_{next(_number)}"
        return actions.add_item(self.scope, word=word, name={"zh": "物业费", "en": "Property fee"}, at=AT, **given)

    def priced(self, item: ItemId, preset: str = "built_area", *, since: date = SINCE, **parameters: str) -> ItemId:
        given = dict.fromkeys(rules.PRESETS[preset].parameters, "0") | parameters
        draft = rules.TariffDraft(preset=preset, parameters=given)
        actions.set_tariff(self.scope, item=item, draft=draft, start_on=since, at=AT)
        return item

    def a_home(self, door: str | None = None, area_m2: str | None = "89.37") -> Home:
        return a_home(door, community=self.community, area_m2=area_m2).with_owner(since=SINCE)

    def a_home_of(self, owner: PartyId, door: str | None = None) -> Home:
        return a_home(door, community=self.community, area_m2="89.37").with_owner(owner, since=SINCE)

    def charged(self, item: ItemId, *homes: Home, since: date = SINCE) -> None:
        ids = [home.id for home in homes]
        actions.assign(self.scope, item=item, community=self.community.id, homes=ids, start_on=since, at=AT)

    def issued(self, first_on: date) -> dict[str, object]:
        """A month of the community, drafted and sent out; what names it to the actions on months is given."""
        month = {"community": self.community.id, "first_on": first_on, "at": AT}
        actions.draft_month(self.scope, **month)
        actions.issue_month(self.scope, **month)
        return month

    def a_home_owing(self, amount: str, *, since: date, door: str | None = None) -> Home:
        """A home whose property fee of a month was sent out: it is due on the 28th."""
        home = self.a_home(door)
        self.charged(self.priced(self.an_item("property_fee"), "fixed", amount=amount), home)
        self.issued(since)
        return home


def a_desk() -> Desk:
    community, company = a_community(), a_company()
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=SINCE, at=AT)
    scope = Scope(
        role=Role.PROPERTY, person=a_person(), city=community.city, communities=(community.id,), company=company
    )
    return Desk(community, company, scope)
