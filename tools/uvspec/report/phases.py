"""In which phase of an iteration a callback runs, as its type tells.

The harness notes when uv_run() is entered and left, not in which phase a callback runs: nothing in the API
would tell. A timer's callback runs in the phase of timers, whatever library it is. Where a type leaves it
open (a write may be told in the pending phase or while polling), the lane says both.
"""

from __future__ import annotations

# Lane -> what its events are. In the order of an iteration, timers first; then what is outside it.
LANES = {
    "timers": "timers that are due",
    "pending": "requests of streams and datagrams: told while pending ones are served, or while polling",
    "idle": "idle handles",
    "prepare": "prepare handles",
    "poll": "input, signals, children, other threads' wake-ups and results",
    "check": "check handles",
    "closing": "close callbacks",
    "call": "called back within the call itself, in no phase",
    "threads": "on another thread",
    "notes": "what the scenario itself noted",
}

_OF_TYPE = {
    "uv_timer_cb": "timers", "uv_idle_cb": "idle", "uv_prepare_cb": "prepare", "uv_check_cb": "check", "uv_close_cb": "closing",
    "uv_write_cb": "pending", "uv_connect_cb": "pending", "uv_shutdown_cb": "pending", "uv_udp_send_cb": "pending",
    "uv_work_cb": "threads", "uv_thread_cb": "threads", "uv_walk_cb": "call", "void (*)(void)": "call",
}


def lane_of(ctype: str) -> str:
    """The lane of a callback of this C type; whatever has no other phase is told while polling."""
    return _OF_TYPE.get(ctype, "poll")


def lanes(callbacks: dict[str, str]) -> dict[str, str]:
    """Callback -> lane, for those of one test."""
    return {name: lane_of(ctype) for name, ctype in callbacks.items()}
