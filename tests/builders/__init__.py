"""Things built with words: `a_home(area_m2="89.37").with_owner()`. Everything goes through the doors of the house."""

from __future__ import annotations

from builders.clock import AT
from builders.people import a_company, a_person
from builders.pictures import a_picture
from builders.places import a_city, a_community, a_home
from builders.shops import a_listing, a_shop, an_application

__all__ = [
    "AT",
    "a_city",
    "a_community",
    "a_company",
    "a_home",
    "a_listing",
    "a_person",
    "a_picture",
    "a_shop",
    "an_application",
]
