"""What we say and how: templates in two languages, with named places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.kernel.life import Life
from linli.reach.notify.rules.about_orders import ABOUT_ORDERS

TRIES = 5
BODY_RETENTION = timedelta(hours=24)
"""How long the embedded inbox shows a body; sign-in codes live five minutes anyway."""

TEMPLATES: Mapping[str, Mapping[str, str]] = {
    **ABOUT_ORDERS,
    "sign_in_code": {
        "zh": "您的邻里登录验证码是 {code}，五分钟内有效。请勿告诉他人。",
        "en": "Your Linli sign-in code is {code}. It is good for five minutes. Tell nobody.",
    },
    "authenticator_reported_lost": {
        "zh": "有人报告您的邻里验证器已丢失，{hours} 小时后将停用。若不属实，请用验证器登录一次，或在其页面撤销。",
        "en": "Your Linli authenticator was reported lost and is taken off in {hours} hours. If it is not lost, sign in"
        " with it once, or stop this on the page of your authenticator.",
    },
    "authenticator_taken_off": {
        "zh": "您的邻里验证器已停用，所有设备均已退出登录。请重新登录并设置。若非本人要求，请立即联系平台。",
        "en": "Your Linli authenticator was taken off and every device signed out. Sign in and set it up again. If you"
        " did not ask for this, tell the platform at once.",
    },
    "space_booked": {
        "zh": "车位 {space} 已预订：{hours}（{number}）。车牌在此时段内直接放行。",
        "en": "Space {space} is yours: {hours} ({number}). The barrier knows your plate for these hours.",
    },
    "space_let": {
        "zh": "您共享的车位 {space} 已被预订：{hours}。",
        "en": "A neighbour booked your space {space}: {hours}.",
    },
    "space_soon": {
        "zh": "您预订的车位 {space} 即将开始：{hours}。",
        "en": "Your hours in space {space} begin soon: {hours}.",
    },
    "space_reported": {
        "zh": "预订人反映您的车位 {space} 被占用（{hours}），费用已全额退还，本次没有收益。",
        "en": "Your space {space} was found occupied ({hours}). The neighbour was refunded; you earn nothing.",
    },
    "space_free_again": {
        "zh": "车位 {space} 的预订已取消：{hours}，可再次被预订。",
        "en": "The booking of your space {space} is over before it began: {hours}.",
    },
    "space_called_off": {
        "zh": "车位 {space}（{hours}）的预订已被取消，已付款项全额原路退回。",
        "en": "Your booking of space {space} ({hours}) was called off. What you paid goes back in full.",
    },
    "space_earned": {
        "zh": "共享车位 {space}（{hours}）收益 {amount} 元，已记入您的物业费钱包。",
        "en": "Your space {space} earned {amount} ({hours}). It is in your wallet for property fees.",
    },
    "permit_granted": {
        "zh": "装修申请 {number} 已批准，交清押金和费用后即可施工。",
        "en": "Your works {number} are permitted. They may begin when deposit and fee are paid.",
    },
    "permit_refused": {
        "zh": "装修申请 {number} 未获批准，原因请在手机上查看。",
        "en": "Your works {number} were not permitted. You find the reason on your phone.",
    },
    "permit_looked_at": {
        "zh": "装修 {number} 已巡查，结果请在手机上查看。",
        "en": "Somebody looked at your works {number}. You find on your phone what was seen.",
    },
    "permit_extended": {
        "zh": "装修 {number} 已延期至 {day}。",
        "en": "Your works {number} may go on until {day}.",
    },
    "permit_not_extended": {
        "zh": "装修 {number} 的延期未获批准，仍于 {day} 到期。",
        "en": "Your works {number} were given no more time and end on {day}.",
    },
    "permit_over": {
        "zh": "装修 {number} 已于 {day} 到期，请申请延期或报验收。",
        "en": "The time of your works {number} ended on {day}. Please ask for more, or say that they are done.",
    },
    "permits_late": {
        "zh": "{community} 有 {count} 项装修或搬迁手续已超过时限，请处理。",
        "en": "{count} works or moves in {community_en} are past their time. Please see to them.",
    },
    "move_late": {
        "zh": "搬迁手续 {number}（{day}）还没有办完，请联系物业前台。{until} 前仍未办完的，将自动失效。",
        "en": "Your move {number} of {day} is not finished. Please ask the property desk; it lapses on {until}.",
    },
    "move_lapsed": {
        "zh": "搬迁手续 {number}（{day}）一直没有办完，已自动失效。如仍需搬迁，请重新申请。",
        "en": "Your move {number} of {day} was never finished and has lapsed. Please ask anew if somebody still moves.",
    },
    "vote_announced": {
        "zh": "业主大会将就“{title}”表决，{day} 起可在手机上投票。",
        "en": "The owners will vote on “{title_en}”. You can vote on your phone from {day}.",
    },
    "vote_open": {
        "zh": "“{title}”已开始表决，请于 {day} 前投票。",
        "en": "The vote on “{title_en}” is open. Please vote before {day}.",
    },
    "vote_closing": {
        "zh": "“{title}”的表决将于 {day} 截止，您还没有投票。",
        "en": "The vote on “{title_en}” closes on {day}, and you have not voted yet.",
    },
    "vote_closed": {
        "zh": "“{title}”的表决已截止，结果可在手机上查看。",
        "en": "The vote on “{title_en}” is closed. You find the result on your phone.",
    },
    "proxy_refused": {
        "zh": "您就“{title}”出具的委托书未通过审核：{why}。请重新委托或亲自投票。",
        "en": "The letter of your proxy on “{title_en}” was not accepted: {why}. Please give it again, or vote"
        " yourself.",
    },
    "vote_proxy": {
        "zh": "{door} 的业主委托您就“{title}”投票。",
        "en": "The owner of {door} asks you to vote on “{title_en}” for them.",
    },
    "notice_published": {
        "zh": "小区公告：{title}。请打开邻里查看。",
        "en": "A notice for you: {title_en}. Please open Linli to read it.",
    },
    "parcel_arrived": {
        "zh": "您有 {n} 件快递已到小区代收点，货架 {shelf}。取件码请在邻里查看。",
        "en": "{n} of your parcels arrived at the drop-off point, shelf {shelf}. Linli shows you the code.",
    },
    "parcel_waiting": {
        "zh": "您有 {n} 件快递仍在小区代收点，货架 {shelf}，请尽快领取。",
        "en": "{n} of your parcels still wait at the drop-off point, shelf {shelf}. Please fetch them soon.",
    },
    "parcel_lost": {
        "zh": "您有 {n} 件快递在代收点暂未找到（货架 {shelf}），请联系物业。",
        "en": "{n} of your parcels cannot be found at the drop-off point (shelf {shelf}). Please ask the desk.",
    },
    "parcel_in_locker": {
        "zh": "您有 {n} 件快递已放入快递柜 {shelf}，随时可取。请在邻里打开格口。",
        "en": "{n} of your parcels lies in the locker, {shelf}, to be fetched at any hour. Open it with Linli.",
    },
    "parcel_at_desk": {
        "zh": "您有 {n} 件快递已从快递柜移到小区代收点，请凭取件码领取。",
        "en": "{n} of your parcels was moved from the locker to the drop-off point. Your code fetches it there.",
    },
    "visitor_waiting": {
        "zh": "有访客在门口登记到访 {door}，请在 {minutes} 分钟内打开邻里确认。",
        "en": "A visitor for {door} is at the gate. Please answer on Linli within {minutes} minutes.",
    },
    "plan_due": {
        "zh": "{community} 的一期分期款即将到期，请在邻里查看并支付。",
        "en": "A part of your instalment plan in {community_en} is due soon. Please open Linli to pay it.",
    },
    "plan_broken": {
        "zh": "{community} 的分期计划因逾期未付已终止，违约金恢复计算。请打开邻里查看。",
        "en": "Your instalment plan in {community_en} was not kept and is over; late fees run again. Please"
        " open Linli.",
    },
    "deposit_asked": {
        "zh": "{community} 请您缴纳押金 {amount} 元，请在 {day} 前在邻里的“账单 · 押金”或物业前台缴纳。",
        "en": "{community_en} asks you for a deposit of {amount}. Please pay it before {day}: on Linli under Bills,"
        " Deposits, or at the property desk.",
    },
    "deduction_soon": {
        "zh": "{community} 的账单将于 {day} 自动扣款，请保持余额充足。可在邻里查看、暂停或终止自动缴费。",
        "en": "Your bill of {community_en} will be paid automatically on {day}. You can look at it or pause"
        " it on Linli.",
    },
    "deduction_again": {
        "zh": "{community} 的自动扣款未成功，将于 {day} 再次扣款。也可在邻里自行缴纳。",
        "en": "The automatic payment of {community_en} failed and is tried again on {day}. Or pay it on Linli.",
    },
    "deduction_failed": {
        "zh": "{community} 的自动扣款未成功，不再重试，请在邻里查看原因并自行缴纳。",
        "en": "The automatic payment of {community_en} did not go through and is not tried again. Please"
        " pay it on Linli.",
    },
    "bills_issued": {
        "zh": "{community}{month}的账单已出，请在邻里查看并缴纳。",
        "en": "The bills of {community_en} for {month} are there. You can look at them and pay them on Linli.",
    },
    "fees_late": {
        "zh": "您在{community}有逾期未缴的费用，请在邻里查看并缴纳。如有疑问，请联系物业前台。",
        "en": "Something you owe in {community_en} is late. Please pay it on Linli, or ask the property desk.",
    },
    "fees_late_again": {
        "zh": "再次提醒：您在{community}的费用仍未缴清，请在邻里缴纳。如有困难，可与物业前台商定缴费日期。",
        "en": "A second reminder: what you owe in {community_en} is still open. Please pay it on Linli, or"
        " agree on a day"
        " with the property desk.",
    },
    "fees_late_last": {
        "zh": "最后一次提醒：您在{community}的费用仍未缴清，请尽快在邻里缴纳。如有困难，可与物业前台商定分期缴纳。",
        "en": "The last reminder: what you owe in {community_en} is still open. Please pay it on Linli, or ask the"
        " property desk for instalments.",
    },
    "invoice_issued": {
        "zh": "您在{community}申请的发票已开具，请在邻里的缴费收据中查看。",
        "en": "The invoice that you asked for in {community_en} is issued. You find it at its receipt on Linli.",
    },
    "invoice_refused": {
        "zh": "您在{community}申请的发票未能开具，请在邻里的缴费收据中查看原因，修改后可重新申请。",
        "en": "The invoice that you asked for in {community_en} was not issued. Linli says why at its"
        " receipt, and you may"
        " ask again.",
    },
    "invoice_revoked": {
        "zh": "您在{community}的一张发票已被收回，请在邻里的缴费收据中查看原因，可重新申请。",
        "en": "An invoice of yours in {community_en} was taken back. Linli says why at its receipt; you may ask again.",
    },
    "replenish_due": {
        "zh": "您家大约有 {n} 样东西快用完了，打开邻里看看要不要送来。",
        "en": "About {n} things will run out in your home soon. Open Linli to have them brought, or not.",
    },
    "standing_placed": {
        "zh": "您的定期购买已下单，共 {amount} 元。请打开邻里，在 {minutes} 分钟内付款，否则不会送来。",
        "en": "Your standing order is placed: ¥{amount}. Pay it on Linli within {minutes} minutes to have it brought.",
    },
    "standing_at_door": {
        "zh": "您的定期购买已下单，共 {amount} 元，送到时以现金支付。",
        "en": "Your standing order is placed: ¥{amount}, paid in cash when it comes.",
    },
    "standing_asks": {
        "zh": "您的定期购买这次没有自动下单，因为价格、库存或店铺有变化。请打开邻里确认。",
        "en": "Your standing order was not placed: a price, the stock or the shop has changed. Open Linli to decide.",
    },
    "replenish_refill_off": {
        "zh": "您要的清旧装桶这次无人上门，因为服务或价格有变化。请打开邻里查看。",
        "en": "Nobody comes to fill your bin this time: the service or its price has changed. Open Linli to see.",
    },
    "work_given": {
        "zh": "您有新的工单 {number}，请及时接单。",
        "en": "You have been given the work order {number}. Please accept it.",
    },
    "work_given_many": {
        "zh": "您有 {n} 张新的工单，最急的是 {number}，请及时接单。",
        "en": "You have been given {n} work orders, the most urgent is {number}. Please accept them.",
    },
    "work_quoted": {
        "zh": "工单 {number} 报价 {amount} 元，请在手机上确认后师傅再开工。",
        "en": "Work order {number} would cost ¥{amount}. Please answer on your phone; nothing is done before.",
    },
    "work_done": {
        "zh": "工单 {number} 已完成，请评价；若未修好可直接返修。",
        "en": "Work order {number} is done. Please say how it was, or re-open it if it is not put right.",
    },
    "complaint_answered": {
        "zh": "您反映的事项 {number} 已答复，请评价；若不满意可重新提出。",
        "en": "Your complaint or advice {number} is answered. Please say how it was, or take it up again.",
    },
    "work_said": {
        "zh": "工单 {number} 有新的留言，请在手机上查看。",
        "en": "Something new was said about work order {number}. Please look on your phone.",
    },
    "work_late": {
        "zh": "{community} 有 {count} 张工单超时，请处理。",
        "en": "{count} work orders in {community_en} are late. Please see to them.",
    },
    "contract_ends": {
        "zh": "合同 {number} 将于 {day} 到期，请决定续签或终止。",
        "en": "Contract {number} ends on {day}. Please decide whether it goes on.",
    },
    "assets_wait": {
        "zh": "{community}：{tasks} 项保养逾期，{papers} 份证书将到期或已到期，{repairs} 件设备超期未修复，请处理。",
        "en": "{community_en}: {tasks} maintenance tasks are overdue, {papers} certificates expire,"
        " {repairs} assets are"
        " in repair for too long. Please see to them.",
    },
    "outage_announced": {
        "zh": "通知：{from} 至 {until} {what_zh}，请提前准备。",
        "en": "Please note: {what_en} from {from} until {until}.",
    },
    "outage_changed": {
        "zh": "更正：{what_zh}改为 {from} 至 {until}。",
        "en": "Changed: {what_en} now from {from} until {until}.",
    },
    "outage_over": {"zh": "{what_zh}已结束，恢复正常。", "en": "It is over: {what_en} until now."},
    "outage_called_off": {
        "zh": "原定 {from} 的{what_zh}已取消。",
        "en": "Called off: {what_en} from {from}.",
    },
}


_WHEN = re.compile(r"(?:(\d{4})-)?(0[1-9]|1[0-2])(?:-([0-3]\d))?(?: (\d\d:\d\d))?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class MessageState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class MessageVerb(StrEnum):
    SEND = "send"
    GIVE_UP = "give_up"


MESSAGE_LIFE = Life(
    birth=MessageState.QUEUED,
    moves={
        (MessageState.QUEUED, MessageVerb.SEND): MessageState.SENT,
        (MessageState.QUEUED, MessageVerb.GIVE_UP): MessageState.FAILED,
    },
)


def render(template: str, locale: str, values: Mapping[str, str]) -> str:
    """This will put values into a template in the person's language (Chinese where it is not English).

    What was queued before its template knew a name in English is said with the name that it has. Raises KeyError for an
    unknown template or a missing value: a defect, found by tests, never shown.
    """
    language = language_of(locale)
    said = {name: _as_said(value, language) for name, value in values.items()}
    said = {f"{name}_en": value for name, value in said.items()} | said
    return TEMPLATES[template][language].format(**said)


def named(value: str, name: Mapping[str, str]) -> dict[str, str]:
    """This will give a name kept in two languages as values of a template: `{community}` and `{community_en}`."""
    some = next(iter(name.values()), "")
    return {value: name.get("zh") or some, f"{value}_en": name.get("en") or some}


def language_of(locale: str) -> str:
    """This will tell in which of the two languages somebody is written to."""
    return "en" if locale.startswith("en") else "zh"


def _as_said(value: str, language: str) -> str:
    """Days, months and times travel as figures (2026-11-05) and are said as people say them."""
    found = _WHEN.fullmatch(str(value))
    year, month, day, clock = found.groups() if found else ("",) * 4
    if not (year or clock):  # a number of things may look like a month
        return value
    if language == "zh":
        parts = f"{year}年" if year else "", f"{int(month)}月", f"{int(day)}日" if day else ""
        said = "".join(parts)
    else:
        said = " ".join(part for part in (str(int(day)) if day else "", _MONTHS[int(month) - 1], year or "") if part)
    return f"{said} {clock}" if clock else said


def after_quiet(at: datetime, *, from_hour: int, until_hour: int, timezone: str) -> datetime:
    """This will give the moment itself, or the end of the quiet hours of the night in which it lies.

    Quiet hours that begin and end at the same hour are none.
    """
    local = at.astimezone(ZoneInfo(timezone))
    over_night = from_hour >= until_hour
    is_quiet = (
        local.hour >= from_hour or local.hour < until_hour if over_night else from_hour <= local.hour < until_hour
    )
    if from_hour == until_hour or not is_quiet:
        return at
    morning = local.replace(hour=until_hour, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)


def wait_before(attempt: int) -> timedelta:
    """This will give the pause before try number `attempt` (1 is the first repeat): 10 s, 40 s, 160 s, 640 s."""
    return timedelta(seconds=10 * 4 ** (attempt - 1))
