from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST
from django.views.defaults import page_not_found
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import LogoutView
from wagtail.admin.views.chooser import ExternalLinkView
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from home import library
from home.admin.accounts.invitation import Invitation, NewPassword
from home.admin.accounts.signing_in import EnterCode, SetUp
from home.admin.writing.paste import PublicLinkForm
from home.feeds import UpdatesFeed
from home.seo.sitemap import PageSitemap
from home.views import contact_message, cover
from leadwatch import views
from leadwatch.atomic import all_or_nothing
from leadwatch.health.problems import Reach
from timeline.exchange.exports import FORMATS
from timeline.oembed import oembed
from timeline.views import accent_stylesheet, embed_script, export_events

handler400 = "leadwatch.views.bad_request"
handler403 = "leadwatch.views.permission_denied"
handler500 = "leadwatch.views.server_error"

urlpatterns = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("readyz/background", views.readyz, {"reach": Reach.BACKGROUND}),
    path("readyz/all", views.readyz, {"reach": Reach.NOTHING_YET}),
    path("robots.txt", views.robots),
    path(".well-known/security.txt", views.security_txt),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PageSitemap}}),
    path("feed/", UpdatesFeed(), name="updates_feed"),
    path("embed.js", embed_script),
    path("oembed/", oembed, name="oembed"),
    path("cover/<int:page_id>.png", cover, name="cover"),
    re_path(r"^accent-(?P<color>[0-9a-f]{6})\.css$", accent_stylesheet, name="accent_stylesheet"),
    # Wagtail's URL that always fails, and embeds, which would contact other sites, do not exist here.
    path("admin/failwhale/", page_not_found, {"exception": None}),
    re_path(r"^admin/embeds/", page_not_found, {"exception": None}),
    # Our choosers of snippets have no form to create one, and Wagtail's view fails without it.
    re_path(r"^admin/snippets/choose/.*/create/$", require_admin_access(page_not_found), {"exception": None}),
    path(
        "admin/choose-external-link/",
        require_admin_access(all_or_nothing(ExternalLinkView.as_view(form_class=PublicLinkForm))),
        name="wagtailadmin_choose_page_external_link",
    ),
    path(
        "admin/password_reset/confirm/<uidb64>/<token>/",
        all_or_nothing(NewPassword.as_view()),
        name="wagtailadmin_password_reset_confirm",
    ),
    path("admin/invitation/<uidb64>/<token>/", all_or_nothing(Invitation.as_view()), name="invitation"),
    path("admin/second-factor/", all_or_nothing(EnterCode.as_view()), name="second_factor"),
    path("admin/second-factor/set-up/", all_or_nothing(SetUp.as_view()), name="set_up_second_factor"),
    # Wagtail's view deletes the cookie even if it refuses GET, so a link could sign people out.
    path(
        "admin/logout/",
        require_admin_access(require_POST(all_or_nothing(LogoutView.as_view()))),
        name="wagtailadmin_logout",
    ),
    path("admin/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, all_or_nothing))),
    # Before Wagtail's, whose URL name remains.
    re_path(r"^files/(\d+)/(.*)$", library.serve_file),
    path("files/", include(wagtaildocs_urls)),
    re_path(r"^media/images/(?P<path>.+)$", library.serve_image),
    re_path(r"^media/pages/(?P<name>[0-9a-f]{32})(?P<end>-half|)\.webp$", library.serve_page),
    *i18n_patterns(
        path("search/", include("search.urls")),
        path("copies/<int:pk>/", library.kept_copy, name="kept_copy"),
        path("copies/<int:pk>/file/", library.kept_copy_file, name="kept_copy_file"),
        path("contact-message/<int:page_id>/", contact_message, name="contact_message"),
        re_path(
            rf"^(?P<path>[-\w/]+)/events\.(?P<extension>{'|'.join(FORMATS)})$",
            export_events,
            name="export_events",
        ),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
