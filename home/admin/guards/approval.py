"""What ends a review. Wagtail imports this before there are models, so it imports them when it is called."""

from wagtail.workflows import publish_workflow_state

__all__ = ["publish_approved"]


def publish_approved(workflow_state, user=None):
    """
    Publish what was approved. Whoever submitted it was asked whether its change is a correction; if somebody
    has changed it since, it is refused.
    """
    from home.admin.guards.corrections import refuse_without_an_answer

    refuse_without_an_answer(workflow_state.content_object)
    publish_workflow_state(workflow_state, user=user)
