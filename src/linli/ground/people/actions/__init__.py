"""The verbs of people: register, keep the profile, move in and out, bind roles and stewardships."""

from __future__ import annotations

from linli.ground.people.actions.caring import end_building_care, set_building_stewards
from linli.ground.people.actions.companies import (
    CompanyKnown,
    NobodyInCare,
    StewardshipOverlaps,
    end_stewardship,
    entrust_community,
    name_manager,
    register_company,
)
from linli.ground.people.actions.family import FamilyIsFull, add_family, end_family
from linli.ground.people.actions.homes import AlreadyResident, move_in, move_out
from linli.ground.people.actions.importing import (
    RESIDENT_COLUMNS,
    ResidentsPreview,
    ResidentsRefused,
    import_residents,
    preview_residents,
)
from linli.ground.people.actions.operators import (
    NoOperatorWouldStay,
    WorksEverywhere,
    appoint_operator,
    change_operator,
    remove_operator,
)
from linli.ground.people.actions.profile import (
    Contact,
    PhoneTaken,
    change_phone,
    erase_person,
    rename_party,
    reveal_contact,
    reveal_name,
    reveal_names,
    set_locale,
)
from linli.ground.people.actions.register import PersonRow, register_organisation, register_people, register_person
from linli.ground.people.actions.roles import grant_role, revoke_role
from linli.ground.people.actions.selling import sell_home
from linli.ground.people.actions.staffing import (
    NobodyWouldStay,
    add_company_staff,
    change_company_staff,
    remove_company_staff,
)
from linli.ground.people.actions.taking_back import Residing, take_back_residencies
from linli.ground.people.actions.views import TooManyViews, drop_view, keep_view

__all__ = [
    "RESIDENT_COLUMNS",
    "AlreadyResident",
    "CompanyKnown",
    "Contact",
    "FamilyIsFull",
    "NoOperatorWouldStay",
    "NobodyInCare",
    "NobodyWouldStay",
    "PersonRow",
    "PhoneTaken",
    "ResidentsPreview",
    "ResidentsRefused",
    "Residing",
    "StewardshipOverlaps",
    "TooManyViews",
    "WorksEverywhere",
    "add_company_staff",
    "add_family",
    "appoint_operator",
    "change_company_staff",
    "change_operator",
    "change_phone",
    "drop_view",
    "end_building_care",
    "end_family",
    "end_stewardship",
    "entrust_community",
    "erase_person",
    "grant_role",
    "import_residents",
    "keep_view",
    "move_in",
    "move_out",
    "name_manager",
    "preview_residents",
    "register_company",
    "register_organisation",
    "register_people",
    "register_person",
    "remove_company_staff",
    "remove_operator",
    "rename_party",
    "reveal_contact",
    "reveal_name",
    "reveal_names",
    "revoke_role",
    "sell_home",
    "set_building_stewards",
    "set_locale",
    "take_back_residencies",
]
