"""One-time codes, sent to a phone."""

from __future__ import annotations

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body, Line
from linli.faces.shell import voice
from linli.faces.shell.requests import address_of
from linli.reach.sign_in import actions as sign_in


class NewCode(Body):
    """Where the code goes. Known and unknown numbers are answered alike."""

    phone: Line


@endpoint("POST", "codes", summary="Have a one-time code sent to a phone.")
def create_code(request: ApiRequest, body: NewCode) -> None:
    sign_in.request_code(
        request.scope,
        phone=body.phone,
        address=address_of(request.http),
        at=request.at,
        locale=voice.current().locale,
    )
