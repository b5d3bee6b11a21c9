"""Sends requests from several clients at once and says how fast they were answered; a process of its own.

`python -m benchmarks.client` reads a plan as JSON from its standard input and prints the result as JSON. Each client is
one kept connection that sends its next request when the last one is answered. Bounded in count and time; loopback only.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
_PATIENCE = 30.0
MARK = "@@"
"""Stands in the path or body for the next of `values`."""


@dataclass(frozen=True)
class Plan:
    """What to send: for `seconds`, from `clients` connections, until `values` run out if there are any."""

    port: int
    path: str
    clients: int = 1
    seconds: float = 1.0
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    values: tuple[str, ...] = ()
    expect: int = 200


@dataclass(frozen=True)
class Result:
    """Requests a second, and how long one took in milliseconds, over those that were counted; `longest` over all."""

    rate: float
    p50: float
    p99: float
    count: int
    longest: float = 0.0


def render(plan: Plan, value: str) -> bytes:
    """Return the bytes of one request."""
    body = plan.body.replace(MARK, value).encode()
    lines = [f"{plan.method} {plan.path.replace(MARK, value)} HTTP/1.1", f"Host: {HOST}:{plan.port}"]
    lines += [f"{name}: {text}" for name, text in plan.headers.items()]
    if plan.method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def complete(answer: bytes) -> int | None:
    """Return the status of an answer that is there as a whole, else None."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return None
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        whole = body.endswith(b"0\r\n\r\n")
    else:
        _, found, rest = lowered.partition(b"content-length:")
        whole = len(body) >= (int(rest.split(b"\r\n", 1)[0]) if found else 0)
    return int(head[9:12]) if whole else None


class Load:
    """One run of a plan: the times of all answers."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.requests: Iterator[bytes] = self._requests()
        self.times: list[tuple[float, float]] = []
        """When each answer was there, and how long it took."""
        self.until = time.perf_counter() + plan.seconds
        self.wrong: list[str] = []

    def _requests(self) -> Iterator[bytes]:
        if self.plan.values:
            for value in self.plan.values:
                yield render(self.plan, value)
        else:
            same = render(self.plan, "")
            while True:
                yield same

    def next(self) -> bytes | None:
        """Return the next request, None when it is over."""
        return None if time.perf_counter() >= self.until or self.wrong else next(self.requests, None)


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, done: "asyncio.Future[None]") -> None:
        self.load, self.done, self.answer, self.began = load, done, b"", 0.0

    def connection_made(self, transport: Any) -> None:
        """Send the first request."""
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take an answer and send the next request."""
        self.answer += data
        status = complete(self.answer)
        if status is None:
            return
        now = time.perf_counter()
        self.load.times.append((now, now - self.began))
        if status != self.load.plan.expect:
            self.load.wrong.append(self.answer.decode(errors="replace")[:2000])
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say when the server hung up on us."""
        if not self.done.done():
            self.load.wrong.append(f"the server ended the connection: {exc}")
            self.done.set_result(None)

    def _send(self) -> None:
        request = self.load.next()
        if request is None:
            self.done.set_result(None)
            self.transport.close()
            return
        self.answer, self.began = b"", time.perf_counter()
        self.transport.write(request)


async def run(plan: Plan) -> Result:
    """Carry a plan out; raise RuntimeError when an answer was not the expected one."""
    loop, load = asyncio.get_running_loop(), Load(plan)
    began = time.perf_counter()
    ends = [loop.create_future() for _ in range(plan.clients)]
    for end in ends:
        await loop.create_connection(lambda end=end: Client(load, end), HOST, plan.port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*ends), plan.seconds + _PATIENCE)
    if load.wrong:
        raise RuntimeError(f"{plan.method} {plan.path}: expected {plan.expect}, got {load.wrong[0]}")
    return measured(load.times, began, plan.clients)


def measured(times: list[tuple[float, float]], began: float, clients: int) -> Result:
    """Return the result without the first answers to each client, in which connections are made."""
    skipped = clients if len(times) > 3 * clients else 0
    start = times[skipped - 1][0] if skipped else began
    counted = times[skipped:]
    took = sorted(1000 * taken for _, taken in counted)
    rate = len(counted) / (counted[-1][0] - start)
    p99, longest = took[min(len(took) - 1, int(0.99 * len(took)))], 1000 * max(taken for _, taken in times)
    return Result(rate, statistics.median(took), p99, len(counted), longest)


def main() -> None:
    """Read a plan, carry it out, print the result."""
    given = json.load(sys.stdin)
    result = asyncio.run(run(Plan(**{**given, "values": tuple(given["values"])})))
    print(json.dumps(vars(result)))


if __name__ == "__main__":
    main()
