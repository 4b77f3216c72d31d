from django.test import TestCase

from .models import Note


class NoteTest(TestCase):
    def test_index(self):
        Note.objects.create(text="one")
        self.assertContains(self.client.get("/"), "1 notes")
