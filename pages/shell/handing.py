"""Files handed over at a click: made for one session, and given to it alone while what they rest on stands.

Streamlit keeps what a button saves at an address of `/media` until its next runs, and gives it to whoever asks there.
The gate asks here before it lets such a file pass: what nobody was handed passes to nobody.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from governance import NotPermitted, Visit, visiting
from governance.footing import footing

_MOST = 2_000
"""Files that are remembered; the oldest is asked for anew by another click."""
_handed: OrderedDict[tuple[str, bytes], str] = OrderedDict()
"""Session and digest of the file -> what the access of its viewer rested on when it was made."""
_lock = threading.Lock()


def hand_over(session_id: str, make: Callable[[Visit], bytes]) -> bytes:
    """The file as this session may have it at this moment. Raises NotPermitted when it has ended, and what make raises.

    For the `data` of a download button: bytes that are given to it at once lie at an address before anybody clicks.
    """
    with visiting(session_id) as visit:
        if visit is None:
            raise NotPermitted("Your session has ended: sign in again.")
        rests_on = footing(visit)
        data = make(visit)
    with _lock:
        _handed[session_id, _digest(data)] = rests_on
        while len(_handed) > _MOST:
            _handed.popitem(last=False)
    return data


def may_have(session_id: str, data: bytes) -> bool:
    """Whether this file was made for this session, and nothing that it rests on has changed since."""
    with _lock:
        rested_on = _handed.get((session_id, _digest(data)))
    if rested_on is None:
        return False
    with visiting(session_id, touch=False) as visit:
        return visit is not None and footing(visit) == rested_on


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
