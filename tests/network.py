"""Keeps the tests off the network: a connection to anywhere fails the test that tries it.

Tests marked `loopback` or `browser` may speak to this machine; Unix sockets are always free.
"""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

_HERE = {"127.0.0.1", "::1", "localhost"}


class NetworkError(RuntimeError):
    """A test tried to reach another machine."""


def nothing() -> contextlib.AbstractContextManager[None]:
    """Forbid all connections."""
    return _guarded(frozenset())


def only_loopback() -> contextlib.AbstractContextManager[None]:
    """Forbid connections to other machines."""
    return _guarded(frozenset(_HERE))


@contextlib.contextmanager
def _guarded(allowed: frozenset[str]) -> Iterator[None]:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(used: socket.socket, address: Any) -> None:
        if used.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in allowed:
            raise NetworkError(f"a test tried to connect to {address[0]}:{address[1]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    socket.socket.connect, socket.socket.connect_ex = guarded_connect, guarded_connect_ex  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]
