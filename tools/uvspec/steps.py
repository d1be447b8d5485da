"""The step language: parsing, checking against the API, and translation to C.

A step is one line, written as one would say it:

    uv_timer_start(t, on_t, 20, 0) -> 0      call, and what it returns
    x = uv_now(loop)                         a variable; its type is the value's
    t.data = loop                            a public field
    mask[0] = 1                              an element of an array
    expect uv_now(loop) >= x + 20            a condition
    uv_stop(loop)                            a call that returns nothing

What may follow `->`: a value, a comparison (`>= 20`, `!= 0`), `nonzero`, `null`, `non-null`,
`one of [0, UV_EINVAL]`, `"text"`, or `any` (the result is of no interest). Names are handles, loops,
variables, constants, callbacks (`on_…`) and, inside a callback, its parameters. Handles, loops and
structs are passed by address without saying so. Built-in functions are listed in BUILTINS.

The syntax of expressions is Python's, so Python parses it; nothing is ever evaluated here. Bytes that
are no text are written `b"\\xff"`.
"""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from functools import cache

from .ctypes_ import TypeTable, spaced
from .errors import Problem
from .model import At, Function

# name -> (result type, number of arguments, C). {0}, {1} are the arguments.
BUILTINS: dict[str, tuple[str, int, str]] = {
    "busy": ("void", 1, "uvt_busy({0})"),
    "cpu_ms": ("long", 0, "uvt_cpu_ms()"),
    "process_cpu_ms": ("long", 0, "uvt_process_cpu_ms()"),
    "gone": ("void", 1, "uvt_gone(&{0}, sizeof {0})"),
    "note": ("void", 1, "uvt_note({0})"),
    "atfork_loop": ("void", 1, "uvt_atfork_loop({0})"),
    "atfork_loop_result": ("int", 0, "uvt_atfork_loop_result()"),
    "raise_signal": ("int", 1, "raise({0})"),
    "alloc_fail": ("void", 1, "uvt_alloc_fail({0})"),
    "alloc_calls": ("int", 0, "uvt_alloc_calls()"),
    "alloc_free": ("void", 1, "uvt_alloc_free({0})"),
    "alloc_live": ("int", 0, "uvt_alloc_live()"),
    "readable": ("int", 1, "uvt_fd_readable({0})"),
    "strlen": ("size_t", 1, "strlen({0})"),
    "strcmp": ("int", 2, "strcmp({0}, {1})"),
    "strncmp": ("int", 3, "strncmp({0}, {1}, {2})"),
    "memcmp": ("int", 3, "memcmp(&{0}, &{1}, {2})"),
    "getpid": ("int", 0, "(int) getpid()"),
    "dirty": ("void", 1, "uvt_dirty(&{0}, sizeof {0})"),
    "fds_left": ("void", 1, "uvt_fds_left({0})"),
    "fds_room": ("void", 1, "uvt_fds_room({0})"),
    "fd_memory": ("int", 0, "uvt_fd_memory()"),
    "page_size": ("size_t", 0, "(size_t) sysconf(_SC_PAGESIZE)"),
    "stack_size": ("size_t", 0, "uvt_stack_size()"),
    "stack_limit": ("void", 1, "uvt_stack_limit({0})"),
    "detached": ("int", 0, "uvt_thread_detached()"),
    "thread_nice": ("int", 0, "uvt_thread_nice()"),
    "thread_name": ("const char*", 0, "uvt_thread_name()"),
    "cpu_allowed": ("int", 1, "uvt_cpu_allowed({0})"),
    "first_cpu": ("int", 0, "uvt_first_cpu()"),
    "block_signal": ("void", 1, "uvt_block_signal({0})"),
    "unblock_signal": ("void", 1, "uvt_unblock_signal({0})"),
    "signal_blocked": ("int", 1, "uvt_signal_blocked({0})"),
    "interrupt_every": ("void", 1, "uvt_interrupt_every({0})"),
    "gate_wait": ("void", 1, "uvt_gate_wait({0})"),
    "gate_open": ("void", 1, "uvt_gate_open({0})"),
    "gate_shut": ("void", 1, "uvt_gate_shut({0})"),
    "gate_came": ("int", 1, "uvt_gate_came({0})"),
    "gate_await": ("void", 2, "uvt_gate_await({0}, {1})"),
    "main_thread": ("int", 0, "uvt_main_thread()"),
    "set_env": ("void", 2, "uvt_set_env({0}, {1})"),
    "small_stacks": ("void", 0, "uvt_small_stacks()"),
    "resolver_gate": ("void", 1, "uvt_resolver_gate({0})"),
    "resolver_answer": ("void", 1, "uvt_resolver_answer({0})"),
    "resolver_calls": ("int", 0, "uvt_resolver_calls()"),
    "resolver_asked": ("const char*", 0, "uvt_resolver_asked()"),
    "ipv4": ("void", 3, "uvt_ipv4(&{0}, {1}, {2})"),
    "ipv6": ("void", 3, "uvt_ipv6(&{0}, {1}, {2})"),
    "repeated": ("const char*", 2, "uvt_repeated({0}, {1})"),
    "address_text": ("const char*", 1, "uvt_address_text({0})"),
    "os_text": ("const char*", 1, "uvt_os_text({0})"),
    "null_symbol": ("const char*", 0, "uvt_null_symbol()"),
    "os_number": ("int64_t", 1, "uvt_os_number({0})"),
    "env_item": ("const char*", 3, "uvt_env_item({0}, {1}, {2})"),
    "pretend_interfaces": ("void", 1, "uvt_pretend_interfaces({0})"),
    "interfaces_reads": ("int", 0, "uvt_interfaces_reads()"),
    "interfaces_kept": ("int", 0, "uvt_interfaces_kept()"),
    "has_interface": ("int", 5, "uvt_has_interface({0}, {1}, {2}, {3}, {4})"),
    "whole": ("int64_t", 1, "((int64_t) ({0}))"),
    "pretend_file": ("void", 2, "uvt_pretend_file({0}, {1})"),
    "pretend_nothing": ("void", 1, "uvt_pretend_nothing({0})"),
    "pretend_group": ("void", 2, "uvt_pretend_group({0}, {1})"),
    "pretend_user": ("void", 1, "uvt_pretend_user({0})"),
    "pretended_reads": ("int", 0, "uvt_pretended_reads()"),
    "odd_environment": ("void", 0, "uvt_odd_environment()"),
    "member": ("const char*", 1, "uvt_member({0})"),
    "refuse": ("void", 4, "uvt_refuse({0}, {1}, {2}, {3})"),
    "refuse_nothing": ("void", 0, "uvt_refuse_nothing()"),
    "refused": ("int", 0, "uvt_calls_refused()"),
    "need_refused": ("void", 1, "uvt_need_refused({0})"),
    "asked": ("int", 1, "uvt_asked({0})"),
    "interfaces_differ": ("const char*", 2, "uvt_interfaces_differ({0}, {1})"),
    "usage_note": ("void", 1, "uvt_usage_note({0})"),
    "usage_differs": ("const char*", 1, "uvt_usage_differs(&{0})"),
    "load_note": ("void", 0, "uvt_load_note()"),
    "load_differs": ("const char*", 1, "uvt_load_differs({0})"),
    "variables_differ": ("const char*", 2, "uvt_variables_differ({0}, {1})"),
    "in_group6": ("int", 2, "uvt_in_group6({0}, {1})"),
    "if_index": ("unsigned int", 1, "uvt_if_index({0})"),
    "utf16": ("void", 2, "uvt_utf16({0}, sizeof {0}, {1})"),
    "utf16_text": ("const char*", 2, "uvt_utf16_text({0}, {1})"),
    "count_bytes": ("int", 4, "uvt_count_bytes({0}, {1}, {2}, {3})"),
    "same_bytes": ("int", 5, "uvt_same_bytes({0}, {1}, {2}, {3}, {4})"),
    "fill": ("void", 3, "memset({0}, {1}, {2})"),
    "set_errno": ("void", 1, "(errno = {0})"),
    "clear": ("void", 1, "memset(&{0}, 0, sizeof {0})"),
    "set_text": ("void", 2, "uvt_set_text({0}, sizeof {0}, {1})"),
    "socket_pair": ("void", 1, "uvt_socket_pair({0})"),
    "pipe_pair": ("void", 1, "uvt_pipe_pair({0})"),
    "fd_close": ("void", 1, "uvt_fd_close({0})"),
    "fds_open": ("int", 0, "uvt_fds_open()"),
    "fd_is_open": ("int", 1, "uvt_fd_is_open({0})"),
    "fd_nonblocking": ("int", 1, "uvt_fd_nonblocking({0})"),
    "fd_cloexec": ("int", 1, "uvt_fd_cloexec({0})"),
    "fd_dup": ("int", 1, "uvt_fd_dup({0})"),
    "fd_port": ("int", 1, "uvt_fd_port({0})"),
    "fd_backlog": ("int", 1, "uvt_fd_backlog({0})"),
    "fd_set_option": ("int", 3, "uvt_fd_set_option({0}, {1}, {2})"),
    "fd_option": ("int", 2, "uvt_fd_option({0}, {1})"),
    "peer_listen": ("int", 0, "uvt_peer_listen()"),
    "peer_closed_port": ("int", 0, "uvt_peer_closed_port()"),
    "peer_connect": ("int", 1, "uvt_peer_connect({0})"),
    "peer_accept": ("int", 1, "uvt_peer_accept({0})"),
    "peer_reset": ("void", 1, "uvt_peer_reset({0})"),
    "peer_shutdown": ("void", 1, "uvt_peer_shutdown({0})"),
    "peer_urgent": ("void", 1, "uvt_peer_urgent({0})"),
    "take_urgent": ("void", 1, "uvt_take_urgent({0})"),
    "spare_socket": ("int", 0, "uvt_spare_socket()"),
    "datagram_pair": ("void", 1, "uvt_datagram_pair({0})"),
    "datagram_peer": ("int", 1, "uvt_datagram_peer({0})"),
    "datagram_closed_port": ("int", 0, "uvt_datagram_closed_port()"),
    "peer_datagrams": ("void", 3, "uvt_peer_datagrams({0}, {1}, {2})"),
    "count_datagrams": ("int", 1, "uvt_count_datagrams({0})"),
    "await_error": ("void", 1, "uvt_await_error({0})"),
    "many_bufs": ("uv_buf_t**", 2, "uvt_many_bufs({0}, {1})"),
    "many_sizes": ("unsigned int*", 0, "uvt_many_sizes()"),
    "alternate_addresses": ("struct sockaddr**", 2, "uvt_alternate_addresses({0}, {1})"),
    "many_addresses": ("struct sockaddr**", 1, "uvt_many_addresses({0})"),
    "address_port": ("int", 1, "uvt_address_port({0})"),
    "port_of": ("int", 1, "uvt_address_port((const struct sockaddr *) &{0})"),
    "text_of": ("const char*", 1, "uvt_address_text((const struct sockaddr *) &{0})"),
    "offset": ("int64_t", 2, "((int64_t) ((const char *) ({1}) - (const char *) ({0})))"),
    "loopback": ("const struct sockaddr*", 1, "uvt_loopback({0})"),
    "spare_address": ("const struct sockaddr*", 0, "uvt_spare_address()"),
    "pass_fd": ("void", 2, "uvt_pass_fd({0}, {1})"),
    "as_stream": ("uv_stream_t*", 1, "((uv_stream_t *) &{0})"),
    "spare_tcp": ("int", 0, "uvt_spare_tcp()"),
    "spare_local": ("int", 0, "uvt_spare_local()"),
    "spare_connect": ("uv_connect_t*", 0, "uvt_spare_connect()"),
    "spare_shutdown": ("uv_shutdown_t*", 0, "uvt_spare_shutdown()"),
    "listener_address": ("struct sockaddr*", 0, "uvt_listener_address()"),
    "spare_path": ("const char*", 0, "uvt_spare_path()"),
    "signal_default": ("int", 1, "uvt_signal_default({0})"),
    "signal_restarts": ("int", 1, "uvt_signal_restarts({0})"),
    "raise_keeps_errno": ("int", 2, "uvt_raise_keeps_errno({0}, {1})"),
    "kill_self": ("void", 1, "uvt_kill_self({0})"),
    "program": ("void", 2, "uvt_program(&{0}, {1})"),
    "script": ("void", 2, "uvt_script(&{0}, {1})"),
    "argument": ("void", 2, "uvt_argument(&{0}, {1})"),
    "variable": ("void", 2, "uvt_variable(&{0}, {1})"),
    "child_fd": ("void", 3, "uvt_child_fd(&{0}, {1}, {2})"),
    "child_stream": ("void", 4, "uvt_child_stream(&{0}, {1}, {2}, (uv_stream_t *) &{3})"),
    "a_child": ("const uv_process_options_t*", 0, "uvt_a_child()"),
    "end_children": ("void", 0, "uvt_end_children()"),
    "await_end": ("int", 1, "uvt_await_end({0})"),
    "await_stop": ("int", 1, "uvt_await_stop({0})"),
    "is_child": ("int", 1, "uvt_is_child({0})"),
    "reap": ("int", 1, "uvt_reap({0})"),
    "own_child": ("int", 1, "uvt_own_child({0})"),
    "no_process": ("int", 0, "uvt_no_process()"),
    "be_nobody": ("void", 0, "uvt_be_nobody()"),
    "take_groups": ("void", 0, "uvt_take_groups()"),
    "ignore_signal": ("void", 1, "uvt_ignore_signal({0})"),
    "signal_ignored": ("int", 1, "uvt_signal_ignored({0})"),
    "fd_at": ("int", 2, "uvt_fd_at({0}, {1})"),
    "long_word": ("const char*", 1, "uvt_long_word({0})"),
    "fd_rest": ("const char*", 1, "uvt_fd_rest({0})"),
    "own_folder": ("const char*", 1, "uvt_own_folder({0})"),
    "own_file": ("const char*", 4, "uvt_own_file({0}, {1}, {2}, {3})"),
    "joined": ("const char*", 2, "uvt_joined({0}, {1})"),
    "atfork": ("void", 0, "uvt_atfork()"),
    "atfork_ran": ("int", 1, "uvt_atfork_ran({0})"),
    "argc": ("int", 0, "uvt_argc()"),
    "argv": ("char**", 0, "uvt_argv()"),
    "word": ("const char*", 2, "uvt_word({0}, {1})"),
    "title_room": ("int", 0, "uvt_title_room()"),
    "shown_title": ("const char*", 0, "uvt_shown_title()"),
    "shown_words": ("int", 0, "uvt_shown_words()"),
    "shown_name": ("int", 1, "uvt_shown_name({0})"),
    "peer_send": ("void", 2, "uvt_peer_send({0}, {1})"),
    "peer_bytes": ("const char*", 2, "uvt_peer_bytes({0}, {1})"),
    "peer_text": ("const char*", 1, "uvt_peer_text({0})"),
    "pattern": ("char*", 1, "uvt_pattern({0})"),
    "peer_pattern": ("int64_t", 1, "uvt_peer_pattern({0})"),
    "count_read": ("int64_t", 1, "uvt_count_read({0})"),
    "pieces": ("void", 3, "uvt_pieces({0}, {1}, {2})"),
    "fds_passed": ("int", 1, "uvt_fds_passed({0})"),
    "pass_fds": ("void", 4, "uvt_pass_fds({0}, {1}, {2}, {3})"),
    "fd_move": ("void", 2, "uvt_fd_move({0}, {1})"),
    "new_session": ("void", 0, "uvt_new_session()"),
    "has_terminal": ("int", 0, "uvt_has_terminal()"),
    "long_path": ("const char*", 1, "uvt_long_path({0})"),
    "passed_bytes": ("int64_t", 0, "uvt_passed_bytes()"),
    "passed_at": ("int64_t", 0, "uvt_passed_at()"),
    "fd_file": ("int", 1, "uvt_fd_file({0})"),
    "fd_folder": ("int", 0, "uvt_fd_folder()"),
    "fd_socket": ("int", 2, "uvt_fd_socket({0}, {1})"),
    "has_ipv6": ("int", 0, "uvt_has_ipv6()"),
    "abstract_name": ("void", 1, "uvt_abstract_name({0})"),
    "give": ("void", 2, "uvt_give({0}, {1})"),
    "take": ("void", 2, "uvt_take({0}, {1})"),
    "taken": ("const char*", 0, "uvt_taken()"),
    "taken_pattern": ("int64_t", 0, "uvt_taken_pattern()"),
    "socket_path": ("const char*", 1, "uvt_socket_path({0})"),
    "path_mode": ("int", 1, "uvt_path_mode({0})"),
    "path_remove": ("void", 1, "uvt_path_remove({0})"),
    "nest": ("const char*", 1, "uvt_nest({0})"),
    "nest_make": ("void", 1, "uvt_nest_make({0})"),
    "nest_write": ("void", 2, "uvt_nest_write({0}, {1})"),
    "nest_read": ("void", 1, "uvt_nest_read({0})"),
    "nest_truncate": ("void", 2, "uvt_nest_truncate({0}, {1})"),
    "nest_remove": ("void", 1, "uvt_nest_remove({0})"),
    "nest_rename": ("void", 2, "uvt_nest_rename({0}, {1})"),
    "nest_folder": ("void", 1, "uvt_nest_folder({0})"),
    "nest_mode": ("void", 2, "uvt_nest_mode({0}, {1})"),
    "nest_times": ("void", 2, "uvt_nest_times({0}, {1})"),
    "nest_link": ("void", 2, "uvt_nest_link({0}, {1})"),
    "nest_symlink": ("void", 2, "uvt_nest_symlink({0}, {1})"),
    "nest_flood": ("void", 1, "uvt_nest_flood({0})"),
    "watch_fds": ("int", 0, "uvt_watch_fds()"),
    "watch_fd": ("int", 0, "uvt_watch_fd()"),
    "watches": ("int", 0, "uvt_watches()"),
    "pty": ("void", 1, "uvt_pty({0})"),
    "pty_slave": ("int", 0, "uvt_pty_slave()"),
    "pty_open": ("int", 2, "uvt_pty_open({0}, {1})"),
    "pty_size": ("void", 3, "uvt_pty_size({0}, {1}, {2})"),
    "pty_mode": ("int", 2, "uvt_pty_mode({0}, {1})"),
    "pty_set": ("void", 3, "uvt_pty_set({0}, {1}, {2})"),
    "folder": ("void", 0, "uvt_folder()"),
    "inside": ("const char*", 1, "uvt_inside({0})"),
    "unprivileged": ("void", 0, "uvt_unprivileged()"),
    "act_as_nobody": ("void", 0, "uvt_act_as_nobody()"),
    "privileged": ("void", 0, "uvt_privileged()"),
    "set_umask": ("void", 1, "uvt_set_umask({0})"),
    "make_file": ("void", 2, "uvt_make_file({0}, {1})"),
    "make_pattern": ("void", 2, "uvt_make_pattern({0}, {1})"),
    "make_folder": ("void", 1, "uvt_make_folder({0})"),
    "make_link": ("void", 2, "uvt_make_link({0}, {1})"),
    "make_fifo": ("void", 1, "uvt_make_fifo({0})"),
    "make_block": ("int", 1, "uvt_make_block({0})"),
    "make_socket": ("void", 1, "uvt_make_socket({0})"),
    "set_mode": ("void", 2, "uvt_set_mode({0}, {1})"),
    "set_times": ("void", 3, "uvt_set_times({0}, {1}, {2})"),
    "set_size": ("void", 2, "uvt_set_size({0}, {1})"),
    "file_text": ("const char*", 1, "uvt_file_text({0})"),
    "file_pattern": ("int64_t", 1, "uvt_file_pattern({0})"),
    "link_text": ("const char*", 1, "uvt_link_text({0})"),
    "shares_blocks": ("int", 0, "uvt_shares_blocks()"),
    "fd_open": ("int", 2, "uvt_fd_open({0}, {1})"),
    "fifo_writer": ("int", 1, "uvt_fifo_writer({0})"),
    "fd_position": ("int64_t", 1, "uvt_fd_position({0})"),
    "fd_seek": ("void", 2, "uvt_fd_seek({0}, {1})"),
    "fd_flags": ("int", 1, "uvt_fd_flags({0})"),
    "fd_is": ("int", 2, "uvt_fd_is({0}, {1})"),
    "lent": ("const char*", 1, "uvt_lent({0})"),
    "lent_back": ("void", 0, "uvt_lent_back()"),
    "room": ("char*", 1, "uvt_room({0})"),
    "bytes": ("const char*", 2, "uvt_bytes({0}, {1})"),
    "os_stat": ("int64_t", 2, "uvt_os_stat({0}, {1})"),
    "os_lstat": ("int64_t", 2, "uvt_os_lstat({0}, {1})"),
    "stat_differs": ("const char*", 3, "uvt_stat_differs(&{0}, {1}, {2})"),
    "stat_at_differs": ("const char*", 3, "uvt_stat_differs({0}, {1}, {2})"),
    "statfs_differs": ("const char*", 2, "uvt_statfs_differs({0}, {1})"),
    "statfs_fragment": ("int64_t", 1, "uvt_statfs_fragment({0})"),
    "os_fragment": ("int64_t", 1, "uvt_os_fragment({0})"),
    "folder_state": ("uint64_t", 0, "uvt_folder_state()"),
    "dir_of": ("uv_dir_t*", 1, "((uv_dir_t *) ({0}))"),
    "statfs_of": ("uv_statfs_t*", 1, "((uv_statfs_t *) ({0}))"),
    "min": ("int64_t", 2, "(({0}) < ({1}) ? ({0}) : ({1}))"),
}
_SPECIAL = {"calls", "start", "join", "finished", "sizeof", "saturated", "exported"}

_ARROW = re.compile(r"((?:[^\"']|\"[^\"]*\"|'[^']*')*?) -> (.*)\Z", re.S)
_LVALUE = re.compile(r"[A-Za-z_]\w*(\[[^\]]*\]|\.\w+|->\w+)*")

_COMPARE: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITH: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "/", ast.Div: "/", ast.Mod: "%",
                                         ast.BitOr: "|", ast.BitAnd: "&"}


class StepError(Exception):
    """A step that cannot be meant; the message says why and, where possible, what would do."""


@dataclass
class Value:
    """A translated expression."""

    c: str
    ctype: str
    kind: str  # int | uint | float | str | ptr | struct | void | callback | null | bool
    atom: bool = True  # no parentheses needed around it


@dataclass
class Binding:
    """What a name of the scenario stands for in C."""

    role: str  # handle | handles | loop | var | param | group
    c: str
    ctype: str
    label: str = ""


class Scope:
    """The names one body can use. Callback bodies get a child scope with their parameters."""

    def __init__(self, table: TypeTable, parent: "Scope | None" = None) -> None:
        self.table = table
        self.parent = parent
        self.names: dict[str, Binding] = {}

    def find(self, name: str) -> Binding | None:
        return self.names.get(name) or (self.parent.find(name) if self.parent else None)

    def every(self) -> list[str]:
        return [*self.names, *(self.parent.every() if self.parent else [])]


class Host:
    """What a translator needs to know of the scenario around a step. See gen/scenario_c.py."""

    def callback(self, name: str, ctype: str) -> str:
        """Notes that `name` is used as a callback of that type; returns its C name."""
        raise NotImplementedError

    def calls(self, name: str) -> str:
        """The C expression that counts the calls of a callback."""
        raise NotImplementedError

    def group(self, name: str) -> str | None:
        """Checks the name of a thread group."""
        raise NotImplementedError

    def start_threads(self, name: str) -> str:
        """The C statement that starts a thread group."""
        raise NotImplementedError

    def used(self, function: str) -> None:
        """Notes that a function of the library is called."""

    def assigned(self, name: str, ctype: str) -> Binding:
        """A variable that a step assigns to; declares it on first sight."""
        raise NotImplementedError


class Translator:
    """Translates the steps of one body to C lines."""

    def __init__(self, functions: dict[str, Function], table: TypeTable, scope: Scope, host: Host) -> None:
        self.functions = functions
        self.table = table
        self.scope = scope
        self.host = host

    # ------------------------------------------------------------------------------ statements

    def statement(self, text: str) -> str:
        """One step as one C statement. Raises StepError."""
        text = text.strip()
        if text.startswith("expect "):
            return self._expect(text.removeprefix("expect "))
        call, arrow, wanted = _split_arrow(text)
        assign = re.match(r"([a-z_][a-z0-9_]*(?:\[[^\]]+\])?(?:\.[a-z_][a-z0-9_]*)?) = (?!=)(.+)\Z", call, re.S)
        if assign and not arrow:
            return self._assign(assign[1], assign[2])
        tree = _parse(call)
        value = self.expression(tree)
        if not arrow:
            if value.kind != "void":
                raise StepError(f"`{call}` returns {value.ctype}: say what, as in `{call} -> 0`, or `-> any`")
            return f"{value.c};"
        if value.kind == "void":
            raise StepError(f"`{call}` returns nothing, so nothing can follow `->`")
        return self._check(value, wanted.strip())

    def _assign(self, target: str, expression: str) -> str:
        if "." in target and (callback := self._callback_for(target, expression.strip())):
            return callback
        value = self.expression(_parse(expression))
        if value.kind == "void":
            raise StepError(f"`{expression}` returns nothing")
        if "." in target or "[" in target:
            left = self.expression(_parse(target))
            return f"{left.c} = {self._converted(value, left.ctype, f'`{target}`')};"
        ctype = "int" if value.kind == "bool" else value.ctype
        binding = self.host.assigned(target, ctype)
        if binding.ctype == value.ctype and value.kind == "struct":
            return f"{binding.c} = {value.c};"
        return f"{binding.c} = {self._converted(value, binding.ctype, f'`{target}`')};"

    def _callback_for(self, target: str, name: str) -> str:
        """`o.exit_cb = on_exit` as a C statement; "" for anything else."""
        if not re.fullmatch(r"on_[a-z0-9_]+", name) or self.scope.find(name):
            return ""
        left = self.expression(_parse(target))
        if left.kind != "callback":
            return ""
        return f"{left.c} = {self.host.callback(name, self.table.resolve(left.ctype))};"

    def _expect(self, text: str) -> str:
        tree = _parse(text)
        if isinstance(tree, ast.Compare) and len(tree.ops) == 1 and type(tree.ops[0]) in _COMPARE:
            left = self.expression(tree.left)
            return self._compare(left, _COMPARE[type(tree.ops[0])], self.expression(tree.comparators[0]))
        return f"CHECK({self.expression(tree).c});"

    def _check(self, value: Value, wanted: str) -> str:
        if wanted == "any":
            return f"(void) {value.c};"
        if wanted == "nonzero":
            return self._compare(value, "!=", Value("0", "int", "int"))
        if wanted in ("null", "non-null"):
            return self._compare(value, "==" if wanted == "null" else "!=", Value("NULL", "void*", "null"))
        one_of = re.fullmatch(r"one of \[(.+)\]", wanted)
        if one_of:
            options = [self.expression(_parse(o)) for o in _split_commas(one_of[1])]
            for option in [value, *options]:
                if option.kind not in ("int", "uint", "bool"):
                    raise StepError(f"`one of` is for numbers; `{option.c}` is {option.ctype}")
            return f"CHECK_ONE_OF({value.c}, {', '.join(o.c for o in options)});"
        compared = re.match(r"(==|!=|<=|>=|<|>)\s*(.+)\Z", wanted)
        op, rest = (compared[1], compared[2]) if compared else ("==", wanted)
        return self._compare(value, op, self.expression(_parse(rest)))

    def _compare(self, left: Value, op: str, right: Value) -> str:
        if "void" in (left.kind, right.kind):
            raise StepError("a call that returns nothing cannot be compared")
        if "str" in (left.kind, right.kind) and right.c.startswith('"'):
            if op != "==":
                raise StepError("text can only be compared for being equal")
            return f"CHECK_STR({left.c}, {right.c});"
        kinds = {left.kind, right.kind}
        if kinds & {"ptr", "str", "null", "struct", "callback"}:
            if kinds & {"int", "uint", "bool"}:
                raise StepError(f"`{left.c}` and `{right.c}` are not of one kind ({left.ctype} and {right.ctype})")
            return f"CHECK_PTR({self._pointer(left)}, {op}, {self._pointer(right)});"
        macro = "CHECK_UINT" if "uint" in kinds and not right.c.startswith("-") else "CHECK_INT"
        return f"{macro}({left.c}, {op}, {right.c});"

    # ------------------------------------------------------------------------------ expressions

    def condition(self, text: str) -> str:
        return self.expression(_parse(text)).c

    def expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool()):
                raise StepError("use 0 and 1, not True and False")
            case ast.Constant(value=int(number)):
                suffix = "ULL" if number > 2**63 - 1 else "LL" if number > 2**31 - 1 else ""
                ctype = {"ULL": "uint64_t", "LL": "int64_t"}.get(suffix, "int")
                return Value(f"{number}{suffix}", ctype, self.table.kind(ctype))
            case ast.Constant(value=float(number)):
                return Value(repr(number), "double", "float")
            case ast.Constant(value=str(text)):
                quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                quoted = re.sub(r"[\x01-\x1f\x7f]", lambda m: f"\\{ord(m[0]):03o}", quoted)
                return Value(f'"{quoted}"', "const char*", "str")
            case ast.Constant(value=bytes(data)):
                escaped = "".join(f"\\{byte:03o}" for byte in data)
                return Value(f'"{escaped}"', "const char*", "str")
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=base, attr=attr):
                return self._attribute(self.expression(base), attr)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return self._element(name, self.expression(index))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self._atom(operand)
                text = f"-({inner})" if inner.startswith("-") else f"-{inner}"
                return Value(text, "double", "float") if self.expression(operand).kind == "float" else Value(text, "int", "int")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Value(f"!{self._atom(operand)}", "int", "bool")
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITH:
                return self._binary(left, _ARITH[type(op)], right)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
                c = f"{self._atom(left)} {_COMPARE[type(op)]} {self._atom(right)}"
                return Value(c, "int", "bool", atom=False)
            case ast.BoolOp(op=op, values=values):
                joint = " && " if isinstance(op, ast.And) else " || "
                return Value(joint.join(self._atom(v) for v in values), "int", "bool", atom=False)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, args)
        raise StepError(f"`{ast.unparse(node)}` is not something a step can say")

    def _atom(self, node: ast.expr) -> str:
        value = self.expression(node)
        return value.c if value.atom else f"({value.c})"

    def _binary(self, left: ast.expr, op: str, right: ast.expr) -> Value:
        a, b = self.expression(left), self.expression(right)
        unsigned = "uint" in (a.kind, b.kind)
        ctype = "uint64_t" if unsigned else "int"
        return Value(f"{self._atom(left)} {op} {self._atom(right)}", ctype, "uint" if unsigned else "int", atom=False)

    def _name(self, name: str) -> Value:
        if name == "NULL":
            return Value("NULL", "void*", "null")
        binding = self.scope.find(name)
        if binding is not None:
            kind = self.table.kind(binding.ctype)
            if binding.role == "handles":
                raise StepError(f"`{name}` is an array of handles: say which, as in `{name}[0]`")
            return Value(binding.c, binding.ctype, kind)
        ctype = self.table.constant(name)
        if ctype is not None:
            return Value(name, ctype, self.table.kind(ctype))
        near = [n for n in self.scope.every() if n[:1] == name[:1]]
        raise StepError(f"`{name}` is no handle, variable or constant here" + (f"; there is {', '.join(sorted(near))}" if near else ""))

    def _attribute(self, base: Value, attr: str) -> Value:
        struct = base.ctype.removeprefix("const ").rstrip("* ")
        ctype = self.table.field_type(struct, attr)
        if ctype is None:
            raise StepError(f"`{struct}` has no public field `{attr}`")
        arrow = "->" if base.ctype.endswith("*") else "."
        return Value(f"{base.c}{arrow}{attr}", ctype, self.table.kind(ctype))

    def _element(self, name: str, index: Value) -> Value:
        binding = self.scope.find(name)
        if binding is None or binding.role not in ("handles", "var"):
            raise StepError(f"`{name}` is no array")
        ctype = re.sub(r"\s*(\[.*\]|\*)\Z", "", binding.ctype)
        return Value(f"{binding.c}[{index.c}]", ctype, self.table.kind(ctype))

    # ------------------------------------------------------------------------------ calls

    def _call(self, name: str, args: list[ast.expr]) -> Value:
        if name in _SPECIAL:
            return self._special(name, args)
        if name in BUILTINS:
            ctype, count, c = BUILTINS[name]
            _arity(name, len(args), count)
            values = [self.expression(a) for a in args]
            if "&{0}" in c and values[0].kind != "struct" and not values[0].ctype.endswith("]"):
                raise StepError(f"`{name}` takes a handle or other variable by its own name; `{values[0].c}` is {values[0].ctype}")
            return Value(c.format(*(v.c for v in values)), ctype, self.table.kind(ctype))
        function = self.functions.get(name)
        if function is None:
            near_ones = difflib.get_close_matches(name, [*self.functions, *BUILTINS, *_SPECIAL], n=1)
            raise StepError(f"`{name}` is neither a function of the library nor built in" + (f"; `{near_ones[0]}`?" if near_ones else ""))
        count = len(function.params)
        if len(args) != count and not (function.variadic and len(args) >= count):
            raise StepError(f"`{name}` takes {count} argument{'s' if count != 1 else ''}, {len(args)} given")
        out = [self._argument(function, i, a) for i, a in enumerate(args)]
        self.host.used(name)
        return Value(f"{name}({', '.join(out)})", function.returns, self.table.kind(function.returns))

    def _special(self, name: str, args: list[ast.expr]) -> Value:
        _arity(name, len(args), 1)
        word = args[0].id if isinstance(args[0], ast.Name) else ""
        if name == "sizeof":
            return Value(f"sizeof {self.expression(args[0]).c}", "size_t", "uint")
        if name == "saturated":
            c = self.expression(args[0]).c
            binding = self.scope.find("loop")
            loop = binding.c if binding else "loop"
            self.host.used("uv_now")
            return Value(f"({c} > UINT64_MAX - uv_now({loop}) ? UINT64_MAX - uv_now({loop}) : {c})", "uint64_t", "uint")
        if name == "calls":
            return Value(self.host.calls(word), "int", "int")
        if name == "exported":
            if word not in self.functions:
                raise StepError(f"`{word}` is no function of the library")
            self.host.used(word)
            return Value(word, "void*", "ptr")
        problem = self.host.group(word)
        if problem:
            raise StepError(problem)
        if name == "start":
            return Value(self.host.start_threads(word), "void", "void")
        if name == "join":
            return Value(f'uvt_threads_join("{word}")', "void", "void")
        return Value(f'uvt_threads_finished("{word}")', "int", "int")

    def _argument(self, function: Function, index: int, node: ast.expr) -> str:
        if index >= len(function.params):
            return self.expression(node).c
        param = function.params[index]
        want = param.type
        where = f"argument {index + 1} (`{param.name}`) of `{function.name}`"
        if isinstance(node, ast.Name) and node.id.startswith("on_") and not self.scope.find(node.id):
            if self.table.kind(want) != "callback":
                raise StepError(f"{where} is {want}, not a callback")
            return self.host.callback(node.id, self.table.resolve(want))
        value = self.expression(node)
        return self._converted(value, want, where)

    def _converted(self, value: Value, want: str, where: str) -> str:
        """The argument as C: addresses taken, handles cast up. Raises StepError when types don't fit."""
        target = want.removeprefix("const ").rstrip()
        kind = self.table.kind(want)
        if kind in ("int", "uint"):
            if value.kind not in ("int", "uint", "bool"):
                raise StepError(f"{where} is {want}; `{value.c}` is {value.ctype}")
            return value.c
        if value.kind == "void":
            raise StepError(f"{where} is {want}; `{value.c}` returns nothing")
        if kind == "float":
            if value.kind not in ("int", "uint", "float"):
                raise StepError(f"{where} is {want}; `{value.c}` is {value.ctype}")
            return value.c
        if kind == "struct":
            if self.table.resolve(value.ctype) != self.table.resolve(want):
                raise StepError(f"{where} is {want}; `{value.c}` is {value.ctype}")
            return value.c
        if value.kind == "null":
            return "NULL"
        if kind == "callback":
            if value.kind != "callback":
                raise StepError(f"{where} is {want}; `{value.c}` is {value.ctype}")
            return value.c
        if value.kind in ("int", "uint", "float", "bool") and not _LVALUE.fullmatch(value.c):
            raise StepError(f"{where} is {want}; `{value.c}` is {value.ctype}")
        pointee = target.rstrip("*").strip() if target.endswith("*") else target
        have = value.ctype.removeprefix("const ").strip()
        have_struct = re.sub(r"\s*(\*|\[.*\])\Z", "", have)
        pointer = self._pointer(value)
        if target.endswith("**") and have == target:
            return value.c
        if target.endswith("**") and have == target[:-1]:
            return f"&{value.c}"  # a pointer that the call fills in
        if target.endswith("**") and have == target:
            return value.c
        if pointee == "void" or have_struct == pointee or self.table.resolve(have_struct) == self.table.resolve(pointee):
            return f"(char *) {pointer}" if want == "char*" and value.c.startswith('"') else pointer
        if self.table.is_a(have_struct, pointee):
            return f"({spaced(want)}) {pointer}"
        raise StepError(f"{where} is {want}; `{value.c}` is {value.ctype}")

    def _pointer(self, value: Value) -> str:
        is_array = value.ctype.endswith("]")
        by_value = not value.ctype.endswith("*") and not is_array and value.kind != "null"
        return f"&{value.c}" if by_value and value.kind in ("struct", "int", "uint", "float", "ptr") else value.c


def _arity(name: str, given: int, wanted: int) -> None:
    if given != wanted:
        raise StepError(f"`{name}` takes {wanted} argument{'s' if wanted != 1 else ''}, {given} given")


def _split_arrow(text: str) -> tuple[str, str, str]:
    """What stands before and behind the first ` -> ` that is in no text."""
    match = _ARROW.match(text)
    return (match[1].strip(), " -> ", match[2]) if match else (text.strip(), "", "")


def _split_commas(text: str) -> list[str]:
    tree = _parse(f"[{text}]")
    return [ast.unparse(e) for e in tree.elts] if isinstance(tree, ast.List) else [text]


@cache  # each body is translated twice, see scenario_c.py
def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as e:
        raise StepError(f"`{text.strip()}` cannot be read as an expression ({e.msg})") from e


def problem(at: At, id_: str, text: str, error: StepError) -> Problem:
    """The StepError of a step as a Problem."""
    return Problem(at, id_, f"step `{text}`: {error}")
