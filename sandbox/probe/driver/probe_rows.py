"""Accounts, sessions and rows made past the application's own pages, and what it mailed.

Wanted where its own pages do not lead there. Works with Django 2.0 and later, Python 3.6 and later.
"""

import datetime
import uuid

_SECRET = ("pass", "pwd", "secret", "senha", "contras", "parol", "mdp", "cipher", "encrypt")


def count_queries():
    """Starts counting on this thread's connection; the answer tells how many there were."""
    from django.db import connection

    try:
        connection.force_debug_cursor = True
        connection.queries_log.clear()
    except Exception:
        return lambda: -1
    return lambda: len(connection.queries_log)


def _blank(field):
    """A value that a required column takes."""
    kind = field.get_internal_type()
    if "Integer" in kind or kind in ("FloatField", "DecimalField"):
        return 1
    if kind == "BooleanField":
        return False
    if kind == "DateField":
        return datetime.date(2025, 1, 1)
    if kind == "DateTimeField":
        return datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
    if kind == "UUIDField":
        return uuid.uuid4()
    return None


def _optional(field):
    return (field.primary_key and "Auto" in field.get_internal_type() or field.has_default()
            or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def make_user(asked):
    """An account of the user model."""
    from django.contrib.auth import get_user_model

    model = get_user_model()
    user = model()
    for field in model._meta.fields:
        if field.name in ("password", "email", model.USERNAME_FIELD) or _optional(field):
            continue
        if field.null or field.blank or field.related_model:
            continue
        value = _blank(field)
        setattr(user, field.name, asked["username"][:field.max_length] if value is None else value)
    if hasattr(user, "email"):
        user.email = asked["email"]
    by_mail = "mail" in model.USERNAME_FIELD.lower()
    setattr(user, model.USERNAME_FIELD, asked["email"] if by_mail else asked["username"])
    user.set_password(asked["password"])
    user.is_active = True
    user.save()
    return {"id": user.pk, "name": str(user.get_username())}


def activate(asked):
    """Lets an account in that waits for a letter or an administrator."""
    from django.contrib.auth import get_user_model

    return {"changed": get_user_model()._base_manager.filter(pk=asked["id"]).update(is_active=True)}


def make_session(asked):
    """A session as signing in makes it; {"name": cookie, "value": key}."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    user = get_user_model()._base_manager.get(pk=asked["id"])
    client = Client()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    return {"cookies": [[name, morsel.value] for name, morsel in client.cookies.items()]}


def mail(_asked):
    """What was mailed, the newest first."""
    from django.core import mail as box

    return {"mail": [{"to": list(one.to), "subject": str(one.subject), "body": str(one.body)[:4000]}
                     for one in list(reversed(getattr(box, "outbox", [])))[:10]]}


def _named(field, words):
    return any(word in field.name.lower() for word in words)


def _make(model, asked, owner, depth):
    from django.contrib.auth import get_user_model

    values = {}
    for field in model._meta.fields:
        if _optional(field):
            continue
        if field.related_model is not None:
            if isinstance(owner, field.related_model):
                values[field.name] = owner
            elif field.related_model is not get_user_model() and not field.null and depth < 3:
                values[field.name] = _make(field.related_model, asked, owner, depth + 1)
            continue
        kind = field.get_internal_type()
        value = _blank(field)
        if value is None and kind == "BinaryField":
            value = asked["secret"].encode("utf-8")
        elif value is None and kind in ("FileField", "ImageField", "FilePathField"):
            continue
        elif value is None and kind == "EmailField":
            value = "someone@example.com"
        elif value is None and kind == "URLField":
            value = "https://example.com/"
        elif value is None and _named(field, _SECRET):
            value = asked["secret"]
        elif value is None and _named(field, ("owner", "author", "user_name", "created_by")):
            value = owner.get_username()
        elif value is None:
            value = asked["title"][:field.max_length]
        values[field.name] = value
    row = model(**values)
    row.save()
    return row


def _model(table):
    from django.apps import apps

    for model in apps.get_models():
        if model._meta.db_table == table:
            return model
    raise LookupError(table)


def make_entry(asked):
    """A row of {"table"} that belongs to {"owner"}, with {"title"} and {"secret"}."""
    from django.contrib.auth import get_user_model

    owner = get_user_model()._base_manager.get(pk=asked["owner"])
    return {"id": _make(_model(asked["table"]), asked, owner, 0).pk}


def seed(asked):
    """One row in each table that {"table"} points to and that is empty (categories, folders)."""
    from django.contrib.auth import get_user_model

    made = []
    owner = get_user_model()._base_manager.get(pk=asked["owner"])
    for field in _model(asked["table"])._meta.fields:
        model = field.related_model
        if model is None or isinstance(owner, model) or model._base_manager.exists():
            continue
        _make(model, {"title": "General", "secret": "General"}, owner, 1)
        made.append(model._meta.label)
    return {"made": made}
