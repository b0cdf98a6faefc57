"""The rules of the catalogue: what a listing consists of, which choices are allowed, and by which words it is found."""

from linli.trade.catalogue.rules.drafts import (
    MOST_DESCRIPTION,
    MOST_GROUPS,
    MOST_OPTIONS,
    MOST_VARIANTS,
    GroupDraft,
    ListingDraft,
    OptionDraft,
    VariantDraft,
    check_draft,
    check_groups,
    check_name,
    check_price,
)
from linli.trade.catalogue.rules.goods import (
    MOST_PIECES,
    Care,
    Carrying,
    ChoiceGroup,
    Kind,
    Level,
    PricedOption,
    WrongChoices,
    check_choices,
)
from linli.trade.catalogue.rules.words import asked_tokens, search_tokens

__all__ = [
    "MOST_DESCRIPTION",
    "MOST_GROUPS",
    "MOST_OPTIONS",
    "MOST_PIECES",
    "MOST_VARIANTS",
    "Care",
    "Carrying",
    "ChoiceGroup",
    "GroupDraft",
    "Kind",
    "Level",
    "ListingDraft",
    "OptionDraft",
    "PricedOption",
    "VariantDraft",
    "WrongChoices",
    "asked_tokens",
    "check_choices",
    "check_draft",
    "check_groups",
    "check_name",
    "check_price",
    "search_tokens",
]
