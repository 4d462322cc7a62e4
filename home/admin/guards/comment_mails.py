"""Mail what is said in comments only to people who may edit the page, such as not to its former editors."""

from wagtail.admin.views.pages import edit

from home.wagtail_internals import replace_method

send = edit.send_notification


def send_to_editors(people, notification, context):
    editors = [person for person in people if context["page"].permissions_for_user(person).can_edit()]
    return send(editors, notification, context)


replace_method(edit, "send_notification", send_to_editors)
