// The way of the secret: what is done to it on each write, and where the key comes from.
#include <doctest/doctest.h>

#include "grader/project/parts.hpp"
#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

const std::string model_text =
    "from django.db import models\nfrom django.contrib.auth.models import User\n"
    "class Entry(models.Model):\n"
    "    user = models.ForeignKey(User, on_delete=models.CASCADE)\n"
    "    title = models.CharField(max_length=80)\n    username = models.CharField(max_length=80)\n"
    "    password = models.CharField(max_length=500)\n";

Project project_of(const std::string& views, const std::string& more_models = {},
                   const std::string& settings = {}, const std::string& admin = {}) {
  return model(files_of({
      {"manage.py", manage_py("site.settings")},
      {"site/settings.py", "import os\nSECRET_KEY = os.environ['S']\n" + settings},
      {"vault/__init__.py", ""},
      {"vault/models.py", model_text + more_models},
      {"vault/admin.py", admin},
      {"vault/views.py",
       "from django.conf import settings\nfrom vault.models import Entry\n" + views},
  }));
}

Secrets secrets_of(const std::string& views, const std::string& more_models = {},
                   const std::string& settings = {}) {
  return project_of(views, more_models, settings).secrets;
}

/// A view that saves `expression`, after `imports`.
Secrets stored(const std::string& imports, const std::string& expression,
               const std::string& settings = {}) {
  return secrets_of(imports +
                        "\ndef add(request):\n    pw = request.POST['password']\n"
                        "    Entry.objects.create(user=request.user, password=" +
                        expression + ")\n",
                    {}, settings);
}

}  // namespace

TEST_CASE("stored as typed") {
  const auto secrets = stored("", "pw.strip()");
  CHECK(secrets.kind == Transform::none);
  CHECK(secrets.key_source == "none");
  CHECK(secrets.at.path == "vault/views.py");
  CHECK(secrets.at.line == 6);
  REQUIRE(secrets.trace.size() >= 2);
  CHECK(secrets.trace.front().at.line == 5);
}

TEST_CASE("class attributes that are made of themselves end") {
  for (const std::string attributes :
       {"class A:\n    F = A.F\n", "class B:\n    F = A.F\nclass A:\n    F = B.F\n"}) {
    CHECK(stored(attributes, "A.F(pw)").kind == Transform::unknown);
  }
}

TEST_CASE("ciphers of the libraries and how they are used") {
  const std::string key = "\nKEY = settings.FIELD_KEY\n";
  const std::string env = "FIELD_KEY = os.environ['FIELD_KEY']\n";
  const auto kind = [&](const std::string& imports, const std::string& expression) {
    return stored(imports + key, expression, env).kind;
  };
  CHECK(kind("from cryptography.fernet import Fernet as F",
             "F(KEY).encrypt(pw.encode()).decode()") == Transform::sound);
  CHECK(kind("import os\nfrom cryptography.hazmat.primitives.ciphers.aead import AESGCM",
             "AESGCM(KEY).encrypt(os.urandom(12), pw.encode(), None)") == Transform::sound);
  CHECK(kind("from cryptography.hazmat.primitives.ciphers.aead import AESGCM",
             "AESGCM(KEY).encrypt(b'000000000000', pw.encode(), None)") == Transform::weak_crypto);
  CHECK(kind("from Crypto.Cipher import AES", "AES.new(KEY).encrypt(pw)") ==
        Transform::weak_crypto);
  CHECK(kind("from Crypto.Cipher import AES", "AES.new(KEY, AES.MODE_ECB).encrypt(pw)") ==
        Transform::weak_crypto);
  CHECK(kind("from Cryptodome.Cipher import AES",
             "AES.new(KEY, AES.MODE_GCM).encrypt_and_digest(pw)[0]") == Transform::sound);
  CHECK(kind("from Crypto.Cipher import ARC4", "ARC4.new(KEY).encrypt(pw)") ==
        Transform::weak_crypto);
  CHECK(kind("from nacl.secret import SecretBox", "SecretBox(KEY).encrypt(pw.encode())") ==
        Transform::sound);
  CHECK(kind("import os\nfrom cryptography.hazmat.primitives.ciphers import Cipher, algorithms, "
             "modes\n"
             "def enc(p):\n    iv = os.urandom(16)\n"
             "    e = Cipher(algorithms.AES(KEY), modes.CBC(iv)).encryptor()\n"
             "    return iv + e.update(p) + e.finalize()\n",
             "enc(pw)") == Transform::weak_crypto);
}

TEST_CASE("what is no encryption") {
  CHECK(stored("import base64", "base64.b64encode(pw.encode()).decode()").kind ==
        Transform::encoding);
  CHECK(stored("from django.core import signing", "signing.dumps(pw)").kind == Transform::encoding);
  CHECK(stored("", "''.join(chr(ord(c) + 3) for c in pw)").kind == Transform::toy_cipher);
  CHECK(stored("", "bytes([b ^ 7 for b in pw.encode()])").kind == Transform::toy_cipher);
  CHECK(stored("", "pw[::-1]").kind == Transform::toy_cipher);
  CHECK(stored("import codecs", "codecs.encode(pw, 'rot13')").kind == Transform::toy_cipher);
  CHECK(stored("TABLE = str.maketrans('ab', 'ba')", "pw.translate(TABLE)").kind ==
        Transform::toy_cipher);
  CHECK(stored("from django.contrib.auth.hashers import make_password", "make_password(pw)").kind ==
        Transform::hash);
  CHECK(stored("import hashlib", "hashlib.sha256(pw.encode()).hexdigest()").kind ==
        Transform::hash);
  CHECK(stored("from somewhere import seal", "seal(pw)").kind == Transform::unknown);
}

TEST_CASE("encoding around a cipher changes nothing, and a copy beside it undoes it") {
  const std::string fernet =
      "import base64\nfrom cryptography.fernet import Fernet\nF = Fernet(settings.K)\n";
  const std::string env = "K = os.environ['K']\n";
  CHECK(stored(fernet, "base64.b64encode(F.encrypt(pw.encode()))", env).kind == Transform::sound);
  CHECK(stored(fernet, "F.encrypt(base64.b64encode(pw.encode()))", env).kind == Transform::sound);
  CHECK(stored(fernet, "pw + str(F.encrypt(pw.encode()))", env).kind == Transform::none);
}

TEST_CASE("where the key comes from") {
  const auto source = [](const std::string& imports, const std::string& key,
                         const std::string& settings = {}) {
    return stored("import os, hashlib, base64\nfrom cryptography.fernet import Fernet\n" + imports,
                  "Fernet(" + key + ").encrypt(pw.encode())", settings)
        .key_source;
  };
  CHECK(source("", "b'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U='") == "hardcoded");
  CHECK(source("", "settings.K", "K = b'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U='\n") ==
        "settings_constant");
  CHECK(source("", "settings.K", "from decouple import config\nK = config('K').encode()\n") ==
        "env");
  CHECK(source("", "os.getenv('K')") == "env");
  CHECK(source("def key():\n    d = hashlib.sha256(settings.SECRET_KEY.encode()).digest()\n"
               "    return base64.urlsafe_b64encode(d)\n",
               "key()") == "secret_key");
  CHECK(source("KEY = Fernet.generate_key()\n", "KEY") == "random_per_process");
  CHECK(source("with open('secret.key', 'rb') as f:\n    KEY = f.read()\n", "KEY") ==
        "file_uncommitted");
  CHECK(source("KEY = open('manage.py').read()\n", "KEY") == "file_committed");
  CHECK(source("", "request.user.profile_key") == "db_beside_ciphertext");
  CHECK(source("", "request.POST['master']") == "user_password_raw");
  CHECK(source("",
               "base64.urlsafe_b64encode(hashlib.pbkdf2_hmac('sha256', "
               "request.POST['master'].encode(), b's', 100000))") == "user_password_kdf");
}

TEST_CASE("a default of the environment that works") {
  const auto secrets =
      stored("import os\nfrom cryptography.fernet import Fernet\n",
             "Fernet(os.environ.get('K', 'c2VjcmV0c2VjcmV0c2VjcmV0')).encrypt(pw.encode())");
  CHECK(secrets.key_source == "env");
  REQUIRE(secrets.weaknesses.size() == 1);
  CHECK(secrets.weaknesses[0] == "default key in the code");
}

TEST_CASE("a key of its own in the same row, and one that is wrapped") {
  const std::string fernet = "from cryptography.fernet import Fernet\n";
  const std::string key_column = "    key = models.CharField(max_length=99)\n";
  const auto beside = secrets_of(fernet +
                                     "def add(request):\n    k = Fernet.generate_key()\n"
                                     "    e = Entry(user=request.user)\n    e.key = k.decode()\n"
                                     "    e.password = Fernet(k).encrypt(b'' + request.POST['p'])\n"
                                     "    e.save()\n",
                                 key_column);
  CHECK(beside.kind == Transform::sound);
  CHECK(beside.key_source == "db_beside_ciphertext");
  const auto wrapped =
      secrets_of(fernet +
                     "def add(request):\n    k = Fernet.generate_key()\n"
                     "    e = Entry(user=request.user)\n"
                     "    e.key = Fernet(settings.MASTER).encrypt(k)\n"
                     "    e.password = Fernet(k).encrypt(request.POST['p'].encode())\n"
                     "    e.save()\n",
                 key_column, "MASTER = os.environ['MASTER']\n");
  CHECK(wrapped.key_source == "env");
}

TEST_CASE("a path that forgets") {
  const auto project = project_of(
      "from cryptography.fernet import Fernet\nF = Fernet(settings.K)\n"
      "def add(request):\n"
      "    Entry.objects.create(user=request.user, "
      "password=F.encrypt(request.POST['p'].encode()))\n"
      "def edit(request, pk):\n    e = Entry.objects.get(pk=pk, user=request.user)\n"
      "    e.password = request.POST['p']\n    e.save()\n"
      "def rename(request, pk):\n    e = Entry.objects.get(pk=pk, user=request.user)\n"
      "    e.title = request.POST['t']\n    e.save()\n",
      {}, "K = os.environ['K']\n",
      "from django.contrib import admin\nfrom vault.models import Entry\n"
      "admin.site.register(Entry)\n");
  CHECK(project.secrets.kind == Transform::sound);
  const auto missing = project.secrets.missing();
  REQUIRE(missing.size() == 2);
  CHECK(missing[0]->at.line == 10);
  CHECK(missing[0]->op == "update");
  CHECK(missing[1]->op == "admin");
  CHECK(missing[1]->at.path == "vault/admin.py");
}

TEST_CASE("the model encrypts by itself, for the admin and for every view") {
  const std::string imports =
      "from django.conf import settings\nfrom cryptography.fernet import "
      "Fernet\n";
  const std::string save =
      "    def save(self, *args, **kwargs):\n"
      "        self.password = Fernet(settings.K).encrypt(self.password)\n"
      "        super().save(*args, **kwargs)\n";
  const auto by_save = model(files_of({
      {"manage.py", manage_py("s")},
      {"s.py", "import os\nK = os.environ['K']\n"},
      {"v/models.py", imports + model_text + save},
      {"v/admin.py",
       "from django.contrib import admin\nfrom v.models import Entry\n"
       "@admin.register(Entry)\nclass A(admin.ModelAdmin):\n    pass\n"},
      {"v/views.py",
       "from v.models import Entry\ndef add(r):\n"
       "    Entry(password=r.POST['p']).save()\n"},
  }));
  CHECK(by_save.secrets.kind == Transform::sound);
  CHECK(by_save.secrets.missing().empty());
  const std::string once =
      "    def save(self, *args, **kwargs):\n"
      "        if not self.pk:\n"
      "            self.password = Fernet(settings.K).encrypt(self.password)\n"
      "        super().save(*args, **kwargs)\n";
  const auto only_new = model(files_of({
      {"manage.py", manage_py("s")},
      {"s.py", "import os\nK = os.environ['K']\n"},
      {"v/models.py", imports + model_text + once},
      {"v/views.py",
       "from v.models import Entry\ndef add(r):\n"
       "    Entry(password=r.POST['p']).save()\n"
       "def edit(r, pk):\n    e = Entry.objects.get(pk=pk)\n"
       "    e.password = r.POST['p']\n    e.save()\n"},
  }));
  CHECK(only_new.secrets.kind == Transform::sound);
  REQUIRE(only_new.secrets.missing().size() == 1);
  CHECK(only_new.secrets.missing()[0]->op == "update");
}

TEST_CASE("forms: save(), clean_x(), form_valid(), and one that does nothing") {
  const std::string common =
      "from django import forms\nfrom django.views.generic import CreateView, UpdateView\n"
      "from cryptography.fernet import Fernet\nF = Fernet(settings.K)\n"
      "class EntryForm(forms.ModelForm):\n    class Meta:\n        model = Entry\n"
      "        fields = ['title', 'password']\n";
  const std::string env = "K = os.environ['K']\n";
  const auto kind = [&](const std::string& more) {
    return secrets_of(common + more, {}, env).kind;
  };
  const std::string create = "class Add(CreateView):\n    form_class = EntryForm\n";
  CHECK(kind(create) == Transform::none);
  CHECK(kind("class Add(CreateView):\n    model = Entry\n    fields = '__all__'\n") ==
        Transform::none);
  CHECK(kind("    def clean_password(self):\n"
             "        return F.encrypt(self.cleaned_data['password'].encode())\n" +
             create) == Transform::sound);
  CHECK(kind("    def save(self, commit=True):\n        e = super().save(commit=False)\n"
             "        e.password = F.encrypt(e.password.encode())\n        if commit:\n"
             "            e.save()\n        return e\n" +
             create) == Transform::sound);
  CHECK(kind(create + "    def form_valid(self, form):\n"
                      "        form.instance.password = F.encrypt(form.cleaned_data['password'])\n"
                      "        return super().form_valid(form)\n") == Transform::sound);
  // The instance was made when the form was validated: this changes nothing.
  CHECK(kind(create + "    def form_valid(self, form):\n"
                      "        form.cleaned_data['password'] = F.encrypt(b'x')\n"
                      "        return super().form_valid(form)\n") == Transform::none);
}

TEST_CASE("serializers: create(), validate(), perform_create()") {
  const std::string common =
      "from rest_framework import serializers, viewsets\n"
      "from cryptography.fernet import Fernet\nF = Fernet(settings.K)\n"
      "class EntrySerializer(serializers.ModelSerializer):\n    class Meta:\n"
      "        model = Entry\n        fields = ['id', 'title', 'password']\n";
  const std::string view =
      "class Entries(viewsets.ModelViewSet):\n    queryset = "
      "Entry.objects.all()\n    serializer_class = EntrySerializer\n";
  const std::string env = "K = os.environ['K']\n";
  const auto secrets = [&](const std::string& more) { return secrets_of(common + more, {}, env); };
  CHECK(secrets(view).kind == Transform::none);
  const auto created = secrets(
      "    def create(self, data):\n"
      "        data['password'] = F.encrypt(data['password'])\n"
      "        return super().create(data)\n" +
      view);
  CHECK(created.kind == Transform::sound);
  CHECK(created.missing().size() == 1);
  const auto validated = secrets(
      "    def validate_password(self, value):\n"
      "        return F.encrypt(value.encode()).decode()\n" +
      view);
  CHECK(validated.kind == Transform::sound);
  CHECK(validated.missing().empty());
  const auto performed = secrets(view +
                                 "    def perform_create(self, serializer):\n"
                                 "        p = serializer.validated_data['password']\n"
                                 "        serializer.save(password=F.encrypt(p))\n"
                                 "    perform_update = perform_create\n");
  CHECK(performed.kind == Transform::sound);
  CHECK(performed.missing().empty());
}

TEST_CASE("signals, custom fields, properties, managers and fields of libraries") {
  const std::string fernet =
      "from cryptography.fernet import Fernet\n"
      "from django.conf import settings\nF = Fernet(settings.K)\n";
  const std::string env = "K = os.environ['K']\n";
  const std::string add = "def add(request):\n    Entry(password=request.POST['p']).save()\n";
  CHECK(secrets_of(fernet +
                       "from django.db.models.signals import pre_save\n"
                       "from django.dispatch import receiver\n"
                       "@receiver(pre_save, sender=Entry)\ndef seal(sender, instance, **kw):\n"
                       "    instance.password = F.encrypt(instance.password)\n" +
                       add,
                   {}, env)
            .kind == Transform::sound);
  const auto field = model(files_of({
      {"manage.py", manage_py("s")},
      {"s.py", "import os\nK = os.environ['K']\n"},
      {"v/fields.py", "from django.db import models\n" + fernet +
                          "class Sealed(models.TextField):\n"
                          "    def get_prep_value(self, value):\n"
                          "        return F.encrypt(value.encode()).decode()\n"},
      {"v/models.py", "from v.fields import Sealed\n" + model_text + "    secret = Sealed()\n"},
      {"v/views.py",
       "from v.models import Entry\ndef add(request):\n"
       "    Entry(password=request.POST['p'], secret=request.POST['p']).save()\n"},
  }));
  if (field.models.secret_field == "secret") CHECK(field.secrets.kind == Transform::sound);
  CHECK(secrets_of(add.substr(0, 19) + "    Entry.objects.seal(request.POST['p'])\n",
                   "    class Manager(models.Manager):\n        pass\n")
            .kind == Transform::unknown);
  const auto library = model(files_of({
      {"manage.py", manage_py("s")},
      {"s.py", "FERNET_KEYS = ['k']\n"},
      {"v/models.py",
       "from django.db import models\nfrom fernet_fields import EncryptedTextField\n"
       "class Entry(models.Model):\n    title = models.TextField()\n"
       "    password = EncryptedTextField()\n"},
      {"v/views.py",
       "from v.models import Entry\ndef add(request):\n"
       "    Entry.objects.create(password=request.POST['p'])\n"},
  }));
  CHECK(library.secrets.kind == Transform::sound);
  CHECK(library.secrets.key_source == "settings_constant");
  CHECK(library.secrets.missing().empty());
}

TEST_CASE("a helper is judged by what its callers hand it") {
  const auto secrets = secrets_of(
      "from cryptography.fernet import Fernet\n"
      "class Box:\n    def __init__(self, key):\n        self.fernet = Fernet(key)\n"
      "    def seal(self, text):\n        return {'ok': True, 'value': self.fernet.encrypt(text)}\n"
      "box = Box(settings.K)\n"
      "def keep(user, value):\n    Entry.objects.create(user=user, password=value)\n"
      "def add(request):\n    done = box.seal(request.POST['p'])\n    if done['ok']:\n"
      "        keep(request.user, done['value'])\n",
      {}, "K = os.environ['K']\n");
  CHECK(secrets.kind == Transform::sound);
  CHECK(secrets.key_source == "env");
  CHECK(secrets.writes.size() == 1);
}

TEST_CASE("raw SQL that inserts") {
  const auto secrets = secrets_of(
      "from django.db import connection\nimport hashlib\ndef add(request):\n"
      "    with connection.cursor() as cursor:\n"
      "        cursor.execute('INSERT INTO vault_entry (title, password) VALUES (%s, %s)',\n"
      "                       (request.POST['t'], hashlib.md5(request.POST['p']).hexdigest()))\n");
  CHECK(secrets.kind == Transform::hash);
}

TEST_CASE("the browser encrypts") {
  const auto secrets =
      model(files_of({
                {"manage.py", manage_py("s")},
                {"s.py", ""},
                {"v/models.py", model_text},
                {"v/views.py",
                 "from v.models import Entry\ndef add(request):\n"
                 "    Entry.objects.create(password=request.POST['password'])\n"},
                {"static/js/vault.js",
                 "// CryptoJS.AES.encrypt(password)\n"
                 "function seal(text, key) {\n"
                 "  return CryptoJS.AES.encrypt(text, key).toString();\n}\n"
                 "form.onsubmit = () => { field.value = seal(password.value, master) };\n"},
            }))
          .secrets;
  CHECK(secrets.kind == Transform::client_side);
  CHECK(secrets.key_source == "user_password_raw");
  CHECK(secrets.at.line == 3);
}

namespace {

/// What is seen of one file of views, without the other readers.
std::size_t writes_of(const std::string& views) {
  Project project =
      read_program(files_of({{"vault/models.py", model_text},
                             {"vault/views.py", "from .models import Entry\n" + views}}));
  project.models = read_models(project.program, {});
  return flow::follow(project).writes.size();
}

}  // namespace

TEST_CASE("hostile code ends") {
  std::string deep = "def f0(x):\n    return x\n";
  for (int i = 1; i < 300; ++i) {
    const std::string n = std::to_string(i);
    const std::string f = "f" + std::to_string(i - 1);
    for (const std::string_view part : std::initializer_list<std::string_view>{
             "def f", n, "(x):\n    if x:\n        return ", f, "(x) + ", f, "(x)\n    return ", f,
             "(", f, "(x))\n"}) {
      deep += part;
    }
  }
  CHECK(writes_of(deep + "def add(r):\n    Entry(password=f299(r.POST['p'])).save()\n") <= 2);
  std::string chain = "def add(request):\n    x = request.POST['p']\n";
  for (int i = 0; i < 5'000; ++i) chain += "    x = x + x\n    if x:\n        x = x.a[x](x)\n";
  CHECK(writes_of(chain + "    Entry(password=x).save()\n") <= 1);
  std::string branches = "def add(request):\n";
  for (int i = 0; i < 3'000; ++i) branches += "    if request: v" + std::to_string(i) + " = []\n";
  CHECK(writes_of(branches + "    Entry(password=request.POST['p']).save()\n") == 0);
}
