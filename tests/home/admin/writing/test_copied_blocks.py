from django.test import SimpleTestCase
from django.urls import reverse
from wagtail.admin.telepath import JSContext

from home.blocks import BodyBlock


class CopyingTests(SimpleTestCase):
    def test_the_form_of_a_body_includes_copy_and_paste(self):
        context = JSContext()
        packed = context.pack(BodyBlock())
        assert packed["_type"] == "home.BodyBlock"
        assert "Copied blocks" in str(packed)
        assert "site_admin/copied_blocks.js" in str(context.media)


def test_copied_blocks_are_forgotten_at_sign_in(client, db):
    html = client.get(reverse("wagtailadmin_login")).content.decode()
    assert "site_admin/forget_copies.js" in html
    assert 'class="login' in html
