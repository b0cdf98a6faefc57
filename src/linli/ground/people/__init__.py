"""People: who everybody is, how they are reached, where they live and which hats they wear.

Words: a *party* is a person or an organisation, and is every payee, obligor and account subject; a *contact* is its
phone number; a *residency* 入住关系 ties a party to a home as owner 业主, tenant or family; a *role binding* gives a
party a role at a level (platform, city, company, community, shop, home); a *stewardship* entrusts a community to a
property company; a *hat* is a ready `Scope` that a person may act in.

Invariants: a phone number belongs to one party at a time; no two periods of the same residency, role or stewardship
overlap (the database refuses them); names and phones stand in these tables only and behind walls; whoever reads a phone
in the clear leaves a row in the audit; an erased party keeps its row and id, nameless, and wears no hat.

Doors: rules.{phone_number, masked_phone, Hat, Level, ResidencyKind}; queries.{person_by_phone, saved_views, is_live,
phone_of, locale_of, ways_to_reach, hats, residents_homes, household, housemates, company_of, communities_of, names,
masked_names, masked_contacts, export_person}; actions.{register_person, register_people, register_organisation,
rename_party, set_locale, change_phone, keep_view, drop_view, reveal_contact, reveal_name, reveal_names,
erase_person, move_in, move_out, grant_role, revoke_role, entrust_community, end_stewardship, add_family, end_family};
events.
SQL: people_companies_of, people_stewardships, people_communities_of.
"""
