"""Asks every route of the candidate's own that takes no parameter, as nobody and as a user.

Each answer is told as it comes, so that a view that never returns costs only what comes after it.
"""

import os
import time

from grader_box import failure

_ROUTES = 200
_DEPTH = 12
# A client that signs out, or an account that is gone, would spoil what comes after.
_LEFT_OUT = ("logout", "log_out", "log-out", "signout", "sign_out", "sign-out")
# Addresses at which developers look at their own error pages.
_ERROR_PAGES = ("500", "502", "503", "504")


def parameterless(tree):
    """Paths in the order of the URLconf; the admin's and those of other packages left out."""
    from django.urls import get_resolver
    from django.utils.regex_helper import normalize

    inside = os.path.join(tree, "")
    found = []

    def first(part):
        for text, names in normalize(getattr(part, "pattern", part).regex.pattern):
            if not names:
                return text
        return None

    def walk(resolver, prefix, depth):
        module = getattr(resolver.urlconf_module, "__file__", None)
        if depth > _DEPTH or (module and not os.path.abspath(module).startswith(inside)):
            return
        for part in resolver.url_patterns:
            text = first(part)
            if text is None:
                continue
            if not hasattr(part, "url_patterns"):
                found.append(prefix + text)
            elif getattr(part, "app_name", None) != "admin":
                walk(part, prefix + text, depth + 1)

    walk(get_resolver(), "/", 0)
    return [path for path in dict.fromkeys(found)
            if not any(word in path.lower() for word in _LEFT_OUT)
            and path.strip("/").split("/")[-1] not in _ERROR_PAGES][:_ROUTES]


def make_user():
    """An account made past the application's own registration; nothing where that fails."""
    from django.apps import apps

    if not all(apps.is_installed("django.contrib." + name) for name in ("auth", "sessions")):
        return None
    try:
        from django.contrib.auth import get_user_model

        model = get_user_model()
        user = model(**{model.USERNAME_FIELD: "rehearsal@example.com"})
        if hasattr(user, "email"):
            user.email = "rehearsal@example.com"
        user.set_password("rehearsal-9157")
        user.save()
        _client(user)
        return user
    except Exception:
        return None


def _client(user):
    from django.test import Client

    client = Client()
    # Before Django 3 errors of views are raised whatever is asked.
    client.raise_request_exception = False
    if user is not None:
        client.force_login(user, _backend())
    return client


def _backend():
    """The first that can tell who a session belongs to."""
    from django.conf import settings
    from django.contrib.auth import load_backend

    for path in settings.AUTHENTICATION_BACKENDS:
        if hasattr(load_backend(path), "get_user"):
            return path
    return None


def _ask(path, user, raised, tree):
    """The fields of a record about one answer."""
    del raised[:]
    try:
        status = _client(user).get(path, HTTP_HOST="localhost").status_code
    except BaseException as error:  # SystemExit too: a view may call sys.exit
        status, raised[:] = 500, [error]
    fields = {"path": path, "status": status, "signed_in": user is not None}
    if status >= 500 and raised:
        told = failure.fields_of(raised[-1], tree)
        fields.update(error=told["chain"][0], places=told["places"], offline=told["offline"])
    return fields


def ask_all(channel, tree, raised, seconds):
    """What is wrong with the answers as one text; nothing where every page answers.

    Pages that are slow, not stuck, use up the time: those that are left then are not asked.
    """
    bad = {}
    asked = parameterless(tree)
    someone = make_user()
    begun = time.monotonic()
    for part, user in enumerate([None] + ([someone] if someone is not None else [])):
        for number, path in enumerate(asked):
            if time.monotonic() - begun > (part + 1) * seconds / 3:
                channel.send("unasked", signed_in=part == 1, pages=len(asked) - number)
                break
            fields = _ask(path, user, raised, tree)
            channel.send("route", **fields)
            if fields["status"] >= 500 and not fields.get("offline"):
                bad.setdefault(path, fields.get("error", "status %d" % fields["status"]))
    if not bad:
        return None
    told = ["%s (%s)" % (path, text.split("\n")[0][:120]) for path, text in bad.items()]
    return "%d of %d pages answer with a server error: %s" % (
        len(bad), len(asked), ", ".join(told[:5]))
