"""What a payer sees: one page for a phone, in Chinese and English, without a script."""

from html import escape
from string import Template
from urllib.parse import urlsplit

from linli.money.payments.gateways.protocol import ChargeState, ChargeStatus
from linli.money.payments.gateways.withholding import AgreementState, AgreementStatus

BANNER = "This is Linli's embedded payment provider: no real money moves"
BANNER_ZH = "这是邻里内置的支付演示服务：不会有真实资金流动"
# Currencies that have no smaller coin than their unit.
_WHOLE = frozenset({"JPY", "KRW", "VND", "CLP"})

_PAGE = Template("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title><style>
:root { color-scheme: light dark; --ink: #1d2421; --paper: #f6f7f5; --card: #fff; --go: #0b6b3a; --line: #8a938e; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1ef; --paper: #131715; --card: #1e2421; --go: #4cc38a; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); }
body { font: 1.0625rem/1.5 system-ui, "PingFang SC", "Noto Sans SC", sans-serif; }
.note { margin: 0; padding: .75rem 1rem; background: #ffe9a8; color: #3b2c00; text-align: center; font-size: .9375rem; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem; }
.card { background: var(--card); border-radius: 1rem; padding: 1.5rem; }
h1 { font-size: 1.125rem; margin: 0 0 .25rem; font-weight: 600; }
.amount { font-size: 2.5rem; font-weight: 700; margin: .5rem 0; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
button, .back { display: block; width: 100%; min-height: 3.25rem; margin-top: .75rem; padding: .75rem; cursor: pointer;
 border-radius: .75rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; }
.go { border: 0; background: var(--go); color: var(--card); }
.no, .back { border: 1px solid var(--line); background: none; color: inherit; }
:focus-visible { outline: 3px solid #2f6fed; outline-offset: 2px; }
</style></head><body>
<p class="note">$banner_zh<br><span lang="en">$banner</span></p>
<main><div class="card">$content</div></main>
</body></html>
""")

_FACTS = Template("""<h1>$description</h1><p class="amount">$amount</p>
<dl><dt>单号 <span lang="en">Reference</span></dt><dd>$reference</dd>
<dt>渠道 <span lang="en">Channel</span></dt><dd>$channel</dd></dl>""")

_FORM = """<form method="post"><button class="go" name="choice" value="pay">确认支付 <span lang="en">Pay</span></button>
<button class="no" name="choice" value="decline">放弃支付 <span lang="en">Decline</span></button></form>"""

_BACK = Template("""<a class="back" href="$url">返回商家 <span lang="en">Back to the shop</span></a>""")

_SAID = {
    ChargeState.PAID: '<p role="status">已支付 · <span lang="en">Paid</span></p>',
    ChargeState.DECLINED: '<p role="status">扣款未成功 · <span lang="en">Declined</span></p>',
    ChargeState.CLOSED: '<p role="status">已关闭，无法支付 · <span lang="en">Closed, cannot be paid</span></p>',
}
_DECLINED = '<p role="status">未支付，可以重试 · <span lang="en">Not paid; you can try again</span></p>'

_LIMIT = Template("""<h1>$description</h1><p class="amount">≤ $amount</p>
<p>每次自动扣款不超过此金额 <span lang="en">At most so much at each deduction</span></p>
<dl><dt>协议号 <span lang="en">Agreement</span></dt><dd>$reference</dd></dl>""")

_SIGN = """<form method="post">
<button class="go" name="choice" value="sign">同意签约 <span lang="en">Sign</span></button>
<button class="no" name="choice" value="decline">不签约 <span lang="en">Do not sign</span></button></form>"""

_END = """<p role="status">已签约 · <span lang="en">Signed</span></p>
<form method="post">
<button class="no" name="choice" value="end">解除协议 <span lang="en">End the agreement</span></button></form>"""

_ENDED = '<p role="status">协议已终止 · <span lang="en">Ended</span></p>'

CHANNELS = {"wechat": "微信支付 WeChat Pay", "alipay": "支付宝 Alipay", "bank_transfer": "银行转账 Bank transfer"}


def root_page() -> str:
    """This will say what this server is."""
    return _page(BANNER, f'<h1>{BANNER_ZH}</h1><p lang="en">{BANNER}.</p>')


def pay_page(charge: ChargeStatus, description: str, return_url: str, *, declined: bool = False) -> str:
    """This will show a charge to its payer, with the choice to pay or decline while there is one."""
    facts = _FACTS.substitute(
        description=escape(description),
        amount=escape(amount_text(charge.amount_minor, charge.currency)),
        reference=escape(charge.reference),
        channel=escape(CHANNELS[charge.channel]),
    )
    choice = _SAID.get(charge.state) or ((_DECLINED if declined else "") + _FORM)
    back = _BACK.substitute(url=escape(return_url)) if urlsplit(return_url).scheme in ("http", "https") else ""
    return _page("支付 Pay", facts + choice + back)


def sign_page(agreement: AgreementStatus, description: str, return_url: str) -> str:
    """This will show an agreement to its payer, with the choice to sign it, or to end it once it is signed."""
    facts = _LIMIT.substitute(
        description=escape(description),
        amount=escape(amount_text(agreement.most_minor, agreement.currency)),
        reference=escape(agreement.reference),
    )
    choice = {AgreementState.PENDING: _SIGN, AgreementState.SIGNED: _END}.get(agreement.state, _ENDED)
    back = _BACK.substitute(url=escape(return_url)) if urlsplit(return_url).scheme in ("http", "https") else ""
    return _page("签约 Agreement", facts + choice + back)


def refused_page(code: str) -> str:
    """This will say that there is nothing to pay here."""
    return _page("支付 Pay", f'<h1>无法支付 <span lang="en">Cannot be paid</span></h1><p>{escape(code)}</p>')


def amount_text(amount_minor: int, currency: str) -> str:
    """This will write an amount for people."""
    if currency in _WHOLE:
        return f"{currency} {amount_minor:,}"
    sign = "¥" if currency == "CNY" else f"{currency} "
    return f"{sign}{amount_minor // 100:,}.{amount_minor % 100:02d}"


def _page(title: str, content: str) -> str:
    return _PAGE.substitute(title=title, banner=BANNER, banner_zh=BANNER_ZH, content=content)
