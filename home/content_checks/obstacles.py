"""Obstacles to the publication of a page, and other problems that an editor should fix."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Page

from home.content_checks.problem import Problem, date_problems, image_problem


@dataclass(frozen=True)
class Obstacle(Problem):
    """A problem that keeps a page from being published."""

    refusal: str = ""  # What to say outside of the form; by default, which field to fix.


class NotPublishable(ValidationError):
    """Raised when a page or snippet cannot be published. Its messages are for the editor."""

    def __init__(self, page, obstacles):
        refusals = [obstacle.refusal for obstacle in obstacles if obstacle.refusal]
        if fields := [label(page, obstacle) for obstacle in obstacles if not obstacle.refusal]:
            words = _("“%(title)s” cannot be published yet. Open it and fix: %(fields)s.")
            refusals.append(words % {"title": page, "fields": ", ".join(fields)})
        super().__init__(refusals)


def label(page, obstacle):
    return capfirst(str(page._meta.get_field(obstacle.path).verbose_name))


class Checked:
    """
    A page or snippet that knows its obstacles to publication, and is not published while there are any: not
    by the form, a bulk action, a workflow, a schedule, an import or the shell. A draft may have them.

    All of these end in `publish`, or in a `save` that makes it live, so both check.
    """

    def obstacles(self):
        """Return what keeps it from being published, as `Obstacle`s. Models add to it."""
        return iter(())

    def publish(self, revision, *args, **kwargs):
        page = revision.as_object()
        if obstacles := list(page.obstacles()):
            # Otherwise the scheduler would try this revision again on every run.
            if revision.approved_go_live_at:
                revision.approved_go_live_at = None
                revision.save(update_fields=["approved_go_live_at"])
            raise NotPublishable(page, obstacles)
        return super().publish(revision, *args, **kwargs)

    def save(self, *args, **kwargs):
        fields = kwargs.get("update_fields")
        goes_live = self.live and (fields is None or "live" in fields)
        if goes_live and (obstacles := list(self.obstacles())):
            raise NotPublishable(self, obstacles)
        return super().save(*args, **kwargs)


class CheckedPage(Checked):
    """A page, of which no required field is empty when it is published."""

    def obstacles(self):
        """Yield what keeps the page from being published. Page types add to it."""
        yield from super().obstacles()
        words = _("%(field)s is still empty. %(help)s")
        for field in self._meta.fields:
            if is_required(field) and is_empty(self, field):
                # Wagtail's words about its own fields are not those in the form.
                help_text = "" if field.model is Page else field.help_text
                names = {"field": capfirst(field.verbose_name), "help": help_text}
                yield Obstacle((words % names).strip(), field.name)

    def problems(self):
        """Yield what an editor should fix, as `Problem`s: obstacles first. Page types add to it."""
        yield from self.obstacles()
        yield from date_problems(self)
        for field in self._meta.fields:
            if field.related_model is get_image_model() and (image := getattr(self, field.name)):
                yield from image_problem(image, image.description or image.is_decorative, field.name)


def is_required(field):
    # Wagtail fills in the other fields of its own.
    is_asked_for = field.model is not Page or field.name == "title"
    return is_asked_for and field.editable and not field.blank and not field.primary_key


def is_empty(page, field):
    # A related object that is not saved yet has no key.
    is_related = field.is_relation and field.get_cached_value(page, default=None)
    return not is_related and field.value_from_object(page) in field.empty_values
