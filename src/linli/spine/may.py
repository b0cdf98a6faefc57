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


class May(StrEnum):
    """Permissions, each named by the verb it opens."""

    ANYONE = "anyone"
    SIGN_IN = "sign_in"
    KEEP_OWN_PROFILE = "keep_own_profile"
    KEEP_PLACES = "keep_places"
    KEEP_PEOPLE = "keep_people"
    READ_PERSONAL_DATA = "read_personal_data"
    GRANT_ROLES = "grant_roles"
    SET_POLICIES = "set_policies"
    UPLOAD_FILES = "upload_files"
    POST_JOURNALS = "post_journals"
    READ_LEDGER = "read_ledger"
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
    REVIEW_ORDER = "review_order"
    REPLY_TO_REVIEW = "reply_to_review"
    KEEP_WEBHOOKS = "keep_webhooks"
    KEEP_TARIFFS = "keep_tariffs"
    ISSUE_BILLS = "issue_bills"
    TAKE_FEES = "take_fees"
    RUN_CLOCKS = "run_clocks"


_EVERYONE = frozenset({May.ANYONE, May.SIGN_IN})
_PERSON = _EVERYONE | {May.KEEP_OWN_PROFILE, May.UPLOAD_FILES, May.APPLY_FOR_SHOP, May.READ_OWN_STATEMENTS}

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
        May.REPLY_TO_REVIEW,
        May.TAKE_CASH,
        May.ISSUE_DEPOSIT_SLIP,
        May.KEEP_WEBHOOKS,
    },
    Role.PROPERTY: _PERSON
    | {
        May.KEEP_PEOPLE,
        May.READ_PERSONAL_DATA,
        May.TAKE_CASH,
        May.ISSUE_DEPOSIT_SLIP,
        May.NAME_RECEIVER,
        May.KEEP_TARIFFS,
        May.ISSUE_BILLS,
        May.TAKE_FEES,
    },
    Role.COURIER: _PERSON | {May.DELIVER_ORDER, May.TAKE_CASH, May.ISSUE_DEPOSIT_SLIP},
    Role.PLATFORM: _PERSON
    | {
        May.KEEP_PLACES,
        May.KEEP_PEOPLE,
        May.READ_PERSONAL_DATA,
        May.GRANT_ROLES,
        May.SET_POLICIES,
        May.READ_LEDGER,
        May.REBUILD_BALANCES,
        May.POST_JOURNALS,
        May.RUN_PAYOUTS,
        May.RECONCILE,
        May.ISSUE_DEPOSIT_SLIP,
        May.APPROVE_SHOPS,
        May.SET_SHOP_ZONE,
        May.KEEP_CATEGORIES,
        May.REFUND_ORDER,
        May.KEEP_WEBHOOKS,
    },
    Role.SYSTEM: frozenset(May),
}


def carries(role: Role, needs: May) -> bool:
    """This will tell whether the role carries the permission."""
    return needs in PERMITS[role]
