#include <doctest/doctest.h>

#include "tests/project/access_memory.hpp"

namespace grader::project {
namespace {

using Rows = std::vector<std::string>;

/// One function view, signed in, at entries/<int:pk>/.
Rows of(const std::string& body, const std::string& decorator = "@login_required\n") {
  return access_rows({decorator + "def one(request, pk=None):\n" + body,
                      "path('entries/<int:pk>/', views.one),",
                      "",
                      "",
                      {}});
}

}  // namespace

TEST_CASE("scoping by the requester") {
  const std::vector<std::string> scoped{
      "    return render(request, 'e.html', {'e': Entry.objects.filter(user=request.user)})\n",
      "    me = request.user\n    found = Entry.objects.filter(user_id=me.id)\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    found = request.user.entry_set.all()\n    return render(request, 'e.html', {'e': "
      "found})\n",
      "    found = Entry.objects.filter(Q(title='x') & Q(user=request.user))\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    mine = Q(user=request.user)\n    mine = mine & Q(title='x')\n"
      "    return render(request, 'e.html', {'e': Entry.objects.filter(mine)})\n",
      "    found = Entry.objects.filter(vault__owner=request.user)\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    found = Entry.objects.filter(user=request.user) | Entry.objects.filter(\n"
      "        share__person=request.user, user=request.user)\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    groups = {}\n    for e in Entry.objects.filter(user=request.user):\n"
      "        groups[e.website].append({'password': e.password})\n"
      "    return render(request, 'e.html', {'groups': groups})\n",
      "    if not request.user.is_authenticated:\n        found = Entry.objects.none()\n"
      "    else:\n        found = Entry.objects.filter(user=request.user)\n"
      "    return render(request, 'e.html', {'e': found})\n"};
  for (const auto& body : scoped) {
    CAPTURE(body);
    CHECK(of(body) == Rows{"list in own"});
  }
}

TEST_CASE("what does not tie a list to the requester") {
  const std::vector<std::string> open{
      "    return render(request, 'e.html', {'e': Entry.objects.all()})\n",
      "    found = Entry.objects.filter(Q(user=request.user) | Q(title='x'))\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    found = Entry.objects.exclude(user=request.user)\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    found = Entry.objects.filter(user_id=request.GET.get('user'))\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    found = Entry.objects.filter(**request.GET.dict())\n"
      "    return render(request, 'e.html', {'e': found})\n",
      "    groups = {}\n    for e in Entry.objects.all():\n"
      "        groups.setdefault(e.website, []).append(e.password)\n"
      "    return render(request, 'e.html', {'groups': groups})\n"};
  for (const auto& body : open) {
    CAPTURE(body);
    CHECK(of(body) == Rows{"list in all"});
  }
}

TEST_CASE("one row: filtered, compared, fetched again") {
  const std::vector<std::string> own{
      "    e = get_object_or_404(Entry, pk=pk, user=request.user)\n",
      "    e = Entry.objects.get(pk=pk)\n    if e.user != request.user:\n        raise Http404\n",
      "    e = Entry.objects.get(pk=pk)\n    if e.user_id != request.user.id:\n"
      "        return redirect('home')\n",
      "    e = Entry.objects.get(pk=pk)\n    if not e.user == request.user:\n"
      "        raise PermissionDenied\n",
      "    e = Entry.objects.get(pk=pk)\n    if str(e.user) != str(request.user):\n"
      "        raise PermissionDenied\n",
      "    e = Entry.objects.get(pk=pk)\n    if e.user.username != request.user.username:\n"
      "        raise PermissionDenied\n",
      "    e = Entry.objects.get(pk=pk)\n    assert e.user == request.user\n",
      "    e = Entry.objects.get(pk=pk)\n    if request.user.is_superuser or e.user == "
      "request.user:\n"
      "        pass\n    else:\n        raise PermissionDenied\n",
      "    e = Entry.objects.filter(id=pk, user=request.user).first()\n",
      "    mine = Entry.objects.filter(user=request.user).first()\n"
      "    e = Entry.objects.get(id=mine.id)\n",
      "    v = get_object_or_404(Vault, owner=request.user)\n    e = Entry.objects.get(vault=v)\n",
      "    share = Share.objects.get(entry_id=pk, person=request.user)\n    e = share.entry\n",
      "    e = Entry.objects.get(pk=pk)\n    Share.objects.get(entry=e, person=request.user)\n",
      "    e = Entry.objects.get(pk=pk)\n"
      "    if not Share.objects.filter(entry=e, person=request.user).exists():\n"
      "        raise PermissionDenied\n"};
  for (const auto& body : own) {
    CAPTURE(body);
    CHECK(of(body + "    return render(request, 'e.html', {'e': e})\n") == Rows{"detail in own"});
  }
  const std::vector<std::string> all{
      "    e = get_object_or_404(Entry, pk=pk)\n",
      "    e = Entry.objects.filter(id=request.GET['id']).first()\n",
      "    e = Entry.objects.get(pk=pk)\n    if e.user != request.user:\n        "
      "print('stranger')\n",
      "    e = Entry.objects.get(pk=pk)\n    if e.title != request.user.username:\n"
      "        print('x')\n",
      "    other = Entry.objects.filter(user=request.user).first()\n"
      "    e = Entry.objects.get(pk=pk)\n",
      "    e = Entry.objects.get(pk=pk)\n    Share.objects.filter(entry=e, person=request.user)\n"};
  for (const auto& body : all) {
    CAPTURE(body);
    const Rows rows = of(body + "    return render(request, 'e.html', {'e': e})\n");
    CHECK(rows == Rows{"detail in all"});
  }
}

TEST_CASE("a helper that returns the row on one way and a message on the other") {
  CHECK(access_rows({"def fetch(request, pk):\n    try:\n        e = Entry.objects.get(pk=pk)\n"
                     "        if e.user != request.user:\n            raise PermissionDenied\n"
                     "        return e\n    except Exception:\n        return 'nothing'\n"
                     "@login_required\ndef one(request, pk):\n    e = fetch(request, pk)\n"
                     "    return render(request, 'e.html', {'e': e})\n",
                     "path('<int:pk>/', views.one),",
                     "",
                     "",
                     {}}) == Rows{"detail in own"});
}

TEST_CASE("guards by method and by hand") {
  CHECK(
      of("    e = Entry.objects.get(pk=pk)\n    if request.method == 'POST':\n"
         "        e.title = request.POST['title']\n        e.save()\n        return redirect('x')\n"
         "    if e.user != request.user:\n        raise Http404\n"
         "    return render(request, 'e.html', {'e': e})\n") ==
      Rows{"detail in own", "update in all"});
  CHECK(of("    if not request.user.is_authenticated:\n        return redirect('login')\n"
           "    Entry.objects.get(pk=pk, user=request.user).delete()\n    return redirect('x')\n",
           "") == Rows{"delete in own unsafe"});
  CHECK(of("    if request.method == 'POST':\n        Entry.objects.filter(pk=pk).delete()\n"
           "    return redirect('x')\n",
           "") == Rows{"delete open all"});
  CHECK(of("    if 'user_id' not in request.session:\n        return redirect('login')\n"
           "    found = Entry.objects.filter(user_id=request.session['user_id'])\n"
           "    return render(request, 'e.html', {'e': found})\n",
           "") == Rows{"list in own"});
  // The page is open, the entries on it are not.
  CHECK(of("    context = {}\n    if request.user.is_authenticated:\n"
           "        context.update({'e': Entry.objects.filter(user=request.user)})\n"
           "    return render(request, 'e.html', context)\n",
           "") == Rows{"list in own"});
  CHECK(of("    if request.user.is_authenticated:\n        print('hello')\n"
           "    return render(request, 'e.html', {'e': Entry.objects.all()})\n",
           "") == Rows{"list open all"});
}

TEST_CASE("a related manager sets the owner of what it creates") {
  const std::string head = "    if request.method == 'POST':\n        ";
  CHECK(of(head + "request.user.entry_set.create(title='x')\n    return redirect('x')\n") ==
        Rows{"create in own"});
  CHECK(of(head + "v = get_object_or_404(Vault, pk=pk, owner=request.user)\n"
                  "        v.entry_set.create(title='x')\n    return redirect('x')\n") ==
        Rows{"create in own"});
  CHECK(of(head + "v = get_object_or_404(Vault, pk=pk)\n"
                  "        v.entry_set.create(title='x')\n    return redirect('x')\n") ==
        Rows{"create in all"});
}

TEST_CASE("staff see all rows, everybody else their own") {
  CHECK(of("    if request.user.is_superuser:\n        found = Entry.objects.all()\n    else:\n"
           "        found = Entry.objects.filter(user=request.user)\n"
           "    return render(request, 'e.html', {'e': found})\n") == Rows{"list in own"});
  CHECK(of("    if request.user.is_superuser:\n        print('hello')\n"
           "    return render(request, 'e.html', {'e': Entry.objects.all()})\n") ==
        Rows{"list in all"});
}

TEST_CASE("what is done to a row") {
  CHECK(of("    e = Entry.objects.get(pk=pk, user=request.user)\n    if request.method == 'POST':\n"
           "        e.is_deleted = True\n        e.save()\n    return redirect('x')\n") ==
        Rows{"delete in own"});
  CHECK(of("    if request.method == 'POST':\n"
           "        Entry.objects.filter(pk=pk, user=request.user).update(is_deleted=True)\n"
           "    return redirect('x')\n") == Rows{"delete in own"});
  CHECK(of("    if request.method == 'POST':\n"
           "        Entry.objects.filter(pk=pk, user=request.user).update(is_deleted=False)\n"
           "    return redirect('x')\n") == Rows{"update in own"});
  CHECK(of("    e = Entry.objects.get(pk=pk, user=request.user)\n    if request.method == 'POST':\n"
           "        return JsonResponse({'password': decrypt(e.password)})\n"
           "    return redirect('x')\n") == Rows{"reveal in own"});
  CHECK(of("    found = Entry.objects.filter(user=request.user)\n"
           "    response = HttpResponse(str([e.password for e in found]))\n"
           "    response['Content-Disposition'] = 'attachment; filename=all.txt'\n"
           "    return response\n") == Rows{"export in own"});
  CHECK(of("    e = Entry.objects.get(pk=pk)\n    if request.method == 'POST':\n"
           "        Share.objects.create(entry=e, person_id=request.POST['who'])\n"
           "    return redirect('x')\n") == Rows{"share in all"});
  CHECK(of("    e = Entry.objects.get(pk=pk, user=request.user)\n    if request.method == 'POST':\n"
           "        Share.objects.create(entry=e, person_id=request.POST['who'])\n"
           "    return redirect('x')\n") == Rows{"share in own"});
  CHECK(
      of("    rows = []\n    for e in Entry.objects.filter(user=request.user):\n"
         "        rows.append({'entry': e})\n    if request.method == 'POST':\n"
         "        for row in rows:\n            row['entry'].save()\n    return redirect('x')\n") ==
      Rows{"update in own"});
}

TEST_CASE("search in the database, in Python, with and without a word") {
  CHECK(of("    q = request.GET.get('q')\n    found = Entry.objects.filter(user=request.user)\n"
           "    if q:\n        found = found.filter(title__icontains=q)\n"
           "    return render(request, 'e.html', {'e': found})\n") ==
        Rows{"list in own", "search in own"});
  CHECK(of("    q = request.GET.get('q', '')\n"
           "    found = Entry.objects.filter(user=request.user, title__icontains=q)\n"
           "    return render(request, 'e.html', {'e': found})\n") ==
        Rows{"list in own", "search in own"});
  CHECK(
      of("    found = Entry.objects.filter(user=request.user, title__icontains=request.GET['q'])\n"
         "    return render(request, 'e.html', {'e': found})\n") == Rows{"search in own"});
  CHECK(of("    word = request.GET['q']\n    hits = []\n"
           "    for e in Entry.objects.filter(user=request.user):\n"
           "        if word.lower() in e.title.lower():\n            hits.append(e)\n"
           "    return render(request, 'e.html', {'e': hits})\n") == Rows{"search in own"});
  CHECK(of("    word = request.GET['q']\n"
           "    hits = [e for e in Entry.objects.all() if word in e.title]\n"
           "    return render(request, 'e.html', {'e': hits})\n") == Rows{"search in all"});
}

TEST_CASE("raw SQL on a table of a model") {
  const std::string head =
      "    from django.db import connection\n"
      "    with connection.cursor() as cursor:\n";
  CHECK(of(head + "        cursor.execute('SELECT title, password FROM vault_entry')\n"
                  "        rows = cursor.fetchall()\n    return JsonResponse({'rows': rows})\n") ==
        Rows{"list in all"});
  CHECK(of(head + "        cursor.execute('SELECT * FROM vault_entry WHERE user_id = %s',\n"
                  "                       [request.user.id])\n"
                  "        rows = cursor.fetchall()\n    return JsonResponse({'rows': rows})\n") ==
        Rows{"list in own"});
  CHECK(of(head + "        sql = 'DELETE FROM vault_entry WHERE id = %s AND user_id = %s'\n"
                  "        params = (pk, request.user.id)\n"
                  "        if request.method == 'POST':\n"
                  "            cursor.execute(sql, params)\n    return redirect('x')\n") ==
        Rows{"delete in own"});
  CHECK(of(head + "        cursor.execute(f'SELECT * FROM vault_entry WHERE id = {pk}')\n"
                  "        row = cursor.fetchone()\n    return JsonResponse({'row': row})\n") ==
        Rows{"detail in all"});
  CHECK(of(head + "        cursor.execute('SELECT name FROM other_table')\n"
                  "        rows = cursor.fetchall()\n    return JsonResponse({'rows': rows})\n") ==
        Rows{});
}

}  // namespace grader::project
