"""What a handler receives: who asks and how far they reach, the moment, the fields, and a way to answer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from markupsafe import Markup

from linli.faces.shell import messages, templates, voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.remembered import Remembered
from linli.ground.people import queries as people
from linli.ground.people.queries import View
from linli.ground.people.rules import view_query
from linli.kernel.ids import CommunityId, HomeId, PartyId, SessionId, ShopId
from linli.kernel.refusals import NotFound, Refusal
from linli.spine.scope import Role, Scope

T = TypeVar("T")
_pages: Remembered[Hashable, bytes] = Remembered(seconds=60.0, most=64)


@dataclass(frozen=True, slots=True)
class Htmx:
    """What htmx says about a request; false for a plain one. `target` is the id of the element that will change."""

    asked: bool = False
    partial: bool = False
    target: str = ""
    tag: str = ""

    def __bool__(self) -> bool:
        return self.asked

    @classmethod
    def of(cls, http: HttpRequest) -> Htmx:
        """This will read htmx's headers."""
        said = http.META  # `http.headers` would be made of all of them first
        if said.get("HTTP_HX_REQUEST") != "true":
            return cls()
        return cls(
            asked=True,
            partial=said.get("HTTP_HX_REQUEST_TYPE") == "partial",
            target=said.get("HTTP_HX_TARGET", "").partition("#")[2],
            tag=said.get("HTTP_HX_PTAG", ""),
        )


def address_of(http: HttpRequest) -> str:
    """This will give the network address asked from; behind a proxy of ours, what that proxy says."""
    forwarded = http.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(http.META.get("REMOTE_ADDR", ""))


@dataclass(kw_only=True)
class PageRequest:
    """One request to a page. The scope comes from the sign-in; `form` is empty on a GET that refused nothing."""

    http: HttpRequest
    scope: Scope
    at: datetime
    session: SessionId | None = None
    check_due: bool = False
    """The second check after a sign-in has not been passed yet; the scope reaches nothing worth guarding."""
    authenticator_due: bool = False
    """The hat that is worn wants an authenticator, and there is none yet; the scope reaches nothing until then."""
    query: Fields = field(default_factory=Fields)
    form: Fields = field(default_factory=Fields)
    htmx: Htmx = field(default_factory=Htmx)
    refusal: Refusal | None = None
    """Set where a page is shown again because the change asked for from it was refused."""
    said: str | None = None
    """What the page before left to be said here."""
    not_done: str | None = None
    """What of it was refused, row by row, where the rest was done."""
    way_back: str | None = None
    """Where a refusal leads back to; None: to the page on which it was pressed."""
    keeps: dict[str, str] = field(default_factory=dict)
    """What this browser is to remember until it is closed, by the name of its cookie."""

    @property
    def locale(self) -> str:
        return voice.current().locale

    @property
    def path(self) -> str:
        return self.http.path

    @property
    def person(self) -> PartyId:
        """Who asks; on a page that guests may open too, `NotFound` for a guest."""
        return _present(self.scope.person)

    @property
    def is_guest(self) -> bool:
        return self.scope.role is Role.GUEST

    @cached_property
    def large_text(self) -> bool:
        return self.http.COOKIES.get(voice.LARGE_TEXT_COOKIE) == "large"

    @cached_property
    def saved_views(self) -> tuple[View, ...]:
        """The views of this list that the reader kept."""
        return people.saved_views(self.scope, page=self.path) if self.scope.person else ()

    @property
    def view_here(self) -> str:
        """What the address narrows and sorts this list to, as a kept view would say it."""
        return view_query(self.http.META.get("QUERY_STRING", ""))

    def with_query(self, address: str) -> str:
        """This will add to an address what this page's says, so that a form comes back to the same list."""
        query = self.http.META.get("QUERY_STRING", "")
        return address + ("&" if "?" in address else "?") + query if query else address

    @property
    def address(self) -> str:
        """The network address asked from, for limits; behind a proxy, what the proxy says."""
        return address_of(self.http)

    @property
    def came_from(self) -> str | None:
        """The page of ours on which a link or button was pressed."""
        before = urlsplit(self.http.headers.get("Referer", ""))
        try:
            here = self.http.get_host()
        except DisallowedHost:  # the page that says so has no way back
            return None
        if before.netloc != here or not before.path.startswith("/"):
            return None
        if before.path[1:2] in ("/", "\\"):  # a browser would read `//evil.example` as another house
            return None
        return before.path + ("?" + before.query if before.query else "")

    def error(self, name: str) -> str | None:
        """This will give what is wrong with a field, in the reader's words."""
        if self.refusal is None or self.refusal.field != name:
            return None
        return messages.words_of(self.refusal)

    def typed(self, name: str, otherwise: object = "") -> str:
        """This will give what was typed into a field, or what stood in it; what a macro gave is escaped already."""
        if name in self.form:
            return self.form.raw(name)
        return otherwise.unescape() if isinstance(otherwise, Markup) else "" if otherwise is None else str(otherwise)

    def render(
        self,
        template: str,
        /,
        *,
        status: int = 200,
        block: str | None = None,
        looks: Hashable | None = None,
        **values: Any,
    ) -> HttpResponse:
        """This will answer with a page; to htmx, with the block that bears the name of the element it will change.

        A poll whose block has not changed since is answered 304 without a body. `looks` is all that a page without a
        reader shows besides its address: a page that looks the same is not made again.
        """
        if self.refusal is not None and status == 200:
            status = self.refusal.status
        values["request"] = self
        wanted = block or self._block_wanted(template)
        if wanted is None and looks is not None and self._is_nobodys and status == 200:
            return HttpResponse(self._made_once(template, looks, values))
        if wanted is None:
            return HttpResponse(templates.render(template, values), status=status)
        part = templates.render(template, values, block=wanted)
        tag = blake2b(part.encode(), digest_size=9).hexdigest()
        if status == 200 and self.http.method == "GET" and self.htmx.tag == tag:
            return HttpResponseNotModified(headers={"HX-PTag": tag})
        return HttpResponse(part, status=status, headers={"HX-PTag": tag})

    @property
    def _is_nobodys(self) -> bool:
        return self.scope.person is None and self.said is None and self.not_done is None and self.refusal is None

    def _made_once(self, template: str, looks: Hashable, values: dict[str, Any]) -> bytes:
        reader = (self.locale, self.large_text, self.scope.role, self.scope.communities, self.check_due)
        key = (template, self.http.get_full_path(), reader, looks)
        return _pages.get(key, lambda: templates.render(template, values).encode())

    def _block_wanted(self, template: str) -> str | None:
        name = self.htmx.target.replace("-", "_")
        return name if self.htmx.partial and name and templates.has_block(template, name) else None


class PublicRequest(PageRequest):
    """Somebody; perhaps a guest."""


class OwnerRequest(PageRequest):
    """A resident on a phone; a guest only where the page says `public=True`."""

    @cached_property
    def is_simple(self) -> bool:
        """Whether this person chose the simple mode on this phone; somebody else's choice is not theirs."""
        person = self.scope.person
        return person is not None and self.http.COOKIES.get(voice.SIMPLE_COOKIE) == person.hex

    @property
    def homes(self) -> tuple[HomeId, ...]:
        return self.scope.homes

    @property
    def communities(self) -> tuple[CommunityId, ...]:
        return self.scope.communities


class MerchantRequest(PageRequest):
    """A merchant at the desk of one shop."""

    @property
    def shop(self) -> ShopId:
        return _present(self.scope.shop)

    @property
    def merchant(self) -> PartyId:
        """Whose business the shop is, and who is paid: the person who asks may be the merchant's staff."""
        return self.scope.company or self.person


class PropertyRequest(PageRequest):
    """Staff of a property company."""

    @property
    def company(self) -> PartyId:
        return _present(self.scope.company)

    @property
    def communities(self) -> tuple[CommunityId, ...]:
        return self.scope.communities


class CourierRequest(PageRequest):
    """A courier on a run."""


class PlatformRequest(PageRequest):
    """An operator of the platform."""


def _present(value: T | None) -> T:
    if value is None:
        raise NotFound
    return value
