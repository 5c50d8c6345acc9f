"""Delivery threads, one per peer, so that no peer delays another."""

import logging
from collections.abc import Sequence
from functools import partial

from sqlalchemy.exc import DBAPIError

from hilum.pacs.peers import Peer
from hilum.pacs.sending import DeliveryError, Sender
from hilum.store.outbox import OutboundObject
from hilum.store.store import Store
from hilum.store.workers import Repeater

logger = logging.getLogger(__name__)


class DeliveryWorkers:
    """Threads that send due deliveries."""

    def __init__(self, store: Store, peers: Sequence[Peer], sender: Sender) -> None:
        self._outbox = store.outbox
        self._sender = sender
        self._threads = [
            Repeater(f"delivery to {peer.name}", partial(self.deliver, peer)) for peer in peers
        ]

    def start(self) -> None:
        """Start."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let them finish what they send, and stop."""
        for thread in self._threads:
            thread.stop()

    def deliver(self, peer: Peer) -> bool:
        """Send due deliveries to a peer.

        Returns
        -------
        bool
            Whether anything was delivered.
        """
        due = list(self._outbox.due(peer.name))
        delivered = 0
        if not due:
            return False
        left = list(due)
        try:
            outcomes = self._sender.send(peer, [each.content for each in due])
            for outbound_object, failure in zip(due, outcomes, strict=True):
                left.remove(outbound_object)
                if failure is None:
                    self._outbox.sent(outbound_object)
                    delivered += 1
                else:
                    self._outbox.failed(outbound_object, str(failure))
        except DeliveryError as exc:
            self._fail(left, str(exc))
        except DBAPIError:
            # Ours, and not the deliveries'.
            raise
        except Exception as exc:
            # One that cannot be sent must not hold up the others for ever. Its words may quote it.
            self._fail(left, f"could not be sent: {type(exc).__name__}")
        if delivered:
            logger.info("%d results delivered to %s", delivered, peer.name)
        return delivered > 0

    def _fail(self, left: Sequence[OutboundObject], reason: str) -> None:
        for outbound_object in left:
            self._outbox.failed(outbound_object, reason)
