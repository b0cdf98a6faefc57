"""The desk puts words on homes and takes them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.estate.notices import models, rules
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.KEEP_NOTICES, private=("word",))
def tag_homes(scope: Scope, *, community: CommunityId, word: str, homes: Sequence[HomeId], at: datetime) -> UUID:
    """This will put a word on homes of a community; those that wear it already go on wearing it."""
    if community not in scope.communities:
        raise NotFound("community")
    called = rules.tag_word(word)
    _insist_on_homes(community, homes)
    there = models.Tag.objects.within(scope).filter(community=community)
    if not there.filter(word=called).exists() and there.count() >= rules.MOST_TAGS:
        raise Invalid("word", _("At most {most} words are kept."), most=rules.MOST_TAGS)
    new = models.Tag(id=ids.new(), community=community, word=called)
    models.Tag.objects.bulk_create([new], ignore_conflicts=True)
    tag = UUID(str(there.values_list("id", flat=True).get(word=called)))
    models.Tagged.objects.bulk_create(
        [models.Tagged(id=ids.new(), tag_id=tag, community=community, home=home) for home in dict.fromkeys(homes)],
        ignore_conflicts=True,
    )
    return tag


@action(needs=May.KEEP_NOTICES)
def untag_homes(scope: Scope, *, tag: UUID, homes: Sequence[HomeId], at: datetime) -> int:
    """This will take a word off homes, and tell off how many; what was published to them stays with them."""
    row = models.Tag.objects.within(scope).filter(pk=tag).first()
    if row is None:
        raise NotFound("tag")
    _insist_on_homes(CommunityId(row.community), homes)
    return models.Tagged.objects.within(scope).filter(tag=row, home__in=list(homes)).delete()[0]


def _insist_on_homes(community: CommunityId, homes: Sequence[HomeId]) -> None:
    if not 0 < len(homes) <= rules.MOST_TAGGED_AT_ONCE:
        raise Invalid("doors", _("Please choose between 1 and {most}."), most=rules.MOST_TAGGED_AT_ONCE)
    known = places.homes(homes)
    if any(home not in known or known[home].community != community for home in homes):
        raise NotFound("home")
