"""The private parts of urllib3 still work as `home/external_links/urllib3_internals.py` expects."""

import socket
import threading

import pytest
import urllib3

from home.external_links.urllib3_internals import report_sockets

UPGRADE = (
    "After an upgrade of urllib3, connections no longer report their socket before TLS starts, so a hostile "
    "site could keep a request open without end. Rewrite home/external_links/urllib3_internals.py."
)


@pytest.mark.parametrize("pool_class", [urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool])
def test_a_connection_reports_its_socket_before_tls_starts(pool_class):
    site = socket.create_server(("127.0.0.1", 0))

    def hang_up():
        site.accept()[0].close()

    threading.Thread(target=hang_up, daemon=True).start()
    sockets = []
    with site:
        pool = pool_class(*site.getsockname(), retries=False, timeout=5)
        report_sockets(pool, sockets.append)
        with pytest.raises(urllib3.exceptions.HTTPError):
            pool.urlopen("GET", "/")
    assert len(sockets) == 1, UPGRADE
