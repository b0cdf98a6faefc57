"""The style sheets and scripts of the faces, put together in memory when the program starts.

Every page loads `linli`; desks load `desk` beside it: what a component's `.toml` calls `desk_only`, and the pages of
those who work at desks, so that a resident's phone waits for nothing of theirs. Style sheets have the layers reset,
tokens, base, components, pages, utilities. The script is htmx with its polling tags, from the `django-htmx` wheel, and
the components' own small behaviours. All carry a hash of their content in their address, are kept by browsers for a
year, and are compressed once.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from linli.faces.shell import components

SHELL = Path(__file__).resolve().parent
FACES = SHELL.parent
LAYERS = ("reset", "tokens", "base", "components", "pages", "utilities")
DESKS = ("merchant", "platform", "property")
KEPT = "public, max-age=31536000, immutable"
_HTMX = ("htmx-4.min.js", "ext/hx-ptag-4.min.js")


@dataclass(frozen=True)
class Asset:
    """A file made in memory."""

    name: str
    mime: str
    body: bytes
    packed: bytes
    print_: str

    @property
    def address(self) -> str:
        stem, _, ending = self.name.rpartition(".")
        return f"/a/{stem}.{self.print_}.{ending}"


@cache
def assets() -> dict[str, Asset]:
    """This will put the bundles together, once."""
    made = (
        _asset("linli.css", "text/css", style_sheet()),
        _asset("linli.js", "text/javascript", script()),
        _asset("desk.css", "text/css", style_sheet(at_desks=True)),
        _asset("desk.js", "text/javascript", own_script(at_desks=True)),
        _asset("mark.svg", "image/svg+xml", (SHELL / "mark.svg").read_text("utf-8")),
    )
    return {asset.name: asset for asset in made}


def address(name: str) -> str:
    """This will give the address of a bundle with the hash of its content."""
    return assets()[name].address


def style_sheet(*, at_desks: bool = False) -> str:
    """This will join the style files that all pages load, or those of desks alone, each in its layer."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer, found in groupby(_styles(at_desks=at_desks), key=itemgetter(0)):
        joined = "".join(_without_air(path.read_text("utf-8")) for _layer, path in found)
        parts.append(f"@layer {layer}{{{joined}}}")
    return "\n".join(parts)


def script() -> str:
    """This will join htmx and the behaviours of the components that all pages load."""
    wheel = files("django_htmx") / "static" / "django_htmx"
    return ";\n".join([*(wheel.joinpath(name).read_text("utf-8") for name in _HTMX), own_script(at_desks=False)])


def own_script(*, at_desks: bool) -> str:
    """This will join the behaviours of components, each in a scope of its own."""
    own = _of_components("js", at_desks=at_desks)
    return ";\n".join('(() => {\n"use strict";\n' + without_prose(path.read_text("utf-8")) + "})();" for path in own)


def serve(http: HttpRequest, name: str) -> HttpResponse:
    """This will be the view of `/a/<name>`; an old hash gets today's content, kept for no time."""
    stem, _, rest = name.partition(".")
    print_, _, ending = rest.rpartition(".")
    asset = assets().get(f"{stem}.{ending}")
    if asset is None:
        raise Http404
    packed = "gzip" in http.headers.get("Accept-Encoding", "")
    answer = HttpResponse(asset.packed if packed else asset.body, content_type=asset.mime + "; charset=utf-8")
    if packed:
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = KEPT if print_ == asset.print_ else "no-cache"
    return answer


def _styles(*, at_desks: bool) -> Iterator[tuple[str, Path]]:
    for layer in LAYERS:
        if layer == "components":
            yield from ((layer, path) for path in _of_components("css", at_desks=at_desks))
        elif layer == "pages":
            pages = sorted((*FACES.glob("*/styles/pages/*.css"), *SHELL.glob("styles/desks/*.css")))
            yield from ((layer, path) for path in pages if _is_of_desks(path) is at_desks)
        elif not at_desks:
            yield layer, SHELL / "styles" / f"{layer}.css"


def _is_of_desks(path: Path) -> bool:
    face, _styles, folder, *_rest = path.relative_to(FACES).parts
    return face in DESKS or folder == "desks"


def _of_components(ending: str, *, at_desks: bool) -> Iterator[Path]:
    for each in components.components():
        path = components.FOLDER / each.name / f"{each.name}.{ending}"
        if (ending in each.desk_only) is at_desks and path.is_file():
            yield path


def without_prose(script: str) -> str:
    """This will leave out the lines of a script that are told to who reads it here: browsers wait for every byte."""
    return re.sub(r"^[ \t]*//[^\n]*\n", "", script, flags=re.MULTILINE)


def _without_air(css: str) -> str:
    """Without comments, and without spaces that mean nothing: those before a colon may be a descendant's, those in
    a string are its own."""
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()
    kept = re.split(r'("[^"]*")', bare)
    kept[::2] = [re.sub(r";\}", "}", re.sub(r" ?([{};,]) ?|(:) ", r"\1\2", each)) for each in kept[::2]]
    return "".join(kept)


def _asset(name: str, mime: str, text: str) -> Asset:
    body = text.encode()
    print_ = blake2b(body, digest_size=6).hexdigest()
    return Asset(name, mime, body, gzip.compress(body, 9, mtime=0), print_)
