"""What every movement of a wallet does: the guarded change of a bucket, its statement, its journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.models import Receipt, Wallet, WalletEntry
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, Leg, fee_wallet, property_book
from linli.spine import sql
from linli.spine.scope import SYSTEM, Scope


class NotInWallet(Refusal):
    """More would leave a bucket than it holds, or than may leave it."""

    says = _("Only {held} of this wallet can be used for that.")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose wallet, and where."""

    person: PartyId
    community: CommunityId
    company: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement of a bucket: `amount` comes in, or leaves below nothing; `document` says what for, once."""

    bucket: rules.Bucket
    verb: rules.WalletVerb
    amount: Money
    document: str
    number: str = ""
    channel: str = ""
    desk: str = ""
    receipt: UUID | None = None
    why: str = ""


def keeper_of(person: PartyId, community: CommunityId, at: datetime) -> Keeper:
    """This will name a person's wallet with the company that looks after a community."""
    company = people.company_of([community], at=at).get(community)
    if company is None:
        raise NotFound("community")
    return Keeper(person, community, company)


def ensured(keeper: Keeper, bucket: rules.Bucket, at: datetime) -> Wallet:
    """This will give the bucket under lock, opening it where it lacks."""
    Wallet.objects.bulk_create(
        [
            Wallet(
                id=ids.new(),
                company=keeper.company,
                community=keeper.community,
                city=places.market_of(keeper.community).city,
                person=keeper.person,
                bucket=bucket.value,
                opened_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    rows = Wallet.objects.within(SYSTEM).select_for_update()
    return rows.get(person=keeper.person, community=keeper.community, bucket=bucket.value)


_CHANGE = """
    UPDATE billing_wallet SET balance_minor = balance_minor + %s WHERE id = %s AND balance_minor + %s >= 0
    RETURNING balance_minor
"""


def move(scope: Scope, wallet: Wallet, moved: Movement, at: datetime) -> Leg:
    """This will change a bucket and write its statement, and give the leg that says the same in the company's book."""
    changed = sql.fetch_one(_CHANGE, moved.amount.minor, wallet.pk, moved.amount.minor)
    if changed is None:
        raise NotInWallet(held=Money(wallet.balance_minor))
    wallet.balance_minor = changed[0]
    WalletEntry.objects.create(
        wallet=wallet,
        community=wallet.community,
        person=wallet.person,
        verb=moved.verb.value,
        amount_minor=moved.amount.minor,
        after_minor=wallet.balance_minor,
        number=moved.number,
        channel=moved.channel,
        desk=moved.desk,
        receipt=moved.receipt,
        document=moved.document,
        taken_by=scope.person,
        why=moved.why.strip(),
        happened_at=at,
    )
    return Leg(address_of(wallet), -moved.amount)


def address_of(wallet: Wallet) -> str:
    """This will name the account of a bucket."""
    return fee_wallet(CommunityId(wallet.community), PartyId(wallet.person), wallet.bucket)


def post(wallet: Wallet, *, key: str, document: str, kind: str, legs: tuple[Leg, ...], at: datetime) -> None:
    """This will post a movement to the company's book."""
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=key,
            book=property_book(PartyId(wallet.company)),
            currency=places.market_of(CommunityId(wallet.community)).currency,
            document=document,
            kind=kind,
            at=at,
            legs=legs,
        ),
    )


def keep_overpaid(
    scope: Scope, keeper: Keeper, bucket: rules.Bucket, amount: Money, receipt: Receipt, at: datetime
) -> Leg:
    """This will put the rest of a payment into its payer's wallet, and give the leg of it."""
    moved = Movement(
        bucket=bucket,
        verb=rules.WalletVerb.OVERPAY,
        amount=amount,
        document=f"receipt:{receipt.pk}",
        number=receipt.number,
        channel=receipt.channel,
        receipt=receipt.pk,
    )
    return move(scope, ensured(keeper, bucket, at), moved, at)


def give_back_to_wallet(scope: Scope, receipt: Receipt, amount: Money, number: str, why: str, at: datetime) -> Leg:
    """This will put what is given back of a receipt into the wallet that it came from (of other money into the payer's
    general bucket), and give the leg of it."""
    if receipt.payer is None:
        raise Invalid("channel", _("Nobody is known in whose wallet it could be put."))
    came = WalletEntry.objects.within(scope).filter(receipt=receipt.pk, verb=rules.WalletVerb.PAY.value).first()
    keeper = Keeper(PartyId(receipt.payer), CommunityId(receipt.community), PartyId(receipt.company))
    wallet = ensured(keeper, rules.Bucket.GENERAL, at) if came is None else _held(came.wallet_id)
    moved = Movement(
        bucket=rules.Bucket(wallet.bucket),
        verb=rules.WalletVerb.RETURN,
        amount=amount,
        document=f"returned:{ids.new()}",
        number=number,
        receipt=receipt.pk,
        why=why,
    )
    return move(scope, wallet, moved, at)


def _held(wallet: UUID) -> Wallet:
    return Wallet.objects.within(SYSTEM).select_for_update().get(pk=wallet)
