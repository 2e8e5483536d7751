"""The embedded backend: the whole service on this machine, without an account and without a network."""

from nemovideo.local._store.ledger import Charge
from nemovideo.local.backend import LocalBackend
from nemovideo.local.request_log import RecordedRequest

__all__ = ["Charge", "LocalBackend", "RecordedRequest"]
