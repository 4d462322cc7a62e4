"""The end of a review. Wagtail imports this module before the models, so it imports them when called."""

from wagtail.workflows import publish_workflow_state


def publish_approved(workflow_state, user=None):
    """
    Publish what was approved, unless there are obstacles.

    Whoever submitted it was asked whether the change is a correction, but somebody may have changed it since.
    """
    from home.admin.guards.publishing import refuse_to_approve

    refuse_to_approve(workflow_state.content_object)
    publish_workflow_state(workflow_state, user=user)
