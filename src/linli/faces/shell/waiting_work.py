"""Long work that somebody asked for and has not looked at since: the figure beside "Under way" in a desk's menu.

What was asked for since the last look either runs or has ended, so that the browser which asked knows the figure: its
cookie keeps the ends of the ids, of whoever sits there now. No page asks the database for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from linli.faces.shell.requests import PageRequest
from linli.kernel.ids import ChoreId

COOKIE = "linli_under_way"
MOST = 20
"""More are not counted: the cookie stays small."""


def count(request: PageRequest) -> int:
    """This will tell how many pieces of work wait to be looked at."""
    return len(_kept(request))


def note(request: PageRequest, chore: ChoreId) -> None:
    """This will remember a piece of work that is still under way when its page is left."""
    _keep(request, (*_kept(request), _end(chore)))


def looked_at(request: PageRequest, chore: ChoreId) -> None:
    """This will forget a piece of work whose outcome is seen."""
    _keep(request, (each for each in _kept(request) if each != _end(chore)))


def looked_over(request: PageRequest, under_way: Iterable[ChoreId]) -> None:
    """This will forget all but what is still under way: the list of it was seen."""
    _keep(request, (_end(each) for each in under_way))


def _kept(request: PageRequest) -> tuple[str, ...]:
    said = request.keeps.get(COOKIE) or request.http.COOKIES.get(COOKIE, "")
    who, _between, ends = said.partition(":")
    if request.scope.person is None or who != _end(request.scope.person):
        return ()
    return tuple(each for each in ends.split(".")[:MOST] if each)


def _keep(request: PageRequest, ends: Iterable[str]) -> None:
    if request.scope.person is None:
        return
    kept = tuple(dict.fromkeys(ends))[-MOST:]
    if kept or _kept(request):
        request.keeps[COOKIE] = f"{_end(request.scope.person)}:{'.'.join(kept)}"


def _end(of: UUID) -> str:
    return of.hex[-8:]
