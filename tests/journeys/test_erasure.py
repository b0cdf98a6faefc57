"""Erasing a person: of their name, their phone and their words nothing is left anywhere in the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pyotp
import pytest
from django.apps import apps
from psycopg import sql

from builders import AT, a_home, a_listing, a_person, a_picture, a_shop
from builders.billing import a_desk
from builders.counters import Counters, as_guard
from builders.orders import Order, an_order, climb
from builders.visits import a_draft
from builders.workorders import a_crew
from harness.databases import OwnDatabase
from linli.estate.visits import actions as visits
from linli.estate.workorders import actions as workorders
from linli.estate.workorders.rules import Satisfaction
from linli.ground.files import actions as files
from linli.ground.files import queries as kept
from linli.ground.people import actions as people
from linli.kernel.ids import FileId, PartyId, SessionId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payouts import actions as payouts
from linli.reach.notify import actions as notify
from linli.reach.notify.queries import inbox
from linli.reach.sign_in import actions as sign_in
from linli.reach.sign_in import queries as sessions
from linli.spine.scope import GUEST, SYSTEM, Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders.rules import RefundAsk
from linli.trust.reviews import actions as reviews
from linli.trust.reviews import queries as told

NAME, PHONE, WORDS, PLATE = "欧阳修竹", "13977712345", "said-in-anger", "浙A66666"
"""The person types `WORDS`; others type `NAME` about them; `PLATE` is on their car."""
KEEPERS = {
    "assembly_objection.text", "billing_arrears_note.text", "billing_deposit_entry.why", "billing_invoice.answer",
    "billing_invoice.title", "billing_line.reason", "billing_repayment.why", "billing_waiver.answer",
    "billing_waiver.why", "files_file.name", "metering_move.why", "metering_reading.note", "notices_move.why",
    "notify_inbox.phone", "notify_message.values", "orders_move.why", "orders_refund.reason", "parcels_parcel.taker",
    "parking_listed.plate", "parking_listed.reason", "parking_session.plate", "parking_session_move.why",
    "parking_vehicle.about", "parking_vehicle.plate", "patrols_answer.words", "payouts_payee.receiver_account",
    "payouts_payee.receiver_bank", "payouts_payee.receiver_name", "people_contact.phone", "people_party.name",
    "permits_check.note", "permits_inspection.text", "permits_permit.contact", "permits_permit.contractor",
    "permits_permit.extend_why", "permits_permit.text", "permits_permit_move.why", "permits_release.carrier",
    "permits_release.goods", "permits_relocation_move.why", "reviews_reply.text", "reviews_review.text",
    "sign_in_loss_move.why", "sign_in_session.device_name", "venues_move.why", "visits_pass.guest_name",
    "workorders_move.why", "workorders_order.answer", "workorders_order.rating_words", "workorders_order.words",
    "workorders_quote.what", "workorders_saying.words", "workorders_visit.words",
}  # fmt: skip
"""Every column that holds something personal after the life below. A new one belongs here and into an erasure."""
COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c
    JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE t.table_type = 'BASE TABLE' AND c.table_schema = 'public'
        AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea')
"""


TYPED = {"about", "answer", "contact", "goods", "memo", "note", "reason", "taker", "text", "what", "why", "words"}
"""What columns are called that keep what somebody typed."""
THE_COMPANYS = {
    "assembly_meeting.text", "assembly_motion.text", "assembly_move.why", "venues_venue.text",
    "workorders_outage.words",
}  # fmt: skip
"""What the company publishes in its own name; that of a vote belongs to its minutes."""
THE_HOUSES = {
    "billing_draft.about", "billing_draft.reason", "billing_mandate_move.why", "billing_round.reason",
    "billing_round_move.why", "parcels_move.why", "visits_arrival_move.why",
    "visits_pass_move.why", "visits_passing.why", "parking_event.answer",
}  # fmt: skip
"""Only the house fills these."""


@dataclass(frozen=True)
class Life:
    person: PartyId
    order: Order
    session: str
    evidence: str
    licence: str


@pytest.fixture
def life(own_database: OwnDatabase, tmp_path, settings) -> Life:
    """A neighbour who signed in, bought, complained, was answered, reviewed, uploaded and was paid."""
    settings.HOME = tmp_path
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"
    home = a_home("3-1-502").with_owner(a_person(NAME, phone=PHONE))
    assert home.owner is not None
    sign_in.request_code(GUEST, phone=PHONE, address="203.0.113.9", at=AT)
    code = re.search(r"\d{6}", inbox(SYSTEM)[0].body)
    assert code is not None
    signed = sign_in.redeem_code(GUEST, phone=PHONE, code=code[0], device="d", device_name=WORDS, at=AT)
    _lose(home.owner, signed.session)
    shop = a_shop(community=home.community).open_around_the_clock()
    listing = a_listing(shop=shop, stock=20)
    refused = an_order(listing, home=home).paid()
    orders.refuse_order(shop.scope, order=refused.id, reason=f"we know {NAME}", at=refused.at)
    done = an_order(listing, home=home).completed()
    climb(done.at)
    ask = RefundAsk(line=done.lines[0].line, quantity=1)
    refund = orders.request_refund(home.scope, order=done.id, lines=[ask], reason=WORDS, at=done.at)
    orders.answer_refund(shop.scope, refund=refund, grant=False, reason=f"not again, {NAME}", at=done.at)
    said = reviews.write_review(home.scope.keyed("r"), order=done.id, stars=2, text=WORDS, at=done.at)
    reviews.reply_to_review(shop.scope, review=said, text=f"thank you, {NAME}", at=done.at)
    evidence, licence = [_link(home.scope, purpose) for purpose in ("evidence", "licence")]
    notify.queue_message(
        SYSTEM, to=home.owner, template="refund_done", values={"number": WORDS, "amount": "1"}, at=done.at
    )
    visits.invite(home.scope, home=home.id, draft=a_draft(guest_name=WORDS), at=AT)
    _repair(home, done.at)
    desk = a_desk()
    Counters(desk, desk.a_home_of(home.owner), NAME, WORDS, PLATE).all()
    as_guard(home, WORDS)
    payouts.set_receiver(SYSTEM, payee=home.owner, name=NAME, account=f"62-{PHONE}", bank=WORDS, at=done.at)
    return Life(home.owner, done, signed.token, evidence, licence)


def _lose(person: PartyId, session: SessionId) -> None:
    """An authenticator that was set up, lost, and taken off by an operator who wrote down who called."""
    me = Scope(role=Role.RESIDENT, person=person)
    seed = sign_in.begin_authenticator(me, at=AT).letters.replace(" ", "")
    sign_in.confirm_authenticator(me, session=session, code=pyotp.TOTP(seed).at(AT), at=AT)
    helper = Scope(role=Role.PLATFORM, person=a_person())
    assert sign_in.report_loss(helper, person=person, why=f"{NAME} called", at=AT)


def _repair(home, at) -> None:
    """A tap that dripped: words of whoever asked, and what others wrote about them."""
    crew = a_crew()
    there = a_home("9-1-101", community=crew.desk.community).with_owner(home.owner)
    crew = replace(crew, home=there)
    worker = crew.a_worker()
    where = {"community": crew.desk.community.id, "home": there.id}
    order = workorders.raise_work_order(there.scope, **where, words=WORDS, at=at)
    workorders.give_work(crew.desk.scope, order=order, person=worker.person, why=f"{NAME} calls often", at=at)
    workorders.accept_work(worker, order=order, at=at)
    workorders.arrive_at_work(worker, order=order, at=at)
    workorders.quote_work(worker, order=order, labour=Money(10_00), what=f"a tap for {NAME}", at=at)
    workorders.decline_quote(there.scope, order=order, why=WORDS, at=at)
    workorders.say_about_work(there.scope, order=order, words=WORDS, at=at)
    workorders.say_about_work(worker, order=order, words=f"{NAME}, please be at home", at=at)
    workorders.finish_work(worker, order=order, answer=f"{NAME} was told", at=at)
    workorders.rate_work(there.scope, order=order, stars=1, words=WORDS, at=at)
    heard = Satisfaction.DISSATISFIED
    workorders.record_return_visit(crew.desk.scope, order=order, satisfaction=heard, words=f"{NAME} is angry", at=at)


def _link(scope, purpose: str) -> str:
    file: FileId = files.keep_file(scope, name=f"{NAME}.png", content=a_picture("PNG"), purpose=purpose, at=AT)
    return kept.link(scope, file=file, at=AT)


def found_in(database: OwnDatabase) -> set[str]:
    """Every column of every table, behind all walls, in which the name, the number or the words stand."""
    found = set()
    with database.connect_as_superuser() as link:
        columns = link.execute(COLUMNS).fetchall()
        assert len(columns) > 150
        for table, column, kind in columns:
            text = "encode({}, 'escape')" if kind == "bytea" else "{}::text"
            query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE " + text + " ~ %s)")
            row = link.execute(
                query.format(sql.Identifier(table), sql.Identifier(column)), [f"{NAME}|{PHONE}|{WORDS}|{PLATE}"]
            ).fetchone()
            if row and row[0]:
                found.add(f"{table}.{column}")
    return found


def test_nothing_of_an_erased_person_is_left_and_their_orders_and_stars_stay_nameless(own_database, life):
    assert found_in(own_database) == KEEPERS
    people.erase_person(life.order.buyer.keyed("gone"), person=life.person, at=life.order.at)
    climb(life.order.at)
    assert found_in(own_database) == set()
    shop = life.order.shop
    (review,) = told.shop_reviews(shop=shop.id)
    assert (review.stars, review.text, review.pictures, review.reply) == (2, "", (), None)
    assert told.shop_rating(shop=shop.id, at=life.order.at).count == 1
    assert sessions.session_access(SYSTEM, token=life.session, at=life.order.at) is None
    with pytest.raises(NotFound):
        kept.open_link(life.evidence, at=AT)
    assert kept.open_link(life.licence, at=AT).name == "file.png"


def test_every_column_of_the_counters_that_somebody_types_into_is_emptied_with_the_person(own_database):
    counters = tuple(f"{config.label}_" for config in apps.get_app_configs() if ".estate." in config.name)
    with own_database.connect_as_superuser() as link:
        columns = link.execute(COLUMNS).fetchall()
        sources = link.execute(r"SELECT prosrc FROM pg_proc WHERE proname LIKE '%\_forget'").fetchall()
    forgets = "\n".join(source for (source,) in sources)
    kept = {
        f"{table}.{column}"
        for table, column, _kind in columns
        if column in TYPED
        and table.startswith(counters)
        and not re.search(rf"UPDATE {table}\b[^;]*\b{column} = ''", forgets)
    }
    assert kept - THE_COMPANYS - THE_HOUSES - KEEPERS == set()


def test_the_application_cannot_rewrite_what_it_may_only_erase(own_database, life):
    with own_database.connect_as_superuser() as link:
        for change in ("UPDATE reviews_review SET stars = 5", "UPDATE orders_move SET why = 'other'"):
            with pytest.raises(Exception, match=r"insert-only|only be emptied"):
                link.execute(change)
    with own_database.connect() as link, pytest.raises(Exception, match="only the house"):
        link.execute("SELECT reviews_forget_words(%s)", [life.person])
    assert "reviews_review.text" in found_in(own_database)
