SECRET_KEY = "control"
DEBUG = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "notes"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "control.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "control.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
