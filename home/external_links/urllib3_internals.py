"""The private parts of urllib3 that we use. `test_urllib3_internals.py` fails when they change."""


def report_sockets(pool, on_socket):
    """
    Call a function with each socket that a connection pool opens, before TLS starts on it.

    urllib3 has no public hook for this: `connect()` returns after the TLS handshake, which a hostile site can
    prolong without end.
    """

    class Connection(pool.ConnectionCls):
        def _new_conn(self):
            sock = super()._new_conn()
            on_socket(sock)
            return sock

    pool.ConnectionCls = Connection
