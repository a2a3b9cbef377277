"""What every response tells the browser: nothing from elsewhere, no scripts or styles in the page, no frames."""

from flask import Flask, Response, request

from servicedesk.web.guard import is_guarded_elsewhere

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # the design system draws its small icons by data addresses
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def init_app(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    is_everybodys = request.endpoint in ("web.static", "static") or response.cache_control.public
    if not is_everybodys and not is_guarded_elsewhere(request.path):
        # Reception desks are shared: after signing out, the back button shows nothing.
        response.headers["Cache-Control"] = "no-store"
    return response
