"""The network part of a deployment: it listens, reads and sends until it is stopped."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from hilum.pacs.courier import Courier
from hilum.pacs.listener import Listener, ListenerSettings
from hilum.pacs.peers import Peer
from hilum.pacs.sending import Sender
from hilum.worklist.worker import Readers
from hilum.worklist.worklist import Worklist


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSettings:
    """What the network part does.

    Attributes
    ----------
    listener : ListenerSettings or None
        None where nothing is to listen.
    peers : tuple of Peer
    sender : Sender
    readers : int
        How many threads read.
    """

    listener: ListenerSettings | None
    peers: tuple[Peer, ...] = ()
    sender: Sender = Sender()  # noqa: RUF009 - frozen
    readers: int = 2


@contextmanager
def running(settings: ExchangeSettings, worklist: Worklist) -> Iterator[Listener | None]:
    """Listen, read and send for as long as the context lasts.

    Parameters
    ----------
    settings : ExchangeSettings
    worklist : Worklist

    Yields
    ------
    Listener or None
    """
    with ExitStack() as stack:
        readers = Readers(worklist, settings.readers)
        readers.start()
        stack.callback(readers.stop)
        courier = Courier(worklist, settings.peers, settings.sender)
        courier.start()
        stack.callback(courier.stop)
        listener = None
        if settings.listener is not None:
            listener = Listener(settings.listener, worklist)
            listener.start()
            stack.callback(listener.stop)
        yield listener
