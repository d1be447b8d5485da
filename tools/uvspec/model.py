"""The typed form of the specification.

`load.py` is the only module that knows YAML; it checks every file against its JSON Schema and builds
these dataclasses. `spec_json.py` writes them as one normalised `spec.json` and reads that back, so a
generator sees the same objects whether it started from YAML or from JSON. Nothing here does I/O.

Every object that came from a line of a file carries `at`, so that an error can say where.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


@dataclass(frozen=True, order=True)
class At:
    """Where something stands: a path relative to the project's root, and a line (1-based)."""

    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def version_tuple(text: str) -> tuple[int, ...]:
    """`1.45.0` so that it can be compared."""
    return tuple(int(p) for p in text.split("."))


class Level(str, Enum):
    """How strictly a clause binds: only `must` can fail an implementation."""

    MUST = "must"
    MAY = "may"
    UNSPECIFIED = "unspecified"


class Binds(str, Enum):
    """Who has to keep a clause: the library, or the program that calls it."""

    IMPLEMENTATION = "implementation"
    CALLER = "caller"


# --------------------------------------------------------------------------------------- the C API


@dataclass
class Param:
    """One parameter of a function or callback."""

    name: str
    type: str  # C type in canonical spacing: `const char*`, `uv_timer_t*`, `void (*)(void)`
    dir: str = "in"  # in | out | inout
    nullable: bool = False
    retained: str = ""  # "" (not kept) | "until close" | "until callback" | free text
    owner: str = ""  # who frees what is passed or returned, where that is a question
    unit: str = ""  # ms, ns, bytes, …
    boundary: list[str] = field(default_factory=list)  # values worth a test each
    example: str = ""  # the argument that table tests pass unless a row says otherwise
    meaning: str = ""  # one line for the header and the reference pages


@dataclass
class Row:
    """One line of an outcome table; the first row whose `when` holds decides."""

    at: At
    id: str  # clause ID; "" for an `undefined` row
    rev: int = 1
    when: dict[str, Any] = field(default_factory=dict)  # parameter or attribute -> condition
    given: list["Step"] = field(default_factory=list)  # steps that bring the condition about
    args: dict[str, str] = field(default_factory=dict)  # arguments that differ from the examples
    returns: str = ""  # expectation, in the step language; "" for void
    state: str = ""  # the handle's next state; "" is unchanged
    sets: dict[str, str] = field(default_factory=dict)  # attribute -> expression over the parameters
    text: str = ""  # the sentence, where the generated one would not say enough
    undefined: str = ""  # "caller": outside the contract, binds the caller
    level: Level = Level.MUST
    since: str = ""
    until: str = ""
    sources: list["Source"] = field(default_factory=list)
    decision: str = ""
    untested: str = ""  # why no test can be generated for this row; counted as a debt
    # Of operations only, that can be called at once or with a callback (operations.py).
    vars: dict[str, str] = field(default_factory=dict)  # variables that the steps need
    then: list["Step"] = field(default_factory=list)  # what holds, or is to be done, when it came out so
    finally_: list["Step"] = field(default_factory=list)  # what is to be done however it came out
    at_once: bool = False  # it is refused by the call itself, with a callback too, and none follows
    needs: list[str] = field(default_factory=list)  # as in a scenario


@dataclass
class Function:
    name: str
    at: At
    module: str
    since: str
    returns: str  # C type
    params: list[Param]
    variadic: bool = False
    thread: str = "loop"  # loop | any | any_and_signal
    summary: str = ""  # one line
    details: str = ""  # what the header comment adds: units, errors, who owns
    returns_meaning: str = ""
    errors: dict[str, str] = field(default_factory=dict)  # UV_E… -> when
    outcomes: list[Row] = field(default_factory=list)
    windows: str = ""  # a different type on Windows, etc.: free text


@dataclass
class Constant:
    name: str
    value: str  # C expression as it stands in the header: `-7`, `1`, `UV__ERR(E2BIG)` is not used
    since: str = ""
    meaning: str = ""


@dataclass
class Enum_:
    """An enumeration, or (kind `macro`) a family of `#define`s."""

    name: str  # typedef or tag; "" for an anonymous enum
    at: At
    form: str  # "typedef" (typedef enum {…} name;) | "tag" (enum name {…};) | "macro"
    values: list[Constant]
    since: str = "1.0.0"
    summary: str = ""


@dataclass
class Field_:
    name: str
    type: str
    meaning: str = ""
    dims: str = ""  # "[4]"
    access: str = "read"  # read | write | private
    since: str = ""  # where it came later than its type


@dataclass
class Type:
    """A struct, union or alias that the public headers declare."""

    name: str  # typedef name, or `struct tag` where there is no typedef
    at: At
    form: str  # "struct" | "alias" | "opaque"
    tag: str = ""  # struct tag
    target: str = ""  # for an alias
    extends: str = ""  # uv_handle_t, uv_req_t or uv_stream_t: begins with its fields
    fields: list[Field_] = field(default_factory=list)
    since: str = "1.0.0"
    summary: str = ""


@dataclass
class Callback:
    name: str
    at: At
    params: list[Param]
    returns: str = "void"
    since: str = "1.0.0"
    summary: str = ""
    phase: str = ""  # of the loop's iteration; "" where it is called outside one
    thread: str = "loop"  # loop | pool | caller | own | any
    often: str = ""  # how often, in a few words
    inside: str = ""  # what may be done in it, and what not


# ------------------------------------------------------------------------------------ state machines


@dataclass
class State:
    name: str
    active: bool
    reach: list["Step"] = field(default_factory=list)  # steps from `fresh` to here; the handle is `h`
    meaning: str = ""
    apart: bool = False  # rules over handle states leave it out: requests wait, or the loop runs on the way


@dataclass
class Attribute:
    """Something a handle remembers that a program can read: `repeat`, `due_in`."""

    name: str
    type: str
    get: str  # expression over `h`
    meaning: str = ""


@dataclass
class Happening:
    """A change of state that no row tells of: one that comes by itself, inside uv_run(), or by another handle's call."""

    at: At
    start: list[str]
    end: str
    what: str  # `due, repeat is 0`; a call where it begins with `uv_`


@dataclass
class Life:
    """The states of something that is no handle: a request, a loop."""

    at: At
    type: str  # uv_req_t
    states: dict[str, "State"]  # `active`: the library uses it
    happens: list[Happening]


@dataclass
class HandleKind:
    kind: str  # timer
    at: At
    type: str  # uv_timer_t
    constant: str  # UV_TIMER
    init: str  # call, over `loop` and `h`
    states: dict[str, State]
    attributes: dict[str, Attribute] = field(default_factory=dict)
    fires: dict[str, Any] = field(default_factory=dict)  # callback, in, phase, thread, often
    start: str = ""  # call that makes a fresh handle active, where there is one
    stop: str = ""
    is_stream: bool = False
    happens: list[Happening] = field(default_factory=list)


# ------------------------------------------------------------------------------ behaviour and evidence


@dataclass
class Source:
    kind: str  # doc | seed | probe | issue | standard | fact
    what: str
    says: str = ""
    contradicts: str = ""


@dataclass
class Clause:
    id: str
    at: At
    module: str
    rev: int
    binds: Binds
    level: Level
    text: str
    since: str
    until: str = ""
    sources: list[Source] = field(default_factory=list)
    decision: str = ""
    untested: str = ""  # why no scenario shows it (a caller's duty, another platform)
    row_of: str = ""  # the function, where the clause is a row of its outcome table
    topic: str = ""  # what this clause and those behind it are about


@dataclass
class Step:
    """One step of a scenario. Exactly one of the forms is set; `at` points at the YAML line."""

    at: At
    text: str = ""  # a statement in the step language
    trace: Any = None  # {"trace": …}: what fired since the last such step
    repeat: str = ""  # {"repeat": N, "do": […]}
    whilst: str = ""  # {"while": expr, "do": […]}
    cond: str = ""  # {"if": expr, "do": […]}
    fork: list["Step"] | None = None  # {"fork": […]}: in a child; its checks count here
    aborts: list["Step"] | None = None  # {"aborts": […]}: in a child, which abort() must end
    c: str = ""  # {"c": "…"}: raw C, counted as a debt
    do: list["Step"] = field(default_factory=list)
    orelse: list["Step"] = field(default_factory=list)


@dataclass
class CallbackBody:
    """What a callback of a scenario does: `each` on every call, then the body of the n-th call."""

    name: str
    at: At
    each: list[Step] = field(default_factory=list)
    nth: dict[int, list[Step]] = field(default_factory=dict)


@dataclass
class ThreadGroup:
    name: str
    at: At
    count: int = 1
    do: list[Step] = field(default_factory=list)
    last: list[Step] = field(default_factory=list)  # run by the last thread of the group to finish


@dataclass
class HandleDecl:
    name: str
    kind: str
    init: bool = True  # false: the scenario calls the init function itself
    loop: str = "loop"
    count: int = 1  # > 1: an array, `t[0]` …


@dataclass
class Scenario:
    name: str
    at: At
    module: str
    shows: list[str]  # clause IDs; the first names the test
    handles: list[HandleDecl] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)  # further loops, initialised and closed like `loop`
    vars: dict[str, str] = field(default_factory=dict)  # name -> C type
    callbacks: dict[str, CallbackBody] = field(default_factory=dict)
    threads: dict[str, ThreadGroup] = field(default_factory=dict)
    signals: dict[str, list[Step]] = field(default_factory=dict)  # SIGUSR1 -> handler body
    steps: list[Step] = field(default_factory=list)
    loop: str = "auto"  # auto | none (the scenario has no loop, or handles its own)
    leaks: str = "checked"  # checked | the reason why a leak is expected
    why: str = ""  # what a wrong implementation would do
    origin: str = "scenario"  # scenario | row | rule: who wrote it
    variant: str = ""  # what an expansion stands for: `timer`, `timer in running`
    needs: list[str] = field(default_factory=list)  # platform features: fork, signals, …


@dataclass
class Rule:
    """A scenario written once and expanded for every handle kind, kind × state, or function."""

    name: str
    at: At
    shows: list[str]
    # "handle kinds" | "handle kinds with start" | "handle states" | "functions"; and see operations.py
    over: str
    # Its steps may say {start}, {stop}, {reach}, {kind}, {type}, {constant}, {active}, {state}; {function}.
    scenario: Scenario
    except_: dict[str, str] = field(default_factory=dict)  # kind -> reason


# ------------------------------------------------------------------------------------------- the whole


@dataclass
class Module:
    name: str
    at: At
    summary: str
    complete: bool  # outcome tables and clauses are claimed to be whole
    functions: dict[str, Function] = field(default_factory=dict)
    enums: list[Enum_] = field(default_factory=list)
    types: dict[str, Type] = field(default_factory=dict)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    handle: HandleKind | None = None
    clauses: dict[str, Clause] = field(default_factory=dict)
    scenarios: list[Scenario] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    life: Life | None = None  # of what is no handle
    about: list[str] = field(default_factory=list)  # what it is for and how it is used, in paragraphs


@dataclass
class AbiType:
    size: int
    fields: dict[str, tuple[int, int]] = field(default_factory=dict)  # name -> (offset, size)


@dataclass
class Abi:
    target: str
    at: At
    types: dict[str, AbiType]
    constants: dict[str, int]


@dataclass
class Decision:
    id: str
    at: At
    title: str
    text: str


@dataclass
class Profile:
    name: str
    at: At
    summary: str
    modules: list[str]
    functions: list[str]


@dataclass
class TraceItem:
    """One statement of a source document and what answers it."""

    item: str
    at: At
    says: str
    clauses: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)  # functions, by their whole outcome tables
    programs: list[str] = field(default_factory=list)  # of conformance/guide
    decision: str = ""
    not_here: str = ""  # the one system that it speaks of, where that is another than the reference's


@dataclass
class Trace:
    """A source document, statement by statement."""

    document: str
    at: At
    title: str
    items: list[TraceItem] = field(default_factory=list)


@dataclass
class Spec:
    api_level: str
    modules: dict[str, Module] = field(default_factory=dict)
    abi: dict[str, Abi] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)  # by the document's number

    @property
    def functions(self) -> dict[str, Function]:
        return {f.name: f for m in self.modules.values() for f in m.functions.values()}

    @property
    def clauses(self) -> dict[str, Clause]:
        """Every clause, those of outcome tables included, by ID."""
        return {c.id: c for m in self.modules.values() for c in m.clauses.values()}

    @property
    def handle_kinds(self) -> dict[str, HandleKind]:
        return {m.handle.kind: m.handle for m in self.modules.values() if m.handle}
