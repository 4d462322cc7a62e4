# The site behind Varnish 7. docs/operations.md says how to use it. The site itself says, in the headers of each answer,
# what may be kept and for how long; nothing here makes Varnish keep more than that.
vcl 4.1;
import std;

# Where the site, or nginx in front of it, answers.
backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .first_byte_timeout = 40s;
}

# Where the site's scheduler runs, which empties the cache after each change.
acl scheduler {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # Varnish has put the sender into X-Forwarded-For. If others are before it, the request came from outside.
        if (client.ip !~ scheduler || req.http.X-Forwarded-For ~ ",") {
            return (synth(405));
        }
        if (!std.ban("obj.status != 0")) {
            return (synth(500, std.ban_error()));
        }
        return (synth(200));
    }
    # Varnish's own rules pass on everything with a cookie. Visitors may have some from other sites of the same domain.
    if (req.http.Cookie !~ "(sessionid|csrftoken|messages)=") {
        unset req.http.Cookie;
    }
}

sub vcl_backend_response {
    # An nginx between visitors and Varnish must not keep pages: it would take an old page for one of the new version.
    unset beresp.http.X-Accel-Expires;
}

sub vcl_hash {
    # Whoever comes without HTTPS gets a redirect, and never a page.
    hash_data(req.http.X-Forwarded-Proto);
}
