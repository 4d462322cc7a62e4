"""Problems of the site on the admin's first screen, for administrators."""

from wagtail import hooks

from home.admin.front.panel import Notice
from leadwatch.health.problems import problems


@hooks.register("register_notice")
def problems_of_the_site(request):
    if request.user.is_superuser:
        for problem in problems():
            yield Notice(1, problem.words, url="", icon="warning", order=1, advice=problem.advice)
