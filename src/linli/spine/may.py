"""Who may do what: the one table of permissions. A permission names a verb; a role carries permissions."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The hat a person wears in this request; a person may own several hats and changes them without signing out."""

    GUEST = "guest"
    RESIDENT = "resident"
    MERCHANT = "merchant"
    PROPERTY = "property"
    COURIER = "courier"
    PLATFORM = "platform"
    SYSTEM = "system"


class Duty(StrEnum):
    """What a person does for a property company; it narrows what the hat of the company's staff may do."""

    MANAGER = "manager"
    STEWARD = "steward"
    CASHIER = "cashier"
    TECHNICIAN = "technician"
    GUARD = "guard"


class May(StrEnum):
    """Permissions, each named by the verb it opens."""

    ANYONE = "anyone"
    SIGN_IN = "sign_in"
    KEEP_OWN_PROFILE = "keep_own_profile"
    KEEP_PLACES = "keep_places"
    KEEP_PEOPLE = "keep_people"
    KEEP_STAFF = "keep_staff"
    READ_DEEDS = "read_deeds"
    KEEP_OPERATORS = "keep_operators"
    KEEP_COMPANIES = "keep_companies"
    READ_PERSONAL_DATA = "read_personal_data"
    GRANT_ROLES = "grant_roles"
    SET_POLICIES = "set_policies"
    UPLOAD_FILES = "upload_files"
    ASK_FOR_LONG_WORK = "ask_for_long_work"
    POST_JOURNALS = "post_journals"
    READ_LEDGER = "read_ledger"
    READ_SALES = "read_sales"
    REBUILD_BALANCES = "rebuild_balances"
    PAY = "pay"
    RECORD_PAYMENT_EVENTS = "record_payment_events"
    TAKE_CASH = "take_cash"
    ISSUE_DEPOSIT_SLIP = "issue_deposit_slip"
    RUN_PAYOUTS = "run_payouts"
    NAME_RECEIVER = "name_receiver"
    RECONCILE = "reconcile"
    READ_OWN_STATEMENTS = "read_own_statements"
    APPLY_FOR_SHOP = "apply_for_shop"
    APPROVE_SHOPS = "approve_shops"
    RUN_SHOP = "run_shop"
    SET_SHOP_ZONE = "set_shop_zone"
    KEEP_CATALOGUE = "keep_catalogue"
    KEEP_CATEGORIES = "keep_categories"
    KEEP_STOCK = "keep_stock"
    SHOP_FOR_GOODS = "shop_for_goods"
    PLACE_ORDER = "place_order"
    CANCEL_OWN_ORDER = "cancel_own_order"
    CONFIRM_RECEIPT = "confirm_receipt"
    REQUEST_REFUND = "request_refund"
    FULFIL_ORDER = "fulfil_order"
    REFUND_ORDER = "refund_order"
    DELIVER_ORDER = "deliver_order"
    KEEP_ZONES = "keep_zones"
    CARRY_GOODS = "carry_goods"
    DISPATCH_DELIVERY = "dispatch_delivery"
    KEEP_COURIERS = "keep_couriers"
    REVIEW_ORDER = "review_order"
    REPLY_TO_REVIEW = "reply_to_review"
    KEEP_WEBHOOKS = "keep_webhooks"
    KEEP_TARIFFS = "keep_tariffs"
    ISSUE_BILLS = "issue_bills"
    TAKE_FEES = "take_fees"
    MATCH_BANK = "match_bank"
    WAIVE_FEES = "waive_fees"
    CHASE_ARREARS = "chase_arrears"
    KEEP_METERS = "keep_meters"
    READ_METERS = "read_meters"
    SEND_OWN_READING = "send_own_reading"
    IMPORT_ESTATE = "import_estate"
    RAISE_WORK_ORDER = "raise_work_order"
    DISPATCH_WORK = "dispatch_work"
    DO_WORK = "do_work"
    KEEP_WORK_RULES = "keep_work_rules"
    KEEP_PATROLS = "keep_patrols"
    WALK_PATROL = "walk_patrol"
    KEEP_NOTICES = "keep_notices"
    READ_NOTICES = "read_notices"
    INVITE_VISITORS = "invite_visitors"
    CHECK_VISITORS = "check_visitors"
    RUN_PARCELS = "run_parcels"
    KEEP_PARKING = "keep_parking"
    RUN_BARRIER = "run_barrier"
    KEEP_HOUSEHOLD = "keep_household"
    KEEP_OWN_VEHICLES = "keep_own_vehicles"
    SHARE_PARKING_SPACE = "share_parking_space"
    BOOK_SHARED_SPACE = "book_shared_space"
    GIVE_PARKING_VOUCHERS = "give_parking_vouchers"
    ASK_FOR_PERMITS = "ask_for_permits"
    DECIDE_PERMITS = "decide_permits"
    CHECK_GOODS_RELEASE = "check_goods_release"
    KEEP_ASSETS = "keep_assets"
    MAINTAIN_ASSETS = "maintain_assets"
    KEEP_CONTRACTS = "keep_contracts"
    KEEP_VENUES = "keep_venues"
    BOOK_VENUE = "book_venue"
    HOLD_ASSEMBLY = "hold_assembly"
    VOTE = "vote"
    RUN_CLOCKS = "run_clocks"


_EVERYONE = frozenset({May.ANYONE, May.SIGN_IN})
_PERSON = _EVERYONE | {
    May.KEEP_OWN_PROFILE,
    May.UPLOAD_FILES,
    May.ASK_FOR_LONG_WORK,
    May.APPLY_FOR_SHOP,
    May.READ_OWN_STATEMENTS,
}

PERMITS: dict[Role, frozenset[May]] = {
    Role.GUEST: _EVERYONE,
    Role.RESIDENT: _PERSON
    | {
        May.SHOP_FOR_GOODS,
        May.PLACE_ORDER,
        May.PAY,
        May.CANCEL_OWN_ORDER,
        May.CONFIRM_RECEIPT,
        May.REQUEST_REFUND,
        May.REVIEW_ORDER,
        May.SEND_OWN_READING,
        May.RAISE_WORK_ORDER,
        May.READ_NOTICES,
        May.INVITE_VISITORS,
        May.KEEP_HOUSEHOLD,
        May.KEEP_OWN_VEHICLES,
        May.SHARE_PARKING_SPACE,
        May.BOOK_SHARED_SPACE,
        May.ASK_FOR_PERMITS,
        May.BOOK_VENUE,
        May.VOTE,
    },
    Role.MERCHANT: _PERSON
    | {
        May.RUN_SHOP,
        May.SET_SHOP_ZONE,
        May.KEEP_CATALOGUE,
        May.KEEP_STOCK,
        May.FULFIL_ORDER,
        May.REFUND_ORDER,
        May.DELIVER_ORDER,
        May.KEEP_COURIERS,
        May.REPLY_TO_REVIEW,
        May.TAKE_CASH,
        May.ISSUE_DEPOSIT_SLIP,
        May.KEEP_WEBHOOKS,
        May.GIVE_PARKING_VOUCHERS,
    },
    Role.PROPERTY: _PERSON
    | {
        May.KEEP_PEOPLE,
        May.KEEP_STAFF,
        May.READ_DEEDS,
        May.READ_PERSONAL_DATA,
        May.SET_POLICIES,
        May.TAKE_CASH,
        May.ISSUE_DEPOSIT_SLIP,
        May.NAME_RECEIVER,
        May.KEEP_TARIFFS,
        May.ISSUE_BILLS,
        May.TAKE_FEES,
        May.MATCH_BANK,
        May.WAIVE_FEES,
        May.CHASE_ARREARS,
        May.KEEP_METERS,
        May.READ_METERS,
        May.IMPORT_ESTATE,
        May.RAISE_WORK_ORDER,
        May.DISPATCH_WORK,
        May.DO_WORK,
        May.KEEP_WORK_RULES,
        May.KEEP_PATROLS,
        May.WALK_PATROL,
        May.KEEP_NOTICES,
        May.CHECK_VISITORS,
        May.RUN_PARCELS,
        May.KEEP_PARKING,
        May.RUN_BARRIER,
        May.DECIDE_PERMITS,
        May.CHECK_GOODS_RELEASE,
        May.KEEP_ASSETS,
        May.MAINTAIN_ASSETS,
        May.KEEP_CONTRACTS,
        May.KEEP_VENUES,
        May.HOLD_ASSEMBLY,
        May.DISPATCH_DELIVERY,
        May.KEEP_COURIERS,
    },
    Role.COURIER: _PERSON | {May.CARRY_GOODS, May.DELIVER_ORDER, May.TAKE_CASH, May.ISSUE_DEPOSIT_SLIP},
    Role.PLATFORM: _PERSON
    | {
        May.KEEP_PLACES,
        May.KEEP_PEOPLE,
        May.READ_PERSONAL_DATA,
        May.KEEP_STAFF,
        May.KEEP_OPERATORS,
        May.KEEP_COMPANIES,
        May.GRANT_ROLES,
        May.SET_POLICIES,
        May.READ_LEDGER,
        May.READ_SALES,
        May.REBUILD_BALANCES,
        May.POST_JOURNALS,
        May.RUN_PAYOUTS,
        May.RECONCILE,
        May.ISSUE_DEPOSIT_SLIP,
        May.APPROVE_SHOPS,
        May.SET_SHOP_ZONE,
        May.KEEP_CATEGORIES,
        May.KEEP_ZONES,
        May.REFUND_ORDER,
        May.DISPATCH_DELIVERY,
        May.KEEP_COURIERS,
        May.KEEP_WEBHOOKS,
    },
    Role.SYSTEM: frozenset(May),
}


_ON_DUTY = _EVERYONE | {May.KEEP_OWN_PROFILE, May.UPLOAD_FILES, May.ASK_FOR_LONG_WORK, May.RAISE_WORK_ORDER}

PERMITS_OF_DUTY: dict[Duty, frozenset[May]] = {
    Duty.MANAGER: PERMITS[Role.PROPERTY],
    Duty.STEWARD: _ON_DUTY
    | {
        May.KEEP_PEOPLE,
        May.READ_PERSONAL_DATA,
        May.TAKE_CASH,
        May.ISSUE_DEPOSIT_SLIP,
        May.TAKE_FEES,
        May.CHASE_ARREARS,
        May.READ_METERS,
        May.DISPATCH_WORK,
        May.DO_WORK,
        May.WALK_PATROL,
        May.KEEP_NOTICES,
        May.CHECK_VISITORS,
        May.RUN_PARCELS,
        May.RUN_BARRIER,
        May.DECIDE_PERMITS,
        May.CHECK_GOODS_RELEASE,
        May.KEEP_VENUES,
        May.DISPATCH_DELIVERY,
    },
    Duty.CASHIER: _ON_DUTY
    | {
        May.READ_PERSONAL_DATA,
        May.READ_OWN_STATEMENTS,
        May.TAKE_CASH,
        May.ISSUE_DEPOSIT_SLIP,
        May.KEEP_TARIFFS,
        May.ISSUE_BILLS,
        May.TAKE_FEES,
        May.MATCH_BANK,
        May.CHASE_ARREARS,
        May.KEEP_METERS,
        May.READ_METERS,
        May.IMPORT_ESTATE,
        May.KEEP_CONTRACTS,
    },
    Duty.TECHNICIAN: _ON_DUTY | {May.DO_WORK, May.READ_METERS, May.WALK_PATROL, May.MAINTAIN_ASSETS},
    Duty.GUARD: _ON_DUTY
    | {May.WALK_PATROL, May.CHECK_VISITORS, May.RUN_PARCELS, May.RUN_BARRIER, May.CHECK_GOODS_RELEASE},
}
"""What each duty of a property company's staff opens. Who approves a waiver or names a receiver is a manager."""


PERMITS_OF_A_CITY = _PERSON | {
    May.KEEP_OPERATORS,
    May.KEEP_COMPANIES,
    May.SET_POLICIES,
    May.READ_SALES,
    May.APPROVE_SHOPS,
    May.SET_SHOP_ZONE,
    May.KEEP_ZONES,
    May.REFUND_ORDER,
    May.DISPATCH_DELIVERY,
    May.KEEP_COURIERS,
}
"""What an operator of one city may do, there: its shops, deliveries, disputes and settings, its own operators and who
looks after its communities. Books, payouts, other roles, persons and the house itself are of all cities, and only for
those who work for all."""


OF_THE_WHOLE_COMPANY = frozenset({May.READ_OWN_STATEMENTS, May.NAME_RECEIVER, May.MATCH_BANK, May.READ_DEEDS})
"""What speaks of all communities of a property company at once: its earnings, its bank account, what its people did.
Who works for some of its communities may not, whatever their duty there."""


def carries(
    role: Role, needs: May, duty: Duty | None = None, *, of_a_city: bool = False, of_a_community: bool = False
) -> bool:
    """This will tell whether the role carries the permission; a duty narrows it, and so does working for one place."""
    if role is Role.PLATFORM and of_a_city and needs not in PERMITS_OF_A_CITY:
        return False
    if role is Role.PROPERTY and of_a_community and needs in OF_THE_WHOLE_COMPANY:
        return False
    return needs in PERMITS[role] and (duty is None or needs in PERMITS_OF_DUTY[duty])
