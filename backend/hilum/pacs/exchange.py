"""Network part of a deployment: listener, processor and delivery, until stopped."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from hilum.pacs.delivery import DeliveryWorkers
from hilum.pacs.listener import Listener, ListenerSettings
from hilum.pacs.peers import Peer
from hilum.pacs.sending import Sender
from hilum.store.store import Store
from hilum.store.workers import ProcessorWorkers


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSettings:
    """Settings of the network part.

    Attributes
    ----------
    listener : ListenerSettings or None
        None where nothing is to listen.
    processor_workers : int
        How many threads read.
    """

    listener: ListenerSettings | None
    peers: tuple[Peer, ...] = ()
    sender: Sender = Sender()  # noqa: RUF009 - frozen
    processor_workers: int = 2


@contextmanager
def running(settings: ExchangeSettings, store: Store) -> Iterator[Listener | None]:
    """Listen, read and send for as long as the context lasts.

    Yields
    ------
    Listener or None
    """
    with ExitStack() as stack:
        workers = ProcessorWorkers(store, settings.processor_workers)
        workers.start()
        stack.callback(workers.stop)
        delivery_workers = DeliveryWorkers(store, settings.peers, settings.sender)
        delivery_workers.start()
        stack.callback(delivery_workers.stop)
        listener = None
        if settings.listener is not None:
            listener = Listener(settings.listener, store)
            listener.start()
            stack.callback(listener.stop)
        yield listener
