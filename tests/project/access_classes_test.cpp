#include <doctest/doctest.h>

#include "tests/project/access_memory.hpp"

namespace grader::project {
namespace {

using Rows = std::vector<std::string>;

Rows of_class(const std::string& views, const std::string& path = "<int:pk>/") {
  return access_rows(
      {"from django.views import View\n"
       "from django.views.generic import *\n"
       "from rest_framework import generics, permissions, serializers, viewsets\n"
       "from rest_framework.response import Response\n"
       "from rest_framework.views import APIView\n" +
           views,
       "path('" + path + "', views.One.as_view()),",
       "",
       "",
       {}});
}

const std::string serializer =
    "class EntrySerializer(serializers.ModelSerializer):\n    class Meta:\n"
    "        model = Entry\n        fields = ['id', 'title', 'password']\n";

}  // namespace

TEST_CASE("generic views of Django") {
  CHECK(of_class("class One(LoginRequiredMixin, ListView):\n    model = Entry\n") ==
        Rows{"list in all"});
  CHECK(of_class("class One(LoginRequiredMixin, ListView):\n    model = Entry\n"
                 "    def get_queryset(self):\n"
                 "        return super().get_queryset().filter(user=self.request.user)\n") ==
        Rows{"list in own"});
  CHECK(of_class("class One(LoginRequiredMixin, DetailView):\n    model = Entry\n") ==
        Rows{"detail in all"});
  CHECK(of_class("class One(LoginRequiredMixin, UpdateView):\n    model = Entry\n"
                 "    fields = ['title']\n    def get_object(self):\n"
                 "        e = super().get_object()\n        if e.user != self.request.user:\n"
                 "            raise Http404\n        return e\n") == Rows{"update in own"});
  CHECK(of_class("class One(LoginRequiredMixin, CreateView):\n    model = Entry\n"
                 "    fields = ['title']\n    def form_valid(self, form):\n"
                 "        form.instance.user = self.request.user\n"
                 "        return super().form_valid(form)\n") == Rows{"create in own"});
  CHECK(of_class("class One(LoginRequiredMixin, CreateView):\n    model = Entry\n"
                 "    fields = '__all__'\n") == Rows{"create in all"});
  CHECK(of_class("class Own:\n    def get_queryset(self):\n"
                 "        return Entry.objects.filter(user=self.request.user)\n"
                 "class One(LoginRequiredMixin, Own, DeleteView):\n    model = Entry\n") ==
        Rows{"delete in own"});
  CHECK(of_class("class Own:\n    def get_queryset(self):\n"
                 "        return Entry.objects.filter(user=self.request.user)\n"
                 "class One(LoginRequiredMixin, DeleteView, Own):\n    model = Entry\n") ==
        Rows{"delete in all"});
}

TEST_CASE("a mixin that stands after the view never runs") {
  CHECK(of_class("class One(ListView, LoginRequiredMixin):\n    model = Entry\n"
                 "    def get_queryset(self):\n"
                 "        return Entry.objects.filter(user=self.request.user)\n") ==
        Rows{"list open own"});
}

TEST_CASE("a form class and a serializer class kept as attributes") {
  CHECK(of_class("from django import forms\nclass EntryForm(forms.ModelForm):\n    class Meta:\n"
                 "        model = Entry\n        fields = ['title']\n"
                 "class One(LoginRequiredMixin, View):\n    form_class = EntryForm\n"
                 "    def post(self, request, pk):\n"
                 "        e = get_object_or_404(Entry, pk=pk)\n"
                 "        form = self.form_class(request.POST, instance=e)\n"
                 "        if form.is_valid():\n            form.save()\n"
                 "        return redirect('x')\n") == Rows{"update in all"});
  CHECK(of_class(serializer +
                 "class One(APIView):\n    serializer_class = EntrySerializer\n"
                 "    permission_classes = [permissions.IsAuthenticated]\n"
                 "    def post(self, request):\n"
                 "        data = self.serializer_class(data=request.data)\n"
                 "        data.is_valid(raise_exception=True)\n"
                 "        data.save(user=request.user)\n        return Response(data.data)\n") ==
        Rows{"create in own"});
}

TEST_CASE("a form bound to request.POST or None changes nothing on GET") {
  const std::string head =
      "from django import forms\nclass EntryForm(forms.ModelForm):\n"
      "    class Meta:\n        model = Entry\n        fields = ['title']\n";
  CHECK(access_rows({head + "@login_required\ndef one(request, pk):\n"
                            "    e = get_object_or_404(Entry, pk=pk, user=request.user)\n"
                            "    form = EntryForm(request.POST or None, instance=e)\n"
                            "    if form.is_valid():\n        form.save()\n"
                            "        return redirect('x')\n"
                            "    return render(request, 'e.html', {'form': form})\n",
                     "path('<int:pk>/', views.one),",
                     "",
                     "",
                     {}}) == Rows{"update in own"});
  CHECK(access_rows({head + "@login_required\ndef one(request, pk):\n"
                            "    e = get_object_or_404(Entry, pk=pk, user=request.user)\n"
                            "    e.title = request.GET['title']\n    e.save()\n"
                            "    return redirect('x')\n",
                     "path('<int:pk>/', views.one),",
                     "",
                     "",
                     {}}) == Rows{"update in own unsafe"});
  // A page that notes its own use does not change the entry.
  CHECK(access_rows({"@login_required\ndef one(request, pk):\n"
                     "    e = get_object_or_404(Entry, pk=pk, user=request.user)\n"
                     "    e.last_viewed = 1\n    e.save()\n"
                     "    return render(request, 'e.html', {'e': e})\n",
                     "path('<int:pk>/', views.one),",
                     "",
                     "",
                     {}}) == Rows{"detail in own"});
}

TEST_CASE("views of the REST framework") {
  const std::string signed_in = "    permission_classes = [permissions.IsAuthenticated]\n";
  CHECK(of_class(serializer +
                 "class One(generics.RetrieveUpdateDestroyAPIView):\n"
                 "    queryset = Entry.objects.all()\n    serializer_class = EntrySerializer\n" +
                 signed_in) == Rows{"delete in all", "detail in all", "update in all"});
  CHECK(of_class(serializer +
                 "class IsOwner(permissions.BasePermission):\n"
                 "    def has_object_permission(self, request, view, obj):\n"
                 "        return obj.user == request.user\n"
                 "class One(generics.RetrieveUpdateDestroyAPIView):\n"
                 "    queryset = Entry.objects.all()\n    serializer_class = EntrySerializer\n"
                 "    permission_classes = [permissions.IsAuthenticated, IsOwner]\n") ==
        Rows{"delete in own", "detail in own", "update in own"});
  // The object permission is declared, but a look-up by hand passes it by.
  CHECK(of_class(serializer +
                 "class IsOwner(permissions.BasePermission):\n"
                 "    def has_object_permission(self, request, view, obj):\n"
                 "        return obj.user == request.user\n"
                 "class One(APIView):\n"
                 "    permission_classes = [permissions.IsAuthenticated, IsOwner]\n"
                 "    def get(self, request, pk):\n"
                 "        return Response(EntrySerializer(Entry.objects.get(pk=pk)).data)\n") ==
        Rows{"detail in all"});
  CHECK(of_class(serializer +
                 "class One(generics.UpdateAPIView):\n    queryset = Entry.objects.all()\n"
                 "    serializer_class = EntrySerializer\n" +
                 signed_in) == Rows{"update in all"});
  // Without a part of the URL to look by there is no row to update.
  CHECK(of_class(serializer +
                     "class One(generics.ListCreateAPIView, generics.UpdateAPIView):\n"
                     "    serializer_class = EntrySerializer\n" +
                     signed_in +
                     "    def get_queryset(self):\n"
                     "        return Entry.objects.filter(user=self.request.user)\n"
                     "    def perform_create(self, serializer):\n"
                     "        serializer.save(user=self.request.user)\n",
                 "all/") == Rows{"create in own", "list in own"});
  CHECK(of_class(serializer +
                 "class VaultSerializer(serializers.ModelSerializer):\n"
                 "    entries = EntrySerializer(many=True)\n    class Meta:\n"
                 "        model = Vault\n        fields = '__all__'\n"
                 "class One(generics.RetrieveAPIView):\n    queryset = Vault.objects.all()\n"
                 "    serializer_class = VaultSerializer\n" +
                 signed_in) == Rows{"detail in all"});
}

TEST_CASE("methods of the submission's own managers and models") {
  const std::string models = R"(
from django.contrib.auth.models import User
from django.db import models


class EntryQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def matching(self, word):
        return self.filter(title__icontains=word)


class Entry(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    title = models.CharField(max_length=80)
    website = models.URLField()
    username = models.CharField(max_length=80)
    password = models.TextField()
    objects = EntryQuerySet.as_manager()

    def belongs_to(self, user):
        return self.user == user

    def put_away(self):
        self.title = 'x'
        self.save()


class Share(models.Model):
    pass


class Vault(models.Model):
    pass
)";
  const auto rows = [&](const std::string& body) {
    return access_rows({"@login_required\ndef one(request, pk):\n" + body,
                        "path('<int:pk>/', views.one),",
                        "",
                        models,
                        {}});
  };
  CHECK(rows("    found = Entry.objects.of(request.user)\n"
             "    return render(request, 'e.html', {'e': found})\n") == Rows{"list in own"});
  CHECK(rows("    found = Entry.objects.of(request.user).matching(request.GET['q'])\n"
             "    return render(request, 'e.html', {'e': found})\n") == Rows{"search in own"});
  CHECK(rows("    found = Entry.objects.matching(request.GET['q'])\n"
             "    return render(request, 'e.html', {'e': found})\n") == Rows{"search in all"});
  CHECK(rows("    e = Entry.objects.get(pk=pk)\n    if not e.belongs_to(request.user):\n"
             "        raise Http404\n    return render(request, 'e.html', {'e': e})\n") ==
        Rows{"detail in own"});
  CHECK(rows("    if request.method == 'POST':\n        Entry.objects.get(pk=pk).put_away()\n"
             "    return redirect('x')\n") == Rows{"update in all"});
}

TEST_CASE("services between views and models") {
  const std::string service =
      "class EntryService:\n    def __init__(self, user):\n"
      "        self.user = user\n    def mine(self):\n"
      "        return Entry.objects.filter(user=self.user)\n"
      "    def every(self):\n        return Entry.objects.all()\n"
      "    @classmethod\n    def of(cls, user):\n"
      "        return Entry.objects.filter(user=user)\n";
  const auto rows = [&](const std::string& found) {
    return access_rows({service + "@login_required\ndef one(request):\n    found = " + found +
                            "\n    return render(request, 'e.html', {'e': found})\n",
                        "path('', views.one),",
                        "",
                        "",
                        {}});
  };
  CHECK(rows("EntryService(request.user).mine()") == Rows{"list in own"});
  CHECK(rows("EntryService(request.user).every()") == Rows{"list in all"});
  CHECK(rows("EntryService.of(request.user)") == Rows{"list in own"});
}

TEST_CASE("a view that chooses its code by name is a gap, not an absence") {
  const AccessFiles given{
      "from importlib import import_module\n@login_required\n"
      "def one(request):\n"
      "    run = getattr(import_module('vault.' + request.GET['x']), 'run')\n"
      "    return JsonResponse(run(request))\n",
      "path('', views.one),",
      "",
      "",
      {}};
  CHECK(access_rows(given) == Rows{});
  CHECK(!access_project(given).views.gaps.empty());
}

TEST_CASE("accounts and sessions made by hand") {
  const std::string models = R"(
from django.db import models


class Account(models.Model):
    email = models.EmailField()
    mainpass = models.CharField(max_length=80)


class Entry(models.Model):
    holder = models.ForeignKey(Account, on_delete=models.CASCADE)
    title = models.CharField(max_length=80)
    website = models.URLField()
    password = models.TextField()


class Share(models.Model):
    pass


class Vault(models.Model):
    pass
)";
  CHECK(access_rows({"from vault.models import Account\ndef one(request):\n"
                     "    if 'email' not in request.session:\n        return redirect('login')\n"
                     "    me = Account.objects.get(email=request.session['email'])\n"
                     "    found = Entry.objects.filter(holder=me)\n"
                     "    return render(request, 'e.html', {'e': found})\n"
                     "def two(request):\n    me = Account.objects.get(email=request.GET['email'])\n"
                     "    found = Entry.objects.filter(holder=me)\n"
                     "    return render(request, 'e.html', {'e': found})\n",
                     "path('1/', views.one), path('2/', views.two),",
                     "",
                     models,
                     {}}) == Rows{"list in own", "list open all"});
}

TEST_CASE("a relation that is named twice leads to the same row") {
  CHECK(access_rows({"@login_required\ndef one(request, pk):\n"
                     "    share = Share.objects.get(pk=pk, person=request.user)\n"
                     "    if request.method == 'POST':\n"
                     "        share.entry.title = request.POST['title']\n"
                     "        share.entry.save()\n    return redirect('x')\n",
                     "path('<int:pk>/', views.one),",
                     "",
                     "",
                     {}}) == Rows{"update in own"});
}

TEST_CASE("an owner kept as text is found by its use") {
  const std::string models = R"(
from django.db import models


class Entry(models.Model):
    title = models.CharField(max_length=80)
    website = models.URLField()
    password = models.TextField()
    made_by = models.CharField(max_length=80)


class Share(models.Model):
    pass


class Vault(models.Model):
    pass
)";
  CHECK(
      access_rows({"@login_required\ndef one(request):\n    me = request.user\n"
                   "    Entry.objects.create(made_by=str(me), title='x')\n"
                   "    return redirect('x')\n"
                   "@login_required\ndef two(request):\n"
                   "    found = Entry.objects.filter(made_by=request.user.username)\n"
                   "    return render(request, 'e.html', {'e': found})\n"
                   "@login_required\ndef three(request, pk):\n"
                   "    e = Entry.objects.get(pk=pk)\n    if str(e.made_by) == str(request.user):\n"
                   "        return render(request, 'e.html', {'e': e})\n"
                   "    raise Http404\n",
                   "path('1/', views.one), path('2/', views.two), path('3/', views.three),",
                   "",
                   models,
                   {}}) == Rows{"create in own unsafe", "detail in own", "list in own"});
}

}  // namespace grader::project
