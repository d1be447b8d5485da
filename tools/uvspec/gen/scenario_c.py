"""One scenario as readable C: declarations, callbacks, one function.

The same text is generated for the suite (names that would clash get a suffix `__12`) and for `uvspec
repro` (plain names). What it calls is declared in conformance/harness/scenario.h.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

from ..ctypes_ import TypeTable, declare
from ..errors import Problem
from ..model import At, Callback, CallbackBody, Function, HandleKind, Scenario, Spec, Step
from ..steps import Binding, Host, Scope, StepError, Translator, problem
from .trace import pattern

PROLOGUE: dict[str, set[str]] = {
    "auto": {"uv_loop_init", "uv_run", "uv_loop_close", "uv_close", "uv_is_closing"}, "none": set(),
}


# Callbacks that run on whichever thread, several at once: their calls are counted atomically.
ANY_THREAD = ("uv_thread_cb", "uv_work_cb", "void (*)(void)")

# What is true of every such call, whatever the scenario is about: the memory that comes back is what was given.
HANDED = {"uv_read_cb": ["uvt_handed(nread, buf, 0);"], "uv_udp_recv_cb": ["uvt_handed(nread, buf, flags);"]}


UNROLLED = 8  # the handles of a longer array are initialised in a loop, and share a name
MANY_REQUESTS = 16  # an array of more has no names in the trace


@dataclass
class ScenarioC:
    """What was generated: C text, and what a runner must know."""

    name: str  # C name of the test function
    text: str
    symbols: list[str]  # functions of the library it calls, sorted
    raw_steps: int
    steps: int
    problems: list[Problem] = field(default_factory=list)
    callbacks: dict[str, str] = field(default_factory=dict)  # name -> the type as which it is passed
    unused: list[str] = field(default_factory=list)  # variables that it declares for nothing: the linter tells


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def test_name(scenario: Scenario) -> str:
    """`UV-TIMER-0030.repeat-rearms-before-the-callback`, with the variant of an expansion behind it."""
    if scenario.origin == "scenario":
        return f"{scenario.shows[0]}.{slug(scenario.name)}"
    if scenario.origin == "rule":
        return f"{scenario.shows[0]}.{slug(scenario.name)}-{slug(scenario.variant)}"  # a clause can have several rules
    return f"{scenario.shows[0]}.{slug(scenario.variant)}"


def generate(spec: Spec, functions: dict[str, Function], table: TypeTable, scenario: Scenario, suffix: str = "") -> ScenarioC:
    """Translates a scenario; problems are collected, and the text is unusable if there are any."""
    return _Generator(spec, functions, table, scenario, suffix).run()


class _Generator(Host):
    def __init__(self, spec: Spec, functions: dict[str, Function], table: TypeTable, scenario: Scenario, suffix: str) -> None:
        self.spec = spec
        self.functions = functions
        self.table = table
        self.scenario = scenario
        self.suffix = suffix
        self.kinds = spec.handle_kinds
        self.problems: list[Problem] = []
        self.symbols: set[str] = set(PROLOGUE[scenario.loop])
        self.callback_types: dict[str, str] = {}
        self.counted: set[str] = set()
        self.started: set[str] = set()
        self.traces: list[tuple[Step, str]] = []
        self.variables: dict[str, str] = {}
        self.raw = 0
        self.count = 0
        self.scope = Scope(table)

    # ------------------------------------------------------------------------------ Host

    def callback(self, name: str, ctype: str) -> str:
        known = self.callback_types.setdefault(name, ctype)
        if known != ctype:
            raise StepError(f"`{name}` is used as {ctype} and, elsewhere, as {known}")
        return self.mangled(name)

    def calls(self, name: str) -> str:
        if name not in self.scenario.callbacks and name not in self.callback_types:
            raise StepError(f"`{name}` is no callback of this scenario")
        self.counted.add(name)
        return f"{self.mangled(name)}_calls"

    def group(self, name: str) -> str | None:
        known = ", ".join(self.scenario.threads) or "none are declared"
        return None if name in self.scenario.threads else f"`{name}` is no thread group ({known})"

    def start_threads(self, name: str) -> str:
        group = self.scenario.threads[name]
        self.started.add(name)
        last = self.mangled(f"{name}_last") if group.last else "NULL"
        return f'uvt_threads_start("{name}", {group.count}, {self.mangled(name)}, {last})'

    def used(self, function: str) -> None:
        self.symbols.add(function)

    def assigned(self, name: str, ctype: str) -> Binding:
        found = self.scope.find(name)
        if found is None:
            self.variables[name] = ctype
            found = Binding("var", self.mangled(name), ctype)
            self.scope.names[name] = found
        elif found.role != "var":
            raise StepError(f"`{name}` is a {found.role}, it cannot be assigned to")
        elif self.variables.get(name) == "int" and self.table.kind(ctype) in ("int", "uint"):
            # `last = 0` first, `last = uv_now(loop)` later: wide enough for both.
            self.variables[name] = found.ctype = ctype
        return found

    # ------------------------------------------------------------------------------ the whole

    def run(self) -> ScenarioC:
        s = self.scenario
        name = _c_name(test_name(s)) + self.suffix
        self.declare_names()
        setup = self.setup_lines()
        # Callbacks may use variables that the steps assign and the other way round: translate twice, so
        # that the second time every name is known.
        self.bodies(quiet=True)
        self.raw = self.count = 0
        self.traces.clear()
        main, callbacks, threads = self.bodies(quiet=False)
        lines = [*self.comment(), *self.declarations(), *self.forward([*threads, *callbacks]), "", *threads, *callbacks,
                 f"static void {name}(void) {{"]
        gives = any("uvt_gave(" in line for line in callbacks)
        lines += [f"  {line}" for line in [*setup, *main, "uvt_finish();", *(["uvt_handed_all();"] if gives else [])]]
        lines += ["}", ""]
        if not self.problems:
            for c in s.callbacks.values():
                if c.name not in self.callback_types:
                    self.complain(c.at, f"callback `{c.name}` is never passed to a function")
            for group in s.threads.values():
                if group.name not in self.started:
                    self.complain(group.at, f"thread group `{group.name}` is never started")
            body = "\n".join([*main, *callbacks, *threads])
            for step, expected in self.traces:
                self.check_trace(step, expected, body)
        body = "\n".join([*main, *callbacks, *threads])
        unused = [v for v in s.vars if not re.search(rf"\b{re.escape(self.mangled(v))}\b", body)]
        if "uvt_alloc_" in body and "uv_replace_allocator" in self.functions:
            self.symbols.add("uv_replace_allocator")  # it is how the fixture sees what the library allocates
        return ScenarioC(name, "\n".join(lines), sorted(self.symbols), self.raw, self.count, self.problems,
                         dict(sorted(self.callback_types.items())), unused)

    def complain(self, at: At, what: str) -> None:
        self.problems.append(Problem(at, self.scenario.shows[0], f"scenario \"{self.scenario.name}\": {what}"))

    def check_trace(self, step: Step, expected: str, text: str) -> None:
        """A misspelt callback would be told by the test, were it not for `× 0`, which it fulfils."""
        for name in re.findall(r"(\bon_[a-z0-9_]+)(?:\([^ )]*\))?\*0", expected):
            if self.scenario.origin == "scenario" and name not in self.callback_types and f'"{name}"' not in text:
                self.complain(step.at, f"the trace names `{name}`, which is no callback of this scenario")
        for h in self.scenario.handles:
            if h.init and h.count > UNROLLED and f"({h.name}[" in expected:
                self.complain(step.at, f"`{h.name}` has more than {UNROLLED} handles: a trace cannot tell them apart")

    def mangled(self, name: str) -> str:
        return name + self.suffix

    def declare_names(self) -> None:
        s = self.scenario
        loops = (["loop"] if s.loop == "auto" else []) + s.loops
        for loop in loops:
            self.scope.names[loop] = Binding("loop", self.mangled(loop), "uv_loop_t*")
        for h in s.handles:
            kind = self.kinds.get(h.kind)
            if kind is None:
                self.complain(s.at, f"handle `{h.name}`: no kind `{h.kind}` (there is {', '.join(sorted(self.kinds))})")
                continue
            self.scope.names[h.name] = Binding("handles" if h.count > 1 else "handle", self.mangled(h.name),
                                               kind.type + (f"[{h.count}]" if h.count > 1 else ""))
        for var, ctype in s.vars.items():
            self.scope.names[var] = Binding("var", self.mangled(var), ctype)

    def setup_lines(self) -> list[str]:
        s = self.scenario
        lines = [f'{b.c} = uvt_loop("{name}");' for name, b in self.scope.names.items() if b.role == "loop"]
        for var, ctype in s.vars.items():
            lines += self.dirty_lines(var, ctype)
        for h in s.handles:
            kind = self.kinds.get(h.kind)
            if kind is None:
                continue
            ref = "" if h.count > 1 else "&"
            lines.append(f"uvt_dirty({ref}{self.mangled(h.name)}, sizeof {self.mangled(h.name)});")
            if h.init and h.count > UNROLLED:
                inside = self.init_lines(h.name, h.loop, kind, "i")
                lines += [f"for (int i_ = 0; i_ < {h.count}; i_++) {{", *(f"  {line}" for line in inside), "}"]
            elif h.init:
                for i in range(h.count):
                    lines += self.init_lines(h.name, h.loop, kind, str(i) if h.count > 1 else "")
        return lines

    def dirty_lines(self, var: str, ctype: str) -> list[str]:
        """Structs start as dirty memory; the trace learns the names of requests."""
        base, _, count = ctype.rstrip("]").partition("[")
        if self.table.kind(base.strip()) != "struct" or base.endswith("*"):
            return []
        name, is_request = self.mangled(var), self.table.is_a(base.strip(), "uv_req_t")
        lines = [f"uvt_dirty({'' if count else '&'}{name}, sizeof {name});"]
        if is_request and not count:
            lines.append(f'uvt_request("{var}", &{name});')
        if is_request and count.isdigit() and int(count) <= MANY_REQUESTS:
            lines += [f'uvt_request("{var}[{i}]", &{name}[{i}]);' for i in range(int(count))]
        return lines

    def init_lines(self, name: str, loop: str, kind: HandleKind, index: str) -> list[str]:
        element = f"{name}[{index}]" if index else name
        text = re.sub(r"\bon_h\b", f"on_{name}", kind.init)
        text = re.sub(r"\bh\b", element, re.sub(r"\bloop\b", loop, text))
        scope = Scope(self.table, self.scope)
        if index == "i":
            scope.names["i"] = Binding("param", "i_", "int")
        return self.statement(Step(self.scenario.at, text=f"{text} -> 0"), scope)

    def bodies(self, quiet: bool) -> tuple[list[str], list[str], list[str]]:
        if quiet:
            kept, self.problems = self.problems, []
        s = self.scenario
        main = self.block(s.steps, self.scope)
        threads: list[str] = []
        for group in s.threads.values():
            threads += self.function(self.mangled(group.name), "void", group.do, f"thread group `{group.name}`")
            if group.last:
                threads += self.function(self.mangled(f"{group.name}_last"), "void", group.last, "the last of them to finish")
        for signal, body in s.signals.items():
            threads += self.function(self.mangled(f"on_{signal}"), "int signum", body, f"handler of {signal}", "(void) signum;")
            main.insert(0, f"uvt_on_signal({signal}, {self.mangled(f'on_{signal}')});")
        callbacks: list[str] = []
        done: set[str] = set()
        while set(self.callback_types) - done:
            for name in sorted(set(self.callback_types) - done):
                callbacks += self.callback_function(name)
                done.add(name)
        if quiet:
            self.problems = kept
        return main, callbacks, threads

    # ------------------------------------------------------------------------------ pieces of C

    def comment(self) -> list[str]:
        s = self.scenario
        lines = []
        for id_ in s.shows:
            clause = self.spec.clauses.get(id_)
            text = f"{id_} r{clause.rev} {clause.level.value}: {clause.text}" if clause else id_
            lines += textwrap.wrap(text, 95)
        variant = f" ({s.variant})" if s.variant and s.origin != "scenario" else ""
        lines += textwrap.wrap(f"{s.at}: {s.name}{variant}.", 95)
        if s.why:
            lines += textwrap.wrap(f"A wrong implementation: {s.why}", 95)
        body = "\n * ".join(line.replace("*/", "* /") for line in lines)
        return [f"/* {body} */"]

    def declarations(self) -> list[str]:
        lines = []
        for name, b in self.scope.names.items():
            if b.role == "loop":
                lines.append(f"static uv_loop_t *{b.c};")
            elif b.role in ("handle", "handles", "var"):
                base, _, dims = b.ctype.partition("[")
                lines.append(f"static {declare(base.strip(), b.c, '[' + dims if dims else '')};")
        for name in sorted(self.callback_types):
            if name in self.counted or self.nth(name):
                ctype = "atomic_int" if self.callback_types[name] in ANY_THREAD else "int"
                lines.append(f"static {ctype} {self.mangled(name)}_calls;")
        return lines

    def forward(self, functions: list[str]) -> list[str]:
        """Prototypes of the callbacks that an earlier function mentions."""
        out = []
        for name in sorted(self.callback_types):
            signature = self.signature(name)
            before = "\n".join(functions[: functions.index(signature + " {")] if signature + " {" in functions else functions)
            if re.search(rf"\b{self.mangled(name)}\b(?!_)", before):
                out.append(f"{signature};")
        return out

    def nth(self, name: str) -> bool:
        body = self.scenario.callbacks.get(name)
        return bool(body and body.nth)

    def callback_type(self, name: str) -> Callback | None:
        ctype = self.callback_types[name]
        return Callback(ctype, self.scenario.at, []) if ctype == "void (*)(void)" else self.table.callbacks.get(ctype)

    def signature(self, name: str) -> str:
        callback = self.callback_type(name)
        assert callback is not None
        params = ", ".join(declare(p.type, p.name) for p in callback.params)
        return f"static {callback.returns} {self.mangled(name)}({params or 'void'})"

    def callback_function(self, name: str) -> list[str]:
        callback = self.callback_type(name)
        if callback is None or callback.returns != "void":
            self.complain(self.scenario.at, f"`{name}` cannot stand for {self.callback_types[name]}")
            return []
        scope = Scope(self.table, self.scope)
        for p in callback.params:
            scope.names[p.name] = Binding("param", p.name, p.type)
        subject = "NULL"
        if callback.params and any(self.table.is_a(callback.params[0].type.rstrip("* "), t) for t in ("uv_handle_t", "uv_req_t")):
            subject = callback.params[0].name
        body = self.scenario.callbacks.get(name) or CallbackBody(name, self.scenario.at)
        lines = [f'uvt_event("{name}", {subject});', *HANDED.get(self.callback_types[name], [])]
        count = f"{self.mangled(name)}_calls"
        # Where calls come on several threads at once, each has to keep its own number.
        seen = "nth_" if body.nth and self.callback_types[name] in ANY_THREAD else count
        if name in self.counted or body.nth:
            lines.append(f"{count}++;" if count == seen else f"const int {seen} = ++{count};")
        lines += self.block(body.each, scope)
        for n, steps in sorted(body.nth.items()):
            lines += [f"if ({seen} == {n}) {{", *(f"  {x}" for x in self.block(steps, scope)), "}"]
        if self.callback_types[name] == "uv_alloc_cb":
            lines.append("uvt_gave(buf);")
        used = "\n".join(lines)
        unused = [f"(void) {p.name};" for p in callback.params if not re.search(rf"\b{p.name}\b", used)]
        return [self.signature(name) + " {", *(f"  {x}" for x in [*unused, *lines]), "}", ""]

    def function(self, c_name: str, params: str, steps: list[Step], about: str, first: str = "") -> list[str]:
        body = [*([first] if first else []), *self.block(steps, Scope(self.table, self.scope))]
        return [f"/* {about} */", f"static void {c_name}({params}) {{", *(f"  {x}" for x in body), "}", ""]

    # ------------------------------------------------------------------------------ steps

    def block(self, steps: list[Step], scope: Scope) -> list[str]:
        lines: list[str] = []
        for step in steps:
            lines += self.step(step, scope)
        return lines

    def step(self, step: Step, scope: Scope) -> list[str]:
        self.count += 1
        try:
            if step.text:
                return self.statement(step, scope)
            if step.trace is not None:
                self.traces.append((step, pattern(step.trace)))
                text = self.traces[-1][1].replace('"', '\\"')
                return [f'uvt_trace("{text}");']
            if step.repeat:
                return self.loop(step, scope)
            if step.whilst:
                inner = [f"  {line}" for line in self.block(step.do, scope)]
                return [f"while ({self.translator(scope).condition(step.whilst)}) {{", *inner, "}"]
            if step.cond:
                inner = [f"  {line}" for line in self.block(step.do, scope)]
                other = [f"  {line}" for line in self.block(step.orelse, scope)]
                return [f"if ({self.translator(scope).condition(step.cond)}) {{", *inner,
                        *(["} else {", *other] if other else []), "}"]
        except StepError as e:
            self.problems.append(problem(step.at, self.scenario.shows[0], str(step.trace or step.repeat or step.whilst or step.cond), e))
            return []
        if step.fork is not None:
            body = [f"  {line}" for line in self.block(step.fork, scope)]
            return ["if (uvt_fork()) {", *body, "  uvt_fork_exit();", "}"]
        if step.aborts is not None:
            body = [f"  {line}" for line in self.block(step.aborts, scope)]
            return ["if (uvt_fork_aborts()) {", *body, "  uvt_fork_exit();", "}"]
        self.raw += 1
        return self.raw_c(step.c)

    def loop(self, step: Step, scope: Scope) -> list[str]:
        """`repeat`: its steps see the number of the turn as `i`, from 0."""
        times = self.translator(scope).condition(step.repeat)
        inside = Scope(self.table, scope)
        depth = sum(1 for name in scope.every() if name == "i")
        index = f"i{depth}_" if depth else "i_"
        inside.names["i"] = Binding("param", index, "int")
        body = [f"  {line}" for line in self.block(step.do, inside)]
        return [f"for (int {index} = 0; {index} < {times}; {index}++) {{", *body, "}"]

    def raw_c(self, text: str) -> list[str]:
        """A `c:` step: names of the scenario are written `${t}`, functions of the library as they are."""
        self.symbols.update(w for w in re.findall(r"\buv_[a-z0-9_]+", text) if w in self.functions)
        names = re.sub(r"\$\{([a-z_0-9]+)\}", lambda m: self.mangled(m[1]), text.rstrip())
        return ["{", *(f"  {line}" for line in names.split("\n")), "}"]

    def translator(self, scope: Scope) -> Translator:
        return Translator(self.functions, self.table, scope, self)

    def statement(self, step: Step, scope: Scope) -> list[str]:
        try:
            lines = [self.translator(scope).statement(step.text)]
        except StepError as e:
            self.problems.append(problem(step.at, self.scenario.shows[0], step.text, e))
            return []
        return lines + self.registration(step.text)

    def registration(self, text: str) -> list[str]:
        """After a handle's init: the trace learns its name, and uvt_finish() that it is to be closed."""
        match = re.match(r"(uv_[a-z0-9_]+)\(\s*[a-z0-9_]+\s*,\s*([a-z0-9_]+(?:\[(\w+)\])?)\s*[,)].*->\s*(0|UV_E\w+)\Z", text)
        if match is None:
            return []
        for h in self.scenario.handles:
            kind = self.kinds.get(h.kind)
            if match[4] != "0" and match[1] != "uv_spawn":
                continue  # only uv_spawn() initialises its handle whatever it returns
            if kind and match[2].partition("[")[0] == h.name and kind.init.startswith(match[1] + "("):
                c = re.sub(rf"\b{h.name}\b", self.mangled(h.name), match[2]).replace("[i]", "[i_]")
                if match[3] == "i":
                    return [f'uvt_handle_at("{h.name}", i_, (uv_handle_t *) &{c});']
                return [f'uvt_handle("{match[2]}", (uv_handle_t *) &{c});']
        return []


def _c_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name)
