"""Client of a DICOMweb service, and its error messages."""

import logging

from dicomweb_client.api import DICOMwebClient
from dicomweb_client.session_utils import create_session, create_session_from_user_pass

from hilum.pacs.peers import WebPeer

# They log addresses, with the names that are searched for.
for _name in ("dicomweb_client.web", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(lambda _record: False)


def web_client(peer: WebPeer) -> DICOMwebClient:
    """Make a client of a DICOMweb service.

    Returns
    -------
    DICOMwebClient
        It raises `OSError` where the service cannot be reached or answers with an error status,
        and `ValueError` where its answer is not understood.
    """
    session = create_session()
    if peer.user:
        session = create_session_from_user_pass(peer.user, peer.password)
    client = DICOMwebClient(peer.url, session=session)
    # The schedule of the outbox is the one that counts.
    client.set_http_retry_params(retry=False)
    return client


def http_status(error: Exception) -> int | None:
    """Give the status with which the service answered.

    Parameters
    ----------
    error : Exception
        Raised by the client.

    Returns
    -------
    int or None
        None where there was no answer.
    """
    # The client lets the errors of its HTTP library through: each has the answer, or None.
    response = getattr(error, "response", None)
    return None if response is None else response.status_code
