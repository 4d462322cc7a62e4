"""
Every URL of the admin, taken from the resolver, with arguments for its parameters.

A new view needs an entry here only if its URL has a parameter that ARGUMENTS doesn't know, or if an empty
POST doesn't show whether the user has access.
"""

import re
from dataclasses import dataclass, field
from itertools import product

from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.settings.registry import registry as settings_registry

from home.blocks import TextBlock
from tests.support import factories
from tests.support.versions import VERSION
from timeline.exchange.exports import FORMATS

# The only URLs that are open to anonymous users.
OPEN = [
    "sprite/",
    "login/",
    "password_reset/",
    "password_reset/done/",
    "password_reset/confirm/<uidb64>/<token>/",
    "password_reset/complete/",
    "invitation/<uidb64>/<token>/",
    "jsi18n/",
]
# URLs that the site has closed for everybody.
CLOSED = ["failwhale/", "embeds/", "embeds/chooser/", "embeds/chooser/upload/"]


@dataclass
class Address:
    """A URL of the admin, and how to request it.

    :param path: the URL pattern as the table shows it.
    :param owner: whose object it is about; empty if it doesn't matter.
    :param name: the name of the URL pattern; empty if it has none.
    :param arguments: values for the parameters of the pattern.
    :param query: the query parameters.
    """

    path: str
    owner: str
    name: str
    arguments: dict
    query: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.path, self.owner

    def url(self, world, letter):
        """Return the URL that one of the people would request."""
        if not self.name:
            return f"/admin/{self.path}".replace("<rest>", "nowhere")
        arguments = resolve(self.arguments, world, letter)
        # Unnamed groups of a regular expression have numbers.
        if all(isinstance(parameter, int) for parameter in arguments):
            return reverse(self.name, args=list(arguments.values()))
        return reverse(self.name, kwargs=arguments)

    def query_for(self, world, letter):
        return resolve(self.query, world, letter)

    def data_for(self, world, letter):
        """Return the form data to post: none if an empty form is enough to test for access."""
        fields = FORMS.get(self.path) or FORMS.get(self.name) or {}
        return resolve({name: for_owner(value, self.owner) for name, value in fields.items()}, world, letter)

    @property
    def failure(self):
        """Exceptions raised for people with access."""
        return FAILURES.get(self.name, ())


def resolve(values, world, letter):
    return {name: value(world, letter) if callable(value) else value for name, value in values.items()}


def shared(name):
    """Return the primary key of an object of the world."""
    return lambda world, letter: getattr(world, name).pk


def own(name):
    """Return the primary key of an object that belongs to the person who sends the request."""
    return lambda world, letter: world.own[letter][name].pk


def revision(name):
    """Return the latest revision of an object of the world."""
    return lambda world, letter: getattr(world, name).latest_revision.pk


def own_revision(name):
    return lambda world, letter: world.own[letter][name].latest_revision.pk


class ByOwner(dict):
    """Several arguments for one parameter, by their names in the table."""


def for_owner(value, owner):
    return value[owner] if isinstance(value, ByOwner) else value


def shared_or_own(name):
    return ByOwner({"someone else's": shared(name), "own": own(name)})


PAGE = ByOwner({"a live page": shared("live"), "a draft": shared("draft"), "own draft": own("draft")})
REVISION = ByOwner(
    {"a live page": revision("live"), "a draft": revision("draft"), "own draft": own_revision("draft")}
)
FILE = ("someone else's", "own", "own, on a live page")
IMAGE = ByOwner(zip(FILE, (shared("image"), own("image"), own("shown_image")), strict=True))
DOCUMENT = ByOwner(zip(FILE, (shared("document"), own("document"), own("shown_document")), strict=True))
SNIPPETS = {"home_figure": "figure", "home_glossaryterm": "term", "timeline_eventcategory": "category"}


def reviewed(name):
    """Return arguments for the screens about the review of a snippet."""

    def state(world):
        return getattr(world, name).current_workflow_state

    return {
        "pk": shared(name),
        "action_name": ["approve", "reject"],
        "task_state_id": lambda world, letter: state(world).current_task_state.pk,
        "task_id": shared("task"),
        "workflow_state_id": lambda world, letter: state(world).pk,
    }


# Arguments by the start of the URL's name or path, and by parameter. The first match counts. A list means one
# URL for each value.
ARGUMENTS = [
    ("reset_second_factor", {"pk": shared("other")}),
    ("suggestion", {"pk": shared_or_own("suggestion")}),
    ("messages/", {"pk": shared("message"), "extension": ["csv", "xlsx"]}),
    ("ask_about_page", {"pk": PAGE}),
    ("ask_about_figure", {"pk": shared("figure")}),
    ("ask_about_term", {"pk": shared("term")}),
    ("begin_translation", {"kind": "page", "pk": PAGE, "code": "es"}),
    ("page_versions", {"pk": PAGE}),
    ("withhold_version", {"pk": shared("live"), "day": VERSION}),
    ("settle_assignment", {"pk": shared("assignment")}),
    ("dead_link_archived", {"pk": shared("link")}),
    ("copies_of_page", {"pk": PAGE}),
    ("copies_of_figure", {"pk": shared("figure")}),
    ("kept_copy_admin", {"pk": shared("copy")}),
    ("number_set", {"pk": shared("figure")}),
    ("api/main/pages/<pk>/action/convert_alias/", {"pk": shared("alias")}),
    ("wagtailadmin_api:pages:", {"pk": PAGE, "action_name": sorted(PagesAdminAPIViewSet.actions)}),
    ("wagtailadmin_api:images:", {"pk": IMAGE}),
    ("wagtailadmin_api:documents:", {"pk": DOCUMENT}),
    ("wagtailadmin_pages:convert_alias", {"page_id": shared("alias")}),
    ("wagtailadmin_pages:workflow_history_detail", {"page_id": shared("submitted")}),
    ("wagtailadmin_pages:confirm_workflow", {"page_id": shared("submitted")}),
    ("wagtailadmin_pages:workflow_", {"page_id": shared("submitted")}),
    ("wagtailadmin_pages:collect_workflow", {"page_id": shared("submitted")}),
    (
        "wagtailadmin_pages:revisions_compare",
        {"pk": PAGE, "revision_id_a": "live", "revision_id_b": "latest"} | {0: PAGE, 1: "live", 2: "latest"},
    ),
    ("wagtailadmin_pages:revisions_unschedule", {"page_id": shared("live"), "revision_id": revision("live")}),
    (
        "wagtailadmin_pages:",
        {
            "revision_id": REVISION,
            "task_state_id": lambda world, letter: world.workflow_state.current_task_state.pk,
            "task_id": shared("task"),
            "action_name": ["approve", "reject"],
            "workflow_state_id": shared("workflow_state"),
            "content_type_app_name": "timeline",
            "content_type_model_name": "eventpage",
            "app_label": "timeline",
            "model_name": "eventpage",
            "destination_id": shared("timeline"),
        },
    ),
    ("wagtailadmin_collections:", {"pk": shared("collection"), "collection_id": shared("collection")}),
    ("wagtailadmin_workflows:remove", {"page_pk": shared("live"), "workflow_pk": shared("workflow")}),
    ("wagtailadmin_workflows:add_task", {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}),
    *[(f"wagtailadmin_workflows:{do}_task", {"pk": shared("task")}) for do in ("edit", "disable", "enable")],
    ("wagtailadmin_workflows:", {"pk": shared("workflow"), "task_id": shared("task")}),
    ("wagtailadmin_tag", {"app_name": "taggit", "model_name": "tag"}),
    (
        "wagtailadmin_editing_sessions:",
        {"app_label": "wagtailcore", "model_name": "page", "object_id": PAGE, "session_id": own("session")},
    ),
    ("wagtailredirects:", {"redirect_id": shared("redirect")}),
    ("wagtailsearchpromotions:", {"query_id": shared("query")}),
    (
        "wagtailimages",
        {
            "image_id": IMAGE,
            "pk": IMAGE,
            "uploaded_file_id": shared_or_own("upload"),
            "filter_spec": "width-10",
        },
    ),
    (
        "wagtaildocs",
        {
            "document_id": DOCUMENT,
            "doc_id": DOCUMENT,
            "pk": DOCUMENT,
            "uploaded_file_id": shared_or_own("document_upload"),
        },
    ),
    *[
        (f"wagtailsnippets_{names}:{review}", reviewed(f"submitted_{name}"))
        for names, name in SNIPPETS.items()
        for review in ("workflow_", "collect_workflow_", "confirm_workflow_")
    ],
    *[
        (f"{kind}_{names}:", {"pk": shared(name), "revision_id": revision(name), "revision_id_a": "earliest"})
        for names, name in SNIPPETS.items()
        for kind in ("wagtailsnippets", "wagtailsnippetchoosers")
    ],
    ("wagtailsnippets_", {"revision_id_b": "latest"}),
    ("wagtailsites:", {"pk": shared("site")}),
    ("wagtailusers_users:", {"pk": shared("other")}),
    ("wagtailusers_groups:", {"pk": shared("group")}),
    ("wagtaillocales:", {"pk": shared("spanish")}),
    ("wagtailadmin_password_reset_confirm", {"uidb64": "MQ", "token": "set-password"}),
    ("invitation", {"uidb64": "MQ", "token": "choose-password"}),
    ("timeline_eventpage_modeladmin_", {"pk": PAGE}),
    ("home_documentpage_modeladmin_", {"pk": shared("document_page")}),
    (
        "new_page_checks",
        {"content_type_app_name": "timeline", "content_type_model_name": "eventpage"},
    ),
    ("preview_event_import", {"pk": shared_or_own("sent")}),
    ("event_import_result", {"pk": shared_or_own("imported")}),
    ("undo_event_import", {"pk": shared_or_own("imported")}),
    ("export_drafts", {"pk": shared("timeline"), "extension": [name for name in FORMATS if name != "ics"]}),
    # All other URLs.
    ("", {"page_id": PAGE, "page_to_move_id": PAGE, "parent_page_id": shared("timeline")}),
]

# The parameters of this path have numbers in Wagtail 7.4, and names in Wagtail 8. The table shows the names.
COMPARE = "pages/{}/revisions/compare/{}...{}/"
RENAMED = {COMPARE.format("<0>", "<1>", "<2>"): COMPARE.format("<pk>", "<revision_id_a>", "<revision_id_b>")}

# Form data to post, by path or name.
FORMS = {
    "api/main/pages/<pk>/action/copy_for_translation/": {"locale": "es", "copy_parents": True},
    "api/main/pages/<pk>/action/create_alias/": {"update_slug": "another"},
    "api/main/pages/<pk>/action/move/": {"destination_page_id": shared("timeline"), "position": "last-child"},
    "api/main/pages/<pk>/action/revert_to_page_revision/": {"revision_id": REVISION},
    "choose-external-link/": {"external-link-chooser-url": "https://example.org/"},
    "wagtailadmin_pages:copy": {"new_parent_page": shared("timeline")},
    "wagtailadmin_workflows:task_chooser_create": {"create-task-name": "Another"},
    "wagtailadmin_pages:add": {"body-count": 0},
    "wagtailadmin_pages:edit": {"body-count": 0},
    "wagtailadmin_pages:revisions_revert": {"body-count": 0},
    "suggest_change": {"body-count": 0},
    "suggestion": {"action": "withdraw"},
    "withhold_version": {"reason": "A name."},
    "kept_copy_admin": {"show": "1"},
    "html_of_file": {"file": lambda world, letter: factories.docx_file(["Minutes"])},
    "wagtailimages:add_multiple": {"files[]": lambda world, letter: factories.image_file()},
    "wagtaildocs:add_multiple": {"files[]": lambda world, letter: ContentFile(b"Minutes", "minutes.txt")},
    "bulk/home/user/assign_role/": {"role": "Editors"},
    "bulk/home/user/set_active_state/": {"mark_as_active": "False"},
    "bulk/wagtailcore/page/move/": {"chooser": shared("second_timeline")},
    **{
        f"bulk/home/{model}/{action}/": form
        for model in ("siteimage", "sitedocument")
        for action, form in {
            "add_tags": {"tags": "vigil"},
            "add_to_collection": {"collection": shared("collection")},
        }.items()
    },
}

# Query parameters without which the view finds nothing.
QUERIES = {
    "wagtailadmin_api:pages:find": {"html_path": lambda world, letter: world.live.url},
    "wagtailadmin_api:images:find": {"id": shared("image")},
    "wagtailadmin_api:documents:find": {"id": shared("document")},
    "wagtailadmin_block_preview": {"id": lambda world, letter: TextBlock().definition_prefix},
}

# Exceptions that Wagtail raises for people with access, because no screen leads there in this way. The site
# may respond with status 400 instead.
FAILURES = {
    "wagtailredirects:process_import": KeyError,  # Without the file from the previous step.
    "wagtaildocs:create_multiple_from_uploaded_document": ValueError,  # Our files only need a title.
}

# Objects for bulk actions, by model.
SELECTED = {
    "wagtailcore.page": PAGE,
    "home.siteimage": IMAGE,
    "home.sitedocument": DOCUMENT,
    "home.user": shared("newcomer"),
    "home.figure": shared("figure"),
    "home.glossaryterm": shared("term"),
    "timeline.eventcategory": shared("category"),
}


def every_address():
    """Return all URLs below /admin/, in the order of the resolver."""
    found = {}
    for path, name, parameters, view in admin_patterns():
        makers = {
            "wagtail_bulk_action": bulk_actions,
            "wagtailsettings:edit": settings,
            "wagtailsettings:preview_on_edit": settings,
        }
        for address in makers.get(name, fill)(path, name, parameters):
            # Of two equal patterns, the first one is used.
            found.setdefault(address.key, address)
            if is_exported(name, view):
                export = Address(
                    f"{address.path}?export=csv", address.owner, name, address.arguments, {"export": "csv"}
                )
                found.setdefault(export.key, export)
    return list(found.values())


def is_exported(name, view):
    """Return whether a list can be exported. Its `_results` URL is the same view."""
    if name.endswith("_results"):
        return False
    # The view of these is a function: that of lists of modeladmin, and of the list of pages in Wagtail 8.
    if name.endswith(("_modeladmin_index", "wagtailadmin_explore_root")):
        return True
    return issubclass(getattr(view, "view_class", type), SpreadsheetExportMixin)


def admin_patterns():
    """Yield the patterns below /admin/, relative to it."""
    for path, *others in patterns():
        if path.startswith("admin/"):
            yield path.removeprefix("admin/") or "/", *others


def patterns(resolver=None, start="", namespaces=(), parameters=()):
    """Yield the path of each pattern with its name, its parameters and its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        piece, own_parameters = readable(pattern.pattern)
        path, all_parameters = start + piece, (*parameters, *own_parameters)
        if not isinstance(pattern, URLPattern):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(pattern, path, inner, all_parameters)
        else:
            name = ":".join([*namespaces, pattern.name]) if pattern.name else ""
            yield path, name, all_parameters, pattern.callback


def readable(pattern):
    """Return part of a URL pattern in readable form, and its parameters."""
    if not isinstance(pattern, RegexPattern):
        return re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern)), list(pattern.converters)
    expression = pattern.regex
    parameters = list(expression.groupindex) or list(range(expression.groups))
    text, left = expression.pattern, iter(parameters)
    text = re.sub(r"\((?:\?P<\w+>)?[^()]*\)", lambda match: f"<{next(left)}>", text)
    return text.strip("^$").replace(r"\.", ".").replace(".*", "<rest>"), parameters


def fill(path, name, parameters):
    """Yield a URL for each combination of arguments."""
    lists = {}
    for parameter in parameters:
        if isinstance(value := argument_for(parameter, path, name), list):
            lists[parameter] = value
    for chosen in product(*lists.values()):
        arguments = dict(zip(lists, chosen, strict=True))
        filled = replace_parameters(path, arguments)
        arguments = {
            parameter: arguments.get(parameter) or argument_for(parameter, filled, name)
            for parameter in parameters
        }
        for owner in next((value for value in arguments.values() if isinstance(value, ByOwner)), [""]):
            own_arguments = {parameter: for_owner(value, owner) for parameter, value in arguments.items()}
            yield Address(RENAMED.get(filled, filled), owner, name, own_arguments, QUERIES.get(name, {}))


def replace_parameters(path, arguments):
    for parameter, value in arguments.items():
        path = path.replace(f"<{parameter}>", value)
    return path


def argument_for(parameter, path, name):
    for start, arguments in ARGUMENTS:
        if (name.startswith(start) or path.startswith(start)) and parameter in arguments:
            return arguments[parameter]
    raise LookupError(
        f"No argument for <{parameter}> in admin/{path} ({name}). "
        "Add one to ARGUMENTS in tests/support/permissions/addresses.py."
    )


def bulk_actions(path, name, parameters):
    bulk_action_registry._scan_for_bulk_actions()
    for app_label, models in bulk_action_registry.actions.items():
        for model_name, actions in models.items():
            selected = SELECTED.get(f"{app_label}.{model_name}")
            if selected is None:
                raise LookupError(
                    f"No {app_label}.{model_name} for bulk actions. "
                    "Add one to SELECTED in tests/support/permissions/addresses.py."
                )
            for action in actions:
                arguments = {"app_label": app_label, "model_name": model_name, "action": action}
                filled = replace_parameters(path, arguments)
                for owner, pk in (selected if isinstance(selected, ByOwner) else {"": selected}).items():
                    yield Address(filled, owner, name, arguments, {"id": pk})


def settings(path, name, parameters):
    for model in settings_registry:
        arguments = {"app_name": model._meta.app_label, "model_name": model._meta.model_name}
        filled = replace_parameters(path, arguments)
        if "pk" in parameters:
            arguments["pk"] = lambda world, letter, model=model: model.load().pk
        yield Address(filled, "", name, arguments)
