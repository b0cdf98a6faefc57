"""Is the house sound: what the doctor found in each part and when, what waits for the worker, how providers do."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.parts import PARTS
from linli.faces.shell import formats
from linli.faces.shell.addresses import url
from linli.faces.shell.answers import see_other_at
from linli.faces.shell.deeds import AREAS
from linli.faces.shell.messages import deed, ngettext
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.refusals import Invalid
from linli.money.payments import queries as payments
from linli.reach.webhooks import queries as webhooks
from linli.spine import findings, jobs, upkeep
from linli.spine.may import May

NEEDS = May.RECONCILE
MOST_DIGITS = 15


@page("platform", "GET", "health/", needs=NEEDS)
def health(request: PlatformRequest) -> HttpResponse:
    """This will show each part as it was seen last; while the doctor looks, the page keeps itself up to date."""
    seen = {each.part: each for each in findings.examined(request.scope)}
    return request.render(
        "platform/health.jinja",
        parts=[(word, seen.get(part)) for part, word in PARTS.items()],
        areas=PARTS | AREAS,
        done=sum(part in seen and not seen[part].is_asked for part in PARTS),
        is_asked=any(each.is_asked for each in seen.values()),
        backlog=findings.backlog(request.scope),
        last_tick=jobs.last_tick(),
        providers=payments.provider_health(request.scope, at=request.at),
        stuck=upkeep.stuck_facts(request.scope),
        failed=upkeep.failed_jobs(request.scope),
        clocks=upkeep.clocks(request.scope),
        carried=upkeep.carried_by_hour(request.scope, at=request.at),
        unheard=[each for each in webhooks.subscriptions(request.scope) if each.failures],
    )


@page("platform", "GET", "health/facts/file/", name="stuck-facts-file", needs=NEEDS)
def take_facts_away(request: PlatformRequest) -> HttpResponse:
    """This will give the facts that wait for a person as a sheet."""
    rows = (
        (one.number, one.kind, one.told_at, one.error) for one in upkeep.stuck_facts(request.scope, limit=most_rows())
    )
    return sheet(request.query, "stuck-facts", [_("Number"), _("Fact"), _("Told"), _("What is wrong")], rows)


@page("platform", "GET", "health/jobs/file/", name="failed-jobs-file", needs=NEEDS)
def take_jobs_away(request: PlatformRequest) -> HttpResponse:
    """This will give the failed runs of timed tasks as a sheet."""
    found = upkeep.failed_jobs(request.scope, limit=most_rows())
    rows = ((one.number, deed(one.task), one.task, one.attempts, one.failed_at) for one in found)
    return sheet(request.query, "failed-jobs", [_("Number"), _("Task"), _("Verb"), _("Tries"), _("Failed")], rows)


@page("platform", "GET", "health/clocks/file/", name="clocks-file", needs=NEEDS)
def take_clocks_away(request: PlatformRequest) -> HttpResponse:
    """This will give the tasks of the clock as a sheet."""
    rows = ((deed(one.task), one.task, one.cron, one.last_at) for one in upkeep.clocks(request.scope))
    return sheet(request.query, "clock", [_("Task"), _("Verb"), _("By the clock"), _("Last ran")], rows)


@page("platform", "POST", "health/examination/", asks="platform:health", needs=NEEDS)
def examine(request: PlatformRequest) -> HttpResponse:
    """This will ask the doctor to look at everything again; the worker takes it up within seconds."""
    findings.ask(request.scope, parts=tuple(PARTS), at=request.at)
    return see_other("platform:health", said=_("Asked for. The worker begins within seconds."))


@page("platform", "POST", "health/another-try/", name="another-try", asks="platform:health", needs=NEEDS)
def try_many_again(request: PlatformRequest) -> HttpResponse:
    """This will have the ticked facts and runs tried again, and say which were left."""
    ticked = [each.partition("-") for each in request.form.many("chosen")]
    facts, jobs = (
        [int(n) for kind, _dash, n in ticked if kind == one and n.isdecimal() and len(n) <= MOST_DIGITS]
        for one in ("fact", "job")
    )
    if not facts and not jobs:
        raise Invalid("chosen", _("Tick at least one row first."))
    tried = upkeep.try_many_again(request.scope, stuck=facts, failed=jobs, at=request.at)
    n = tried.facts + tried.jobs
    left = [
        f"{formats.listed(str(number) for number in numbers)}: {why}"
        for numbers, why in (
            (tried.waiting, _("The same task waits for the worker already.")),
            (tried.gone, _("It was tried or done meanwhile.")),
        )
        if numbers
    ]
    return see_other_at(
        url("platform:health"),
        said=ngettext("{n} is tried again within seconds.", "{n} are tried again within seconds.", n) if n else None,
        not_done="\n".join(left) or None,
    )


@page(
    "platform",
    "POST",
    "health/facts/<int:number>/another-try/",
    name="fact-another-try",
    asks="platform:health",
    needs=NEEDS,
)
def try_fact_again(request: PlatformRequest, number: int) -> HttpResponse:
    """This will have a fact carried again that nobody could carry out."""
    upkeep.try_fact_again(request.scope, number=number, at=request.at)
    return see_other("platform:health", said=_("The worker carries it again within seconds."))


@page(
    "platform",
    "POST",
    "health/jobs/<int:number>/another-try/",
    name="job-another-try",
    asks="platform:health",
    needs=NEEDS,
)
def try_job_again(request: PlatformRequest, number: int) -> HttpResponse:
    """This will have a failed run of a timed task taken up again."""
    upkeep.try_job_again(request.scope, number=number, at=request.at)
    return see_other("platform:health", said=_("The worker takes it up within seconds."))
