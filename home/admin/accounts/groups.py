"""Wagtail's screens of groups, which log what changes."""

from wagtail.users.views.groups import CreateView, EditView, GroupViewSet

from home.accounts.changes import as_one_change


class AddView(CreateView):
    def process_form(self):
        with as_one_change(self.object):
            return super().process_form()


class ChangeView(EditView):
    def process_form(self):
        with as_one_change(self.object):
            return super().process_form()


class LoggedGroupViewSet(GroupViewSet):
    add_view_class = AddView
    edit_view_class = ChangeView
