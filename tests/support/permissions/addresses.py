"""
Every address of the admin, taken from the resolver, with an object for each place in it.

A new screen needs a line here only if it has a place that PLACES does not know, or if a POST to it needs more
than an empty form to show whether one may.
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

from home.blocks.body import TextBlock
from tests.support import factories
from timeline.exchange.exports import FORMATS


@dataclass
class Address:
    """A row of the table, and how to ask for it.

    :param shown: the address as the table shows it.
    :param of: whose thing it is about, where that matters; else empty.
    :param name: the name by which Django knows it; empty if it has none.
    :param places: what stands in its places.
    :param query: what stands after the question mark.
    """

    shown: str
    of: str
    name: str
    places: dict
    query: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.shown, self.of

    def url(self, world, letter):
        """The address as one of the people would ask for it."""
        if not self.name:
            return f"/admin/{self.shown}".replace("<rest>", "nowhere")
        places = filled(self.places, world, letter)
        if all(isinstance(place, int) for place in places):
            return reverse(self.name, args=list(places.values()))
        return reverse(self.name, kwargs=places)

    def asked(self, world, letter):
        return filled(self.query, world, letter)

    def posted(self, world, letter):
        """What is sent: nothing, where an empty form is enough to tell whether one may."""
        fields = FORMS.get(self.shown) or FORMS.get(self.name) or {}
        return filled({name: one_of(value, self.of) for name, value in fields.items()}, world, letter)

    @property
    def failure(self):
        """What is raised for whoever is let in, if anything."""
        return FAILURES.get(self.name, ())


def filled(values, world, letter):
    return {name: value(world, letter) if callable(value) else value for name, value in values.items()}


def thing(name):
    """The world's one object of a kind."""
    return lambda world, letter: getattr(world, name).pk


def own(name):
    """The object of a kind of whoever asks."""
    return lambda world, letter: world.own[letter][name].pk


def revision(name):
    """The last revision of the world's one object of a kind."""
    return lambda world, letter: getattr(world, name).latest_revision.pk


def own_revision(name):
    return lambda world, letter: world.own[letter][name].latest_revision.pk


class Whose(dict):
    """Several things that may stand in a place, by what each is called in the table."""


def one_of(value, of):
    return value[of] if isinstance(value, Whose) else value


def whose(name):
    return Whose({"somebody's": thing(name), "her own": own(name)})


PAGE = Whose({"a live page": thing("live"), "a draft": thing("draft"), "her own draft": own("draft")})
REVISION = Whose(
    {"a live page": revision("live"), "a draft": revision("draft"), "her own draft": own_revision("draft")}
)
FILE = ("somebody's", "her own", "her own on a live page")
IMAGE = Whose(zip(FILE, (thing("image"), own("image"), own("shown_image")), strict=True))
DOCUMENT = Whose(zip(FILE, (thing("document"), own("document"), own("shown_document")), strict=True))
SNIPPETS = {"home_figure": "figure", "home_glossaryterm": "term", "timeline_eventcategory": "category"}

# What stands in the places of an address: by the beginning of its name or of itself, and by the name of the
# place. What comes first counts. A list means an address for each of its words.
PLACES = [
    ("messages/", {"pk": thing("message"), "extension": ["csv", "xlsx"]}),
    ("dead_link_archived", {"pk": thing("link")}),
    ("number_set", {"pk": thing("figure")}),
    ("api/main/pages/<pk>/action/convert_alias/", {"pk": thing("alias")}),
    ("wagtailadmin_api:pages:", {"pk": PAGE, "action_name": sorted(PagesAdminAPIViewSet.actions)}),
    ("wagtailadmin_api:images:", {"pk": IMAGE}),
    ("wagtailadmin_api:documents:", {"pk": DOCUMENT}),
    ("wagtailadmin_pages:convert_alias", {"page_id": thing("alias")}),
    ("wagtailadmin_pages:workflow_history_detail", {"page_id": thing("submitted")}),
    ("wagtailadmin_pages:confirm_workflow", {"page_id": thing("submitted")}),
    ("wagtailadmin_pages:workflow_", {"page_id": thing("submitted")}),
    ("wagtailadmin_pages:collect_workflow", {"page_id": thing("submitted")}),
    ("wagtailadmin_pages:revisions_compare", {0: PAGE, 1: "live", 2: "latest"}),
    ("wagtailadmin_pages:revisions_unschedule", {"page_id": thing("live"), "revision_id": revision("live")}),
    (
        "wagtailadmin_pages:",
        {
            "revision_id": REVISION,
            "task_state_id": lambda world, letter: world.workflow_state.current_task_state.pk,
            "task_id": thing("task"),
            "action_name": ["approve", "reject"],
            "workflow_state_id": thing("workflow_state"),
            "content_type_app_name": "timeline",
            "content_type_model_name": "eventpage",
            "app_label": "timeline",
            "model_name": "eventpage",
            "destination_id": thing("timeline"),
        },
    ),
    ("wagtailadmin_collections:", {"pk": thing("collection"), "collection_id": thing("collection")}),
    ("wagtailadmin_workflows:remove", {"page_pk": thing("live"), "workflow_pk": thing("workflow")}),
    ("wagtailadmin_workflows:add_task", {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}),
    *[(f"wagtailadmin_workflows:{do}_task", {"pk": thing("task")}) for do in ("edit", "disable", "enable")],
    ("wagtailadmin_workflows:", {"pk": thing("workflow"), "task_id": thing("task")}),
    ("wagtailadmin_tag", {"app_name": "taggit", "model_name": "tag"}),
    (
        "wagtailadmin_editing_sessions:",
        {"app_label": "wagtailcore", "model_name": "page", "object_id": PAGE, "session_id": own("session")},
    ),
    ("wagtailredirects:", {"redirect_id": thing("redirect")}),
    ("wagtailsearchpromotions:", {"query_id": thing("query")}),
    ("simple_translation:", {"app_label": "home", "model_name": "glossaryterm", "pk": thing("term")}),
    (
        "wagtailimages",
        {"image_id": IMAGE, "pk": IMAGE, "uploaded_file_id": whose("upload"), "filter_spec": "width-10"},
    ),
    (
        "wagtaildocs",
        {
            "document_id": DOCUMENT,
            "doc_id": DOCUMENT,
            "pk": DOCUMENT,
            "uploaded_file_id": whose("document_upload"),
        },
    ),
    *[
        (f"{kind}_{names}:", {"pk": thing(name), "revision_id": revision(name), "revision_id_a": "earliest"})
        for names, name in SNIPPETS.items()
        for kind in ("wagtailsnippets", "wagtailsnippetchoosers")
    ],
    ("wagtailsnippets_", {"revision_id_b": "latest"}),
    ("wagtailsites:", {"pk": thing("site")}),
    ("wagtailusers_users:", {"pk": thing("other")}),
    ("wagtailusers_groups:", {"pk": thing("group")}),
    ("wagtaillocales:", {"pk": thing("spanish")}),
    ("wagtailadmin_password_reset_confirm", {"uidb64": "MQ", "token": "set-password"}),
    ("timeline_eventpage_modeladmin_", {"pk": PAGE}),
    ("home_documentpage_modeladmin_", {"pk": thing("record")}),
    (
        "new_page_checks",
        {"content_type_app_name": "timeline", "content_type_model_name": "eventpage"},
    ),
    ("preview_event_import", {"pk": whose("sent")}),
    ("event_import_result", {"pk": whose("imported")}),
    ("undo_event_import", {"pk": whose("imported")}),
    ("export_drafts", {"pk": thing("timeline"), "extension": [name for name in FORMATS if name != "ics"]}),
    # Everywhere else.
    ("", {"page_id": PAGE, "page_to_move_id": PAGE, "parent_page_id": thing("timeline")}),
]

# What is sent by POST, by an address or its name.
FORMS = {
    "api/main/pages/<pk>/action/copy_for_translation/": {"locale": "es", "copy_parents": True},
    "api/main/pages/<pk>/action/create_alias/": {"update_slug": "another"},
    "api/main/pages/<pk>/action/move/": {"destination_page_id": thing("timeline"), "position": "last-child"},
    "api/main/pages/<pk>/action/revert_to_page_revision/": {"revision_id": REVISION},
    "choose-external-link/": {"external-link-chooser-url": "https://example.org/"},
    "wagtailadmin_pages:copy": {"new_parent_page": thing("timeline")},
    "wagtailadmin_workflows:task_chooser_create": {"create-task-name": "Another"},
    "wagtailadmin_pages:add": {"body-count": 0},
    "wagtailadmin_pages:edit": {"body-count": 0},
    "wagtailadmin_pages:revisions_revert": {"body-count": 0},
    "wagtailimages:add_multiple": {"files[]": lambda world, letter: factories.image_file()},
    "wagtaildocs:add_multiple": {"files[]": lambda world, letter: ContentFile(b"Minutes", "minutes.txt")},
    "bulk/home/user/assign_role/": {"role": thing("group")},
    "bulk/home/user/set_active_state/": {"mark_as_active": "False"},
    "bulk/wagtailcore/page/move/": {"chooser": thing("second_timeline")},
    **{
        f"bulk/home/{model}/{action}/": form
        for model in ("siteimage", "sitedocument")
        for action, form in {
            "add_tags": {"tags": "vigil"},
            "add_to_collection": {"collection": thing("collection")},
        }.items()
    },
}

# What is asked after a question mark, where nothing would be found without.
QUERIES = {
    "wagtailadmin_api:pages:find": {"html_path": lambda world, letter: world.live.url},
    "wagtailadmin_api:images:find": {"id": thing("image")},
    "wagtailadmin_api:documents:find": {"id": thing("document")},
    "wagtailadmin_block_preview": {"id": lambda world, letter: TextBlock().definition_prefix},
}

# Errors that Wagtail raises for whoever is let in, by the end of a name: no screen leads there in that way.
# The site may answer them with status 400.
FAILURES = {
    "wagtailredirects:process_import": KeyError,  # Without the file of the step before.
    "wagtaildocs:create_multiple_from_uploaded_document": ValueError,  # Our files need nothing but a title.
    **{f"wagtailsnippetchoosers_{names}:create": AttributeError for names in SNIPPETS},  # There is no form.
}

# What is chosen for a bulk action, by the model.
CHOSEN = {
    "wagtailcore.page": PAGE,
    "home.siteimage": IMAGE,
    "home.sitedocument": DOCUMENT,
    "home.user": thing("other"),
    "home.figure": thing("figure"),
    "home.glossaryterm": thing("term"),
    "timeline.eventcategory": thing("category"),
}


def every_address():
    """All addresses below /admin/, in the order of the resolver."""
    found = {}
    for shown, name, places, view in patterns():
        makers = {
            "wagtail_bulk_action": bulk_actions,
            "wagtailsettings:edit": settings,
            "wagtailsettings:preview_on_edit": settings,
        }
        for address in makers.get(name, fill)(shown, name, places):
            # Where two patterns are the same, the first answers.
            found.setdefault(address.key, address)
            if is_exported(name, view):
                export = Address(
                    f"{address.shown}?export=csv", address.of, name, address.places, {"export": "csv"}
                )
                found.setdefault(export.key, export)
    return list(found.values())


def is_exported(name, view):
    """Whether a list can be had as a file. What is fetched of it as one types is the same view."""
    if name.endswith("_results"):
        return False
    view_class = getattr(view, "view_class", type)
    return issubclass(view_class, SpreadsheetExportMixin) or name.endswith("_modeladmin_index")


def patterns(resolver=None, shown="", namespaces=(), places=()):
    """Each pattern as the table shows it, with its name, the names of its places, and its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        piece, own_places = show(pattern.pattern)
        there, all_places = shown + piece, (*places, *own_places)
        if not isinstance(pattern, URLPattern):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            if "admin/".startswith(there) or there.startswith("admin/"):
                yield from patterns(pattern, there, inner, all_places)
        elif there.startswith("admin/"):
            name = ":".join([*namespaces, pattern.name]) if pattern.name else ""
            yield there.removeprefix("admin/") or "/", name, all_places, pattern.callback


def show(pattern):
    """A piece of an address in plain writing, and its places."""
    if not isinstance(pattern, RegexPattern):
        return re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern)), list(pattern.converters)
    expression = pattern.regex
    places = list(expression.groupindex) or list(range(expression.groups))
    text, left = expression.pattern, iter(places)
    text = re.sub(r"\((?:\?P<\w+>)?[^()]*\)", lambda found: f"<{next(left)}>", text)
    return text.strip("^$").replace(r"\.", ".").replace(".*", "<rest>"), places


def fill(shown, name, places):
    """An address for each way to fill its places."""
    words = {
        place: value for place in places if isinstance(value := what_stands_in(place, shown, name), list)
    }
    for chosen in product(*words.values()):
        values, here = dict(zip(words, chosen, strict=True)), shown
        for place, word in values.items():
            here = here.replace(f"<{place}>", word)
        values = {place: values.get(place) or what_stands_in(place, here, name) for place in places}
        for of in next((value for value in values.values() if isinstance(value, Whose)), [""]):
            these = {place: one_of(value, of) for place, value in values.items()}
            yield Address(here, of, name, these, QUERIES.get(name, {}))


def what_stands_in(place, shown, name):
    for start, here in PLACES:
        if (name.startswith(start) or shown.startswith(start)) and place in here:
            return here[place]
    raise LookupError(
        f"What is <{place}> in admin/{shown} ({name})? "
        "Say it in PLACES of tests/support/permissions/addresses.py."
    )


def bulk_actions(shown, name, places):
    bulk_action_registry._scan_for_bulk_actions()
    for app_label, models in bulk_action_registry.actions.items():
        for model_name, actions in models.items():
            chosen = CHOSEN.get(f"{app_label}.{model_name}")
            if chosen is None:
                raise LookupError(
                    f"Which {app_label}.{model_name} is chosen for a bulk action? Say it in CHOSEN of "
                    "tests/support/permissions/addresses.py."
                )
            for action in actions:
                here = shown
                values = {"app_label": app_label, "model_name": model_name, "action": action}
                for place, word in values.items():
                    here = here.replace(f"<{place}>", word)
                for of, pk in (chosen if isinstance(chosen, Whose) else {"": chosen}).items():
                    yield Address(here, of, name, values, {"id": pk})


def settings(shown, name, places):
    for model in settings_registry:
        values = {"app_name": model._meta.app_label, "model_name": model._meta.model_name}
        here = shown
        for place, word in values.items():
            here = here.replace(f"<{place}>", word)
        if "pk" in places:
            values["pk"] = lambda world, letter, model=model: model.load().pk
        yield Address(here, "", name, values)
