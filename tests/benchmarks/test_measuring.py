"""The benchmark measures what it says: its client counts answers, its floors check and store, its table holds."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import floors
from benchmarks.client import MARK, Plan, Result, complete, render, run


class Echo(BaseHTTPRequestHandler):
    """Answers with the path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.loopback
def test_every_value_is_sent_once_from_several_clients(port: int) -> None:
    values = tuple(str(number) for number in range(40))
    result = asyncio.run(run(Plan(port, f"/{MARK}", 4, 30.0, values=values)))
    assert result.count == len(values) - 4
    assert result.rate > 0
    assert 0 < result.p50 <= result.p99


@pytest.mark.loopback
def test_an_unexpected_answer_ends_the_measurement(port: int) -> None:
    with pytest.raises(RuntimeError, match="expected 303"):
        asyncio.run(run(Plan(port, "/", 2, 30.0, expect=303)))


def test_an_answer_is_complete_with_its_last_byte() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert complete(head + b"hell") is None
    assert complete(head + b"hello") == 200
    assert complete(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n") == 304
    assert complete(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n") is None
    assert render(Plan(1, "/a", method="POST", body=f"n={MARK}"), "7").endswith(b"Content-Length: 3\r\n\r\nn=7")


def test_the_floor_checks_the_form_and_stores_one_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'floor.db'}"
    with sqlite3.connect(tmp_path / "floor.db") as database:
        database.execute(floors.table(url))
    client = floors.form_app(url, "s" * 40).test_client()
    fields = {"csrf_token": client.get("/form").text, "category": "1", "given_name": "Ada", "language": "de"}
    assert client.post("/form", data={"given_name": "Ada"}).status_code == 400
    assert client.post("/form", data=fields).status_code == 422
    assert client.post("/form", data={**fields, "email": "ada@example.org"}).status_code == 303
    assert database.execute("SELECT email, given_name FROM floor_row").fetchall() == [("ada@example.org", "Ada")]
    database.close()
    assert floors.hello_app().test_client().get("/hello").text == "hello"


def test_ratios_are_taken_in_each_round() -> None:
    mine = [Result(rate, 1, 4, 10) for rate in (10, 40, 90)]
    floor = [Result(rate, 1, 2, 10) for rate in (100, 100, 300)]
    found = bench.summary(mine, floor, "F1")
    assert (found["ratio"], found["per_second"], found["p99_ratio"]) == (0.3, 40, 2)
    assert len(found["rounds"]) == 3
    assert "0.30" in bench.table({"path": found})
