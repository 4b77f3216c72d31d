from django.http import HttpResponse

from .models import Note


def index(request):
    return HttpResponse("%d notes" % Note.objects.count())
