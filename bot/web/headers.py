"""What the browser is told about every answer, and from where a form may come."""

from collections.abc import Mapping

from aiohttp import web

from bot.web.refusals import refuse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{directive} {value}" for directive, value in directives.items())


HEADERS = {
    "Content-Security-Policy": _policy(POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "aiguilleur",
}
FOR_OTHER_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""What makes an answer readable by the pages of any site: it holds public facts, and no cookie is asked for."""
STATIC, API = "/static/", "/api/"
IMAGES: web.RequestKey[str] = web.RequestKey("images", str)
"""The outside server (scheme and host) from which a page may show images; it is in no page unless a setting says so."""


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers of every answer: a page is never kept by the browser, a static file is asked for again."""
    response.headers.update(HEADERS)
    if IMAGES in request:
        response.headers["Content-Security-Policy"] = _policy({**POLICY, "img-src": f"'self' {request[IMAGES]}"})
    if request.path.startswith(API):
        response.headers.update(FOR_OTHER_SITES)
    static = request.path.startswith(STATIC) and response.status < 400
    response.headers["Cache-Control"] = "no-cache" if static else "no-store"


def check_origin(request: web.Request) -> None:
    """Refuse a form that a browser says comes from another site. Raises `Refusal`.

    "none" is a form sent again by the person. Under `Referrer-Policy: no-referrer` browsers write "null" as the origin
    of our own forms, so that nothing can be concluded from it: then the token in the form decides alone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    foreign = site not in ("same-origin", "none") if site else origin not in ("null", *_own_origins(request))
    if foreign:
        raise refuse(403, "Ce formulaire vient d'un autre site. Nous ne l'avons pas lu.")


def _own_origins(request: web.Request) -> tuple[str, str]:
    """Behind a proxy we are asked in HTTP for what the browser sees in HTTPS: both are ours."""
    return f"http://{request.host}", f"https://{request.host}"
