"""Security headers for each kind of response, by route."""

from dataclasses import dataclass, field

SELF, NONE = "'self'", "'none'"
# The Cache-Control of what everybody may read. Caches may keep it, but must ask each time whether it is new.
REVALIDATE = "no-cache"

# Turn off all device features.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay"),
        *("browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen", "gamepad"),
        *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone"),
        *("midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock"),
        *("serial", "storage-access", "usb", "xr-spatial-tracking"),
    )
)


@dataclass(frozen=True)
class Policy:
    """The headers of one kind of response; `content` is its Content-Security-Policy."""

    content: dict
    headers: dict = field(default_factory=dict)


PAGE = Policy(
    content={
        "default-src": [NONE],
        **{name: [SELF] for name in ("script-src", "style-src", "img-src", "font-src", "connect-src")},
        **{name: [SELF] for name in ("manifest-src", "form-action")},
        **{name: [NONE] for name in ("base-uri", "object-src", "frame-ancestors")},
    },
    headers={
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    },
)

# A page with a frame of our own: the preview of an embedded timeline.
SHARE = Policy(content=PAGE.content | {"frame-src": [SELF]}, headers=PAGE.headers)

# Forms of visitors: the contact form's view and Django's CSRF check need the origin. Nothing may be cached.
FORM = Policy(
    content=PAGE.content,
    headers=PAGE.headers | {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"},
)

# Wagtail's admin uses inline scripts and styles, so they are allowed there, behind the login.
ADMIN = Policy(
    content=PAGE.content
    | {
        "script-src": [SELF, "'unsafe-inline'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
    },
    headers=PAGE.headers | {"Referrer-Policy": "same-origin", "X-Frame-Options": "SAMEORIGIN"},
)

# A preview is the page itself, in a frame of the admin.
PREVIEW = Policy(content=PAGE.content | {"frame-ancestors": [SELF]}, headers=ADMIN.headers)

# For frames on partners' pages. The response sets `frame_ancestors` to the allowed sites.
EMBED = Policy(
    content=PAGE.content | {"form-action": [NONE], "frame-ancestors": [SELF]},
    headers={"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "cross-origin"},
)

DATA = Policy(
    content={"default-src": [NONE], "frame-ancestors": [NONE]},
    headers={"Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "*"},
)

# Redirects contain nothing. Frames and scripts of other sites may follow them to their targets.
MOVED = Policy(
    content={"default-src": [NONE]},
    headers=DATA.headers | {"Cross-Origin-Resource-Policy": "cross-origin"},
)

FILE = Policy(
    content={"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": []},
    headers={"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "cross-origin"},
)

# A view or a page chooses its policy by setting `response.policy` to one of these.
POLICIES = {
    "page": PAGE,
    "share": SHARE,
    "contact": FORM,
    "login": FORM,
    "admin": ADMIN,
    "preview": PREVIEW,
    "embed": EMBED,
    "data": DATA,
    "file": FILE,
    "moved": MOVED,
}


def allow_from_elsewhere(headers, path, url):
    """WhiteNoise's hook for static files. The embedded timeline on a partner's page needs them, too."""
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
