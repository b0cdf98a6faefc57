"""What a merchant writes down for a listing, and what is refused of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linli.kernel.ids import CategoryId, FileId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.trade.catalogue.rules.goods import MOST_PIECES, Care, Kind

MOST_VARIANTS = 50
MOST_GROUPS = 20
MOST_OPTIONS = 50
MOST_MINUTES = 240
MOST_NAME = 120
MOST_DESCRIPTION = 4000
DEAREST = Money(100_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """`tracked` None keeps stock of everything but prepared food."""

    price: Money
    label: dict[str, str] = field(default_factory=dict)
    measure: str = ""
    barcode: str = ""
    tracked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDraft:
    name: dict[str, str]
    price: Money = Money.zero
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDraft:
    name: dict[str, str]
    options: tuple[OptionDraft, ...]
    least: int = 0
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """A listing with its variants and choices; names in both languages, or the same in both."""

    name: dict[str, str]
    kind: Kind
    variants: tuple[VariantDraft, ...]
    category: CategoryId | None = None
    description: dict[str, str] = field(default_factory=dict)
    picture: FileId | None = None
    groups: tuple[GroupDraft, ...] = ()
    care: frozenset[Care] = frozenset()
    heavy_from: int = 1


def check_draft(draft: ListingDraft, *, at: str) -> None:
    """This will refuse a draft with the path of the input that has to change; `at` is the path of the draft."""
    check_name(draft.name, field=f"{at}name")
    if any(len(text) > MOST_DESCRIPTION for text in draft.description.values()):
        raise Invalid(f"{at}description", _("The description is too long"))
    if not 0 < len(draft.variants) <= MOST_VARIANTS:
        raise Invalid(f"{at}variants", _("Between 1 and {most} variants"), most=MOST_VARIANTS)
    for n, variant in enumerate(draft.variants):
        check_price(variant.price, field=f"{at}variants.{n}.price")
        if variant.label:
            check_name(variant.label, field=f"{at}variants.{n}.label")
        elif len(draft.variants) > 1:
            raise Invalid(f"{at}variants.{n}.label", _("Several variants need labels to tell them apart"))
    if not 1 <= draft.heavy_from <= MOST_PIECES:
        raise Invalid(f"{at}heavy_from", _("Between 1 and {most} pieces"), most=MOST_PIECES)
    if draft.groups and draft.kind is not Kind.PREPARED:
        raise Invalid(f"{at}groups", _("Only prepared food has choices"))
    check_groups(draft.groups, at=at)


def check_groups(groups: Sequence[GroupDraft], *, at: str) -> None:
    """This will refuse choices that contradict themselves."""
    if len(groups) > MOST_GROUPS:
        raise Invalid(f"{at}groups", _("At most {most} groups of choices"), most=MOST_GROUPS)
    for n, group in enumerate(groups):
        _check_group(group, at=f"{at}groups.{n}.")


def _check_group(group: GroupDraft, *, at: str) -> None:
    check_name(group.name, field=f"{at}name")
    if not 0 < len(group.options) <= MOST_OPTIONS:
        raise Invalid(f"{at}options", _("Between 1 and {most} options"), most=MOST_OPTIONS)
    if not 0 <= group.least <= group.most <= len(group.options) or group.most == 0:
        raise Invalid(f"{at}least", _("So many options cannot be chosen from this group"))
    for n, option in enumerate(group.options):
        check_name(option.name, field=f"{at}options.{n}.name")
        if not Money.zero <= option.price <= DEAREST:
            raise Invalid(f"{at}options.{n}.price", _("This price cannot be used"))
        if not 0 <= option.minutes <= MOST_MINUTES:
            raise Invalid(f"{at}options.{n}.minutes", _("Between 0 and {most} minutes"), most=MOST_MINUTES)


def check_name(name: Mapping[str, str], *, field: str) -> None:
    """This will refuse a name that misses a language, is empty or too long."""
    for language in ("zh", "en"):
        text = name.get(language, "")
        if not text.strip() or len(text) > MOST_NAME:
            raise Invalid(
                f"{field}.{language}", _("A name of 1 to {most} characters is needed in this language"), most=MOST_NAME
            )


def moved_price(price: Money, change_bp: int) -> Money:
    """This will move a price by a part of it in ten-thousandths, rounded to the fen; less than nothing lowers it."""
    return price + Money.from_basis_points(price, change_bp)


def price_before_markdown(price: Money, lowered_from_minor: int | None, lowered_to_minor: int | None) -> Money:
    """This will give the price from which a thing was marked down; once its price is changed otherwise, that one."""
    if lowered_from_minor is None or lowered_to_minor != price.minor:
        return price
    return Money(lowered_from_minor)


def check_price(price: Money, *, field: str) -> None:
    """This will refuse what cannot be a price: nothing, less than nothing, or more than the dearest thing."""
    if not Money.zero < price <= DEAREST:
        raise Invalid(field, _("This price cannot be used"))
