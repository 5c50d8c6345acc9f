"""Films are taken while the models are loaded, which takes seconds, and read afterwards."""

import threading

import pytest
from pydicom.uid import ComputedRadiographyImageStorage
from sqlalchemy import select

from hilum.models import Registry, RuntimeName
from hilum.models import registry as registry_module
from hilum.pacs.exchange import ExchangeSettings, running
from hilum.pacs.listener import ListenerSettings
from hilum.reporting.forms import Format
from hilum.store.processor import Rules
from hilum.store.schema import Arrival, State
from hilum.store.settings import StoreSettings
from hilum.store.store import opened
from tests.pacs.conftest import MODELS, Exchange, wait_until
from tests.pacs.films import film

pytestmark = pytest.mark.weights


@pytest.fixture
def load(registry, monkeypatch):
    """Lets the models be there: those that are loaded already, or an error in their place."""
    gate, loaded, errors = threading.Event(), registry._all.result(), []

    def load_late(*_, **__):
        gate.wait(30)
        if errors:
            raise errors[0]
        return loaded

    monkeypatch.setattr(registry_module, "load_models", load_late)

    def open_gate(*error):
        errors.extend(error)
        gate.set()

    yield open_gate
    gate.set()


@pytest.fixture
def node(load, tmp_path):
    late = Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO, in_background=True)
    rules = Rules(held_formats=(Format.JSON,), sent_formats=())
    network = ExchangeSettings(listener=ListenerSettings(port=0), processor_workers=1)
    with (
        opened(StoreSettings(folder=tmp_path / "store", rules=rules), late) as store,
        running(network, store) as listener,
    ):
        assert listener is not None
        yield Exchange(store, listener)
        load()


def _arrival(node):
    with node.store.database.read() as session:
        return session.scalar(select(Arrival))


def _send(node):
    association = node.associate(ComputedRadiographyImageStorage)
    try:
        return association.send_c_store(film(1)).Status
    finally:
        association.release()


def test_a_film_is_taken_before_the_models_are_there_and_read_then(node, load):
    assert _send(node) == 0x0000
    assert (_arrival(node).state, _arrival(node).attempts) == (State.ARRIVED, 0)
    load()
    wait_until(lambda: _arrival(node).state is not State.ARRIVED)


def test_models_that_cannot_be_loaded_cost_no_film_an_attempt(node, load):
    assert _send(node) == 0x0000
    load(OSError("the disk of the models is gone"))
    with pytest.raises(OSError, match="the disk of the models is gone"):
        node.store.registry.wait()
    assert (_arrival(node).state, _arrival(node).attempts) == (State.ARRIVED, 0)
