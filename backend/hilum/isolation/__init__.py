"""Processing of untrusted bytes: in this process, or in worker processes with limits."""

from hilum.isolation.budget import Budget, default_workers
from hilum.isolation.cancellation import CANCELLATION, Cancellation, WorkCancelledError
from hilum.isolation.failures import TaskError
from hilum.isolation.isolation import IN_PROCESS, Content, FileContent, InProcess, Isolation

__all__ = [
    "CANCELLATION",
    "IN_PROCESS",
    "Budget",
    "Cancellation",
    "Content",
    "FileContent",
    "InProcess",
    "Isolation",
    "TaskError",
    "WorkCancelledError",
    "default_workers",
]
