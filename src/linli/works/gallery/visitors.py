"""One of the demo's people at the door: signed in over HTTP as everybody is, so that a browser may go on from there."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import urllib3

from linli.works.gallery.views import View, Who, looks_like

LETTER_LIMIT_S = 20.0
HOPS = 6
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


class NotLetIn(RuntimeError):
    """The demo did not open; the message says at which step."""


@dataclass
class Visitor:
    """Somebody with a jar of cookies, who reads pages and fills in forms."""

    house: str
    cookies: dict[str, str] = field(default_factory=dict)
    at: str = ""
    """The path of the page that was read last."""
    _pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(timeout=30.0, retries=2))

    def reads(self, path: str) -> str:
        """This will read a page, wherever it leads."""
        return self._goes("GET", path)

    def sees(self, path: str) -> str | None:
        """This will look at an address; None where it is a file, leads elsewhere or is not there."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._pool.request("GET", self.house + path, headers={"Cookie": jar}, redirect=False)
        self._keep(answer.headers.getlist("Set-Cookie"))
        is_page = answer.status == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        return answer.data.decode() if is_page else None

    def sends(self, path: str, **form: str) -> str:
        """This will fill in a form, and read the page that follows."""
        return self._goes("POST", path, urlencode(form))

    def finds(self, view: View) -> str | None:
        """This will follow a view's links; None where one of them is not there."""
        where = view.address
        for onward in view.onward:
            links = [unescape(link) for link in re.findall(r'href="([^"]+)"', self.reads(where))]
            found = next((link for link in links if looks_like(onward).fullmatch(urlsplit(link).path)), None)
            if found is None:
                return None
            where = found
        return where

    def signs_in(self, who: Who) -> None:
        """This will sign one of the demo's people in: the code, the second check, and the hat of their face."""
        if who.phone is None:
            return
        before = self._letter(who.phone)
        self.sends("/sign-in/", phone=who.phone, next="")
        self.sends("/sign-in/code/", code=self._code(who.phone, before))
        if self.at == "/sign-in/check/":
            self.sends("/sign-in/check/", answer=who.answer, next="")
        if self.at.startswith("/sign-in/"):
            raise NotLetIn(f"{who.phone} stands at {self.at}: was {who.answer!r} the answer to the second question?")
        hats = re.findall(r'name="hat" value="([^"]+)"', self.reads("/hats/"))
        mine = next((hat for hat in hats if hat.startswith(who.role + "|")), None)
        if mine is None:
            raise NotLetIn(f"{who.phone} has no hat of the {who.role}: {hats}")
        self.sends("/hats/", hat=unescape(mine))

    def _code(self, phone: str, before: str) -> str:
        until = time.monotonic() + LETTER_LIMIT_S
        while (newest := self._letter(phone)) == before:
            if time.monotonic() > until:
                raise NotLetIn(f"no code arrived for {phone}; the demo sends one a minute")
            time.sleep(0.2)
        found = _CODE.search(newest)
        if found is None:
            raise NotLetIn(f"the letter for {phone} bears no code")
        return found[1]

    def _letter(self, phone: str) -> str:
        """The newest letter for a phone that bears a code, with its time of arrival."""
        letters = re.findall(r"<li\b.*?</li>", self.reads("/demo/inbox/"), re.DOTALL)
        bare = (re.sub(r"<svg.*?</svg>|<[^>]+>", " ", letter, flags=re.DOTALL) for letter in letters)
        return next((letter for letter in bare if phone in letter and _CODE.search(letter)), "")

    def _goes(self, method: str, path: str, body: str | None = None) -> str:
        for _hop in range(HOPS):
            jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": jar, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            answer = self._pool.request(method, self.house + path, body=body, headers=headers, redirect=False)
            self._keep(answer.headers.getlist("Set-Cookie"))
            self.at = urlsplit(path).path
            if answer.status not in (301, 302, 303):
                if answer.status >= 400:
                    raise NotLetIn(f"{method} {path} was answered {answer.status}")
                return answer.data.decode()
            method, body, path = "GET", None, answer.headers["Location"].removeprefix(self.house)
        raise NotLetIn(f"{path} leads in a circle")

    def _keep(self, told: list[str]) -> None:
        for line in told:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or morsel.value == "":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
