"""The errors of Wagtail's page for a person's own account."""

from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.account import AccountView, ChangePasswordPanel

from home.accounts.doors import sentence
from home.wagtail_internals import replace_method


def get_form(panel, stock=ChangePasswordPanel.get_form):
    """Return the form, which says so if the old password was not tried."""
    form = stock(panel)
    if panel.request.wait:
        form.error_messages = form.error_messages | {"password_incorrect": sentence(panel.request.wait)}
    return form


def post(view, request, stock=AccountView.post):
    """Say at the top of the page that nothing was saved. error_links.js adds the errors."""
    response = stock(view, request)
    if response.status_code == 200:
        messages.error(request, _("Your account was not saved."))
    return response


replace_method(ChangePasswordPanel, "get_form", get_form)
replace_method(AccountView, "post", post)
