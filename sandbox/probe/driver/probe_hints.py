"""Where to look: routes with their parameters, fields of forms and serializers, models.

The code that is asked here is the candidate's, so that every answer is a hint and none evidence.
"""

import inspect
import os
import re
import sys

TREE = ""
_ROUTES = 400
_CHOICES = 20
_OTHERS = ("django.", "rest_framework", "allauth", "knox", "oauth2", "axes", "django_otp",
           "two_factor", "simple_history", "guardian", "silk", "corsheaders", "captcha", "defender",
           "social_django", "drf_yasg", "drf_spectacular", "debug_toolbar")
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>"
                        r"|\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)"
                        r"|\(((?:[^()?]|\([^()]*\))[^()]*)\)")


def _plain(pattern):
    """The text of a pattern without anchors and escapes."""
    pattern = re.sub(r"\\Z|\\A|(?<!\[)\^|\$", "", pattern)
    for text in (".", "-", "/", "_", " "):
        pattern = pattern.replace("\\" + text, text)
    return re.sub(r"/\?$", "/", pattern)


def _tokens(pattern):
    """Literal texts and [name, converter] pairs in turn."""
    found, at = [], 0
    for match in _PARAMETER.finditer(pattern):
        found.append(pattern[at:match.start()])
        at = match.end()
        if match.group(2):
            found.append([match.group(2), match.group(1) or "str"])
        elif match.group(3):
            found.append([match.group(3), "int" if _digits(match.group(4)) else match.group(4)])
        else:
            found.append(["arg", "int" if _digits(match.group(5)) else match.group(5)])
    found.append(pattern[at:])
    return found


def _digits(pattern):
    return re.match(r"^(\\d|\[0-9\])[+*]?(\{[\d,]+\})?$", pattern) is not None


def _unwrapped(callback):
    """The view's own function or class, below decorators and as_view()."""
    for _ in range(10):
        for name in ("view_class", "cls"):
            view = getattr(callback, name, None)
            if inspect.isclass(view):
                return _api_function(view) or view
        wrapped = getattr(callback, "__wrapped__", None)
        if wrapped is None:
            return callback
        callback = wrapped
    return callback


def _api_function(view):
    """@api_view hides the function in a closure of the class's handlers."""
    if view.__name__ != "WrappedAPIView" and hasattr(sys.modules.get(view.__module__),
                                                     view.__name__):
        if getattr(sys.modules[view.__module__], view.__name__) is view:
            return None
    for name in ("get", "post", "put", "patch", "delete"):
        for cell in getattr(getattr(view, name, None), "__closure__", None) or ():
            try:
                if inspect.isfunction(cell.cell_contents):
                    return cell.cell_contents
            except ValueError:
                continue
    return None


def _source(view):
    """(text, path below the tree, line, last line); the path is empty for others' code."""
    try:
        lines, first = inspect.getsourcelines(view)
        path = os.path.relpath(os.path.realpath(inspect.getsourcefile(view)),
                               os.path.realpath(TREE))
    except Exception:
        return "", "", 0, 0
    if path.startswith(".."):
        return "", "", 0, 0
    definition = next((number for number, line in enumerate(lines)
                       if re.match(r"\s*(async\s+def|def|class)\b", line)), 0)
    return "".join(lines), path, first + definition, first + len(lines)


def _unique(names):
    return list(dict.fromkeys(names))


def _parameters(text, view):
    """Names that the source reads: of a form, of JSON, of the query."""
    form = re.findall(r"(?:POST|FILES)(?:\.get|\.getlist|\.pop)?[\(\[]\s*['\"]([\w-]+)['\"]", text)
    query = re.findall(r"(?:GET|query_params)(?:\.get|\.getlist)?[\(\[]\s*['\"]([\w-]+)['\"]", text)
    body = []
    speaks = (re.search(r"request\.data\b|json\.loads|JSONParser", text) is not None
              or hasattr(view, "initialize_request"))
    if speaks:
        body = re.findall(r"request\.data(?:\.get)?[\(\[]\s*['\"]([\w-]+)['\"]", text)
        for name in set(re.findall(r"(\w+)\s*=\s*(?:json\.loads|request\.data|JSONParser)", text)):
            body += re.findall(r"\b%s(?:\.get|\.pop)?[\(\[]\s*['\"]([\w-]+)['\"]" % name, text)
    return _unique(form), _unique(body), _unique(query), speaks


def _form_classes(text, view):
    module = sys.modules.get(getattr(view, "__module__", ""))
    names = set(re.findall(r"\b(\w*[fF]orm\w*|\w*Serializer\w*)\s*\(", text))
    found = [getattr(module, name, None) for name in sorted(names)]
    found += [getattr(view, name, None) for name in ("form_class", "serializer_class")]
    return [one for one in found if inspect.isclass(one)]


def _choices(field):
    try:
        choices = field.choices
        choices = list(choices.items()) if isinstance(choices, dict) else list(choices)[:_CHOICES]
        values = []
        for choice in choices[:_CHOICES]:
            value = choice[0] if isinstance(choice, (tuple, list)) else choice
            values.append(str(getattr(value, "value", value)))
        return [value for value in values if value]
    except Exception:
        return []


def _field(name, field):
    """A field of a form, a serializer or a model as an input element would be."""
    kind, told = type(field).__name__, "text"
    widget = type(getattr(field, "widget", None)).__name__
    for part, name_of in (("Email", "email"), ("URL", "url"), ("Boolean", "checkbox"),
                          ("Integer", "number"), ("Decimal", "number"), ("Float", "number"),
                          ("DateTime", "datetime-local"), ("Date", "date"), ("File", "file"),
                          ("Image", "file")):
        if part in kind:
            told = name_of
            break
    related = any(part in kind for part in ("PrimaryKey", "ModelChoice", "ModelMultipleChoice",
                                            "Choice", "Related"))
    if widget == "PasswordInput":
        told = "password"
    if widget == "HiddenInput":
        told = "hidden"
    target = getattr(getattr(field, "queryset", None), "model", None)
    return {"name": name, "type": "select" if related else told,
            "choices": _choices(field) if related else [],
            "label": str(getattr(field, "label", "") or ""),
            "required": bool(getattr(field, "required", True)),
            "max": getattr(field, "max_length", None) or 0,
            "to": target._meta.db_table if target is not None else ""}


def _fields(text, view):
    """(fields of the forms and serializers, whether a serializer is among them)"""
    found, serializes = {}, False
    for one in _form_classes(text, view):
        try:
            if hasattr(one, "base_fields"):
                found.update((name, _field(name, field)) for name, field in one.base_fields.items())
            elif hasattr(one, "_declared_fields"):
                serializes = True
                found.update((name, _field(name, field)) for name, field in one().get_fields().items()
                             if not getattr(field, "read_only", False))
        except Exception:
            continue
    model, names = getattr(view, "model", None), getattr(view, "fields", None)
    if not found and model is not None and names and hasattr(view, "get_form_class"):
        try:
            from django.forms.models import modelform_factory
            form = modelform_factory(model, fields=names)
            found.update((name, _field(name, field)) for name, field in form.base_fields.items())
        except Exception:
            pass
    return list(found.values()), serializes


def _methods(text, view, actions):
    """HTTP methods besides GET that are worth a try."""
    if actions:
        return [name.upper() for name in actions if name != "get"]
    names = ("post", "put", "patch", "delete")
    if inspect.isclass(view):
        return [name.upper() for name in names if hasattr(view, name)]
    found = [name.upper() for name in names if re.search(r"['\"]%s['\"]" % name.upper(), text)]
    if not found and re.search(r"request\.(POST|FILES|body|data)\b|require_POST", text):
        found = ["POST"]
    return found


def _route(pattern, part, actions):
    view = _unwrapped(part.callback)
    text, path, line, last = _source(view)
    form, body, query, speaks = _parameters(text, view)
    fields, serializes = _fields(text, view)
    api = speaks or serializes or hasattr(getattr(part.callback, "cls", None), "initialize_request")
    return {"tokens": _tokens(pattern), "name": str(part.name or ""),
            "view": "%s.%s" % (getattr(view, "__module__", ""),
                               getattr(view, "__qualname__", getattr(view, "__name__", ""))),
            "path": path, "line": line, "last": last, "form": form, "json": body, "query": query,
            "fields": fields, "api": bool(api), "reads": "GET" not in _only(text),
            "methods": _methods(text, view, actions), "actions": dict(actions or {}),
            "exempt": bool(getattr(part.callback, "csrf_exempt", False))}


def _only(text):
    return ["GET"] if re.search(r"@require_POST\b", text) else []


def _walk(patterns, prefix, found, depth):
    for part in patterns:
        # Before Django 2 a part has a regular expression alone.
        pattern = prefix + str(getattr(part, "pattern", None) or part.regex.pattern)
        if hasattr(part, "url_patterns"):
            if getattr(part, "app_name", None) in ("admin", "djdt", "debug_toolbar") or depth > 12:
                continue
            try:
                _walk(part.url_patterns, pattern, found, depth + 1)
            except Exception:
                continue
            continue
        callback = part.callback
        module = getattr(_unwrapped(callback), "__module__", "") or ""
        if module.startswith(("django.contrib.admin", "django.views.static", "django.contrib.static",
                              "drf_yasg", "drf_spectacular", "debug_toolbar")):
            continue
        plain = _plain(pattern)
        if "<format>" in plain or len(found) >= _ROUTES:
            continue
        try:
            found.append(_route(plain, part, getattr(callback, "actions", None)))
        except Exception:
            continue


def _column(field):
    related = field.related_model._meta.db_table if field.related_model is not None else ""
    return {"name": field.name, "column": field.column, "type": field.get_internal_type(),
            "to": related, "max": getattr(field, "max_length", None) or 0,
            "unique": bool(field.unique), "null": bool(field.null), "key": bool(field.primary_key)}


def hints():
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.urls import get_resolver

    found = []
    _walk(get_resolver().url_patterns, "", found, 0)
    models = []
    for model in apps.get_models():
        models.append({"name": model.__name__, "table": model._meta.db_table,
                       "own": not model.__module__.startswith(_OTHERS),
                       "managed": bool(model._meta.managed),
                       "columns": [_column(field) for field in model._meta.concrete_fields]})
    user = get_user_model()
    return {"routes": found, "models": models, "user_table": user._meta.db_table,
            "user_name": user.USERNAME_FIELD, "session_cookie": settings.SESSION_COOKIE_NAME,
            "csrf_cookie": settings.CSRF_COOKIE_NAME, "login_url": str(settings.LOGIN_URL)}
