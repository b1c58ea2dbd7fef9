"""Who is visiting: one random cookie, and what is derived from it. The cookie itself is never stored nor logged."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, unquote

from aiohttp import web

VISITOR_SECONDS = 24 * 3600
"""Life of the cookie since the last message: long enough to come back the next morning, short on a shared computer."""

WORDS_SECONDS = 30 * 60
"""How long the browser keeps the person's last words, shown above the answer. Later, the answer is called old."""

MAX_WORDS = 300
"""Characters: even as percent-encoded emoji they fit the 4 096 bytes that a browser grants to a cookie."""

COOKIE, WORDS_COOKIE = "visiteur", "dit"
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser. `secret` is the value of its cookie; `new`: it had none (first visit, expired, or refused)."""

    secret: str
    new: bool

    @property
    def conversation(self) -> str:
        """The id of the conversation in the base; nobody can go back from it to the cookie."""
        return self._derive("conversation")

    @property
    def token(self) -> str:
        """The proof, put in every form, that the form came from our page: another site cannot read the cookie."""
        return self._derive("formulaire")

    def has_token(self, said: str) -> bool:
        """Compare a token in constant time."""
        return hmac.compare_digest(self.token.encode(), said.encode())

    def message_id(self, number: str) -> str:
        """Return the external id of a form: bound to the visitor, so that nobody can replay another's message."""
        return self._derive(f"message {number}")

    def _derive(self, purpose: str) -> str:
        return hmac.new(self.secret.encode(), purpose.encode(), sha256).hexdigest()


def read_visitor(request: web.Request, *, https: bool) -> Visitor:
    """Return the visitor of a request, a new one when the cookie is absent or not one of ours."""
    secret = request.cookies.get(_name(https), "")
    return Visitor(secret, new=False) if SECRET.fullmatch(secret) else Visitor(secrets.token_urlsafe(32), new=True)


def remember(response: web.Response, visitor: Visitor, *, https: bool) -> None:
    """Give the visitor their cookie, for another day.

    SameSite is Lax, not Strict: with Strict, a person who comes by a link (a town hall's site, a mail) would lose
    the conversation under way. A GET changes nothing here, and Lax sends no cookie with another site's POST.
    """
    _set(response, _name(https), visitor.secret, VISITOR_SECONDS, https=https)


def remember_words(response: web.Response, text: str, *, https: bool) -> None:
    """Let the browser, and nobody else, keep what was just said."""
    _set(response, WORDS_COOKIE, quote(text[:MAX_WORDS]), WORDS_SECONDS, https=https)


def last_words(request: web.Request) -> str:
    """Return what `remember_words` kept; "" when it is too long ago."""
    return unquote(request.cookies.get(WORDS_COOKIE, ""))[:MAX_WORDS]


def forget(response: web.Response, *, https: bool) -> None:
    """Take both cookies back."""
    for name in (_name(https), WORDS_COOKIE):
        response.del_cookie(name, path="/", secure=https, httponly=True, samesite="Lax")


def _name(https: bool) -> str:
    """The prefix makes browsers refuse a cookie that a neighbouring subdomain would plant; it needs HTTPS."""
    return f"__Host-{COOKIE}" if https else COOKIE


def _set(response: web.Response, name: str, value: str, seconds: int, *, https: bool) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=https, httponly=True, samesite="Lax")
