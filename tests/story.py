"""The demonstration for tests: loaded once a run through the services, copied for each worker, rolled back after."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from config import Config
from eventapp.app import create_app
from eventapp.core.db import db
from eventapp.demo import service as demo
from tests.conftest import SUMMER, application, close, rolled_back
from tests.databases import Databases


def tell(url: str) -> None:
    """Load the demonstration into the empty database at `url`, on the day of the tests."""
    app = create_app(Config.for_tests(url))
    with time_machine.travel(SUMMER), app.app_context():
        demo.load()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def _app_with_story(database_stock: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with database_stock.filled("story", tell) as url:
        folder: Path = tmp_path_factory.mktemp("instance")
        app = application(url, folder)
        yield app
        close(app)


@pytest.fixture
def story(_app_with_story: Flask) -> Iterator[Flask]:
    """The application with the demonstration in its database; what a test does to it is rolled back."""
    with rolled_back(_app_with_story):
        yield _app_with_story
