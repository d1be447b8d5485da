"""The step language: what each form becomes in C, and what is refused, with which words."""

from __future__ import annotations

import pytest

from uvspec.ctypes_ import TypeTable, declare, spaced
from uvspec.gen.scenario_c import ScenarioC, generate
from uvspec.model import At, CallbackBody, HandleDecl, Scenario, Spec, Step, ThreadGroup

AT = At("s.yaml", 7)


def translated(spec: Spec, *steps: str | Step, table: TypeTable | None = None, **more: object) -> ScenarioC:
    """The C of a scenario with handles t, ts[3], a, a second loop, a thread group g that was started, and some variables."""
    scenario = Scenario(
        "some name", At("s.yaml", 3), "timer", ["UV-TIMER-0030"], loops=["other"],
        handles=[HandleDecl("t", "timer"), HandleDecl("ts", "timer", count=3), HandleDecl("a", "async")],
        vars={"n": "int", "big": "uint64_t", "text": "char[8]", "buf": "uv_buf_t", "p": "void*", "cb": "uv_timer_cb"},
        threads={"g": ThreadGroup("g", AT, 2, [Step(AT, text="uv_async_send(a) -> 0")])},
        steps=[s if isinstance(s, Step) else Step(AT, text=s) for s in ("start(g)", *steps)])
    if "threads" in more:
        scenario.steps.pop(0)
    for name, value in more.items():
        setattr(scenario, name, value)
    return generate(spec, spec.functions, table or TypeTable(spec), scenario)


def body(c: ScenarioC) -> list[str]:
    """The lines of the test function behind the set-up, without uvt_finish()."""
    assert not c.problems, [str(p) for p in c.problems]
    lines = c.text[c.text.index(f"static void {c.name}(void)"):].split("\n")
    begin = max(i for i, line in enumerate(lines) if line.startswith('  uvt_handle("a"')) + 1
    assert lines[begin] == '  uvt_threads_start("g", 2, g, NULL);'
    return [line[2:] for line in lines[begin + 1:lines.index("  uvt_finish();")]]


STEPS = [
    # calls and what they return
    ("uv_timer_start(t, on_t, 20, 0) -> 0", "CHECK_INT(uv_timer_start(&t, on_t, 20, 0), ==, 0);"),
    ("uv_timer_start(t, NULL, 20, 0) -> UV_EINVAL", "CHECK_INT(uv_timer_start(&t, NULL, 20, 0), ==, UV_EINVAL);"),
    ("uv_timer_start(t, cb, 20, 0) -> 0", "CHECK_INT(uv_timer_start(&t, cb, 20, 0), ==, 0);"),
    ("uv_stop(loop)", "uv_stop(loop);"),
    ("uv_timer_stop(t) -> any", "(void) uv_timer_stop(&t);"),
    ("uv_is_active(t) -> nonzero", "CHECK_INT(uv_is_active((const uv_handle_t *) &t), !=, 0);"),
    ("uv_default_loop() -> non-null", "CHECK_PTR(uv_default_loop(), !=, NULL);"),
    ("uv_loop_get_data(loop) -> null", "CHECK_PTR(uv_loop_get_data(loop), ==, NULL);"),
    ("uv_loop_get_data(loop) -> t", "CHECK_PTR(uv_loop_get_data(loop), ==, &t);"),
    ("uv_default_loop() -> != loop", "CHECK_PTR(uv_default_loop(), !=, loop);"),
    ('uv_strerror(UV_EINVAL) -> "invalid \\"x\\""', 'CHECK_STR(uv_strerror(UV_EINVAL), "invalid \\"x\\"");'),
    ("uv_timer_get_repeat(t) -> 7", "CHECK_UINT(uv_timer_get_repeat(&t), ==, 7);"),
    ("uv_timer_get_repeat(t) -> UINT64_MAX - uv_now(loop)", "CHECK_UINT(uv_timer_get_repeat(&t), ==, UINT64_MAX - uv_now(loop));"),
    ("uv_timer_get_repeat(t) -> >= 20", "CHECK_UINT(uv_timer_get_repeat(&t), >=, 20);"),
    ("uv_timer_get_repeat(t) -> -1", "CHECK_INT(uv_timer_get_repeat(&t), ==, -1);"),
    ("uv_run(loop, UV_RUN_ONCE) -> != 0", "CHECK_INT(uv_run(loop, UV_RUN_ONCE), !=, 0);"),
    ("uv_loop_alive(loop) -> -1", "CHECK_INT(uv_loop_alive(loop), ==, -1);"),
    ("uv_run(loop, 0) -> one of [0, UV_EINVAL]", "CHECK_ONE_OF(uv_run(loop, 0), 0, UV_EINVAL);"),
    ("uv_run(loop, 0) -> one of [min(1, n), 3]", "CHECK_ONE_OF(uv_run(loop, 0), ((1) < (n) ? (1) : (n)), 3);"),
    # handles by address and cast up, with const; elements of an array; loops are pointers already
    ("uv_close(t, NULL)", "uv_close((uv_handle_t *) &t, NULL);"),
    ("uv_close(ts[1], on_close)", "uv_close((uv_handle_t *) &ts[1], on_close);"),
    ("uv_timer_stop(ts[n + 1]) -> 0", "CHECK_INT(uv_timer_stop(&ts[n + 1]), ==, 0);"),
    ("uv_timer_get_repeat(ts[0]) -> 0", "CHECK_UINT(uv_timer_get_repeat(&ts[0]), ==, 0);"),
    ("uv_walk(other, on_walk, t)", "uv_walk(other, on_walk, &t);"),
    ("uv_walk(loop, on_walk, loop)", "uv_walk(loop, on_walk, loop);"),
    ("uv_loop_configure(loop, UV_LOOP_BLOCK_SIGNAL, SIGPROF) -> 0",
     "CHECK_INT(uv_loop_configure(loop, UV_LOOP_BLOCK_SIGNAL, SIGPROF), ==, 0);"),
    # variables and fields
    ("x = uv_now(loop)", "x = uv_now(loop);"),
    ("n = n + 1", "n = n + 1;"),
    ("buf = uv_buf_init(text, sizeof(text))", "buf = uv_buf_init(text, sizeof text);"),
    ("buf.len = 5", "buf.len = 5;"),
    ("t.data = loop", "t.data = loop;"),
    ("t.data = ts[2]", "t.data = &ts[2];"),
    ("p = a", "p = &a;"),
    ("p = NULL", "p = NULL;"),
    ("expect t.data == loop", "CHECK_PTR(t.data, ==, loop);"),
    ("expect t.loop == loop", "CHECK_PTR(t.loop, ==, loop);"),
    ("expect ts[2].data == NULL", "CHECK_PTR(ts[2].data, ==, NULL);"),
    ("expect buf.base == text", "CHECK_PTR(buf.base, ==, text);"),
    # expressions
    ("expect uv_now(loop) >= big + 20", "CHECK_UINT(uv_now(loop), >=, big + 20);"),
    ("expect n * (n + 2) // 3 % 5 == 0", "CHECK_INT(((n * (n + 2)) / 3) % 5, ==, 0);"),
    ("expect n - (n - 1) == 1", "CHECK_INT(n - (n - 1), ==, 1);"),
    ("expect -n == -1 - -1", "CHECK_INT(-n, ==, -1 - -1);"),
    ("expect -(-n) == n", "CHECK_INT(-(-n), ==, n);"),
    ("expect n & 1 | 2 == 3", "CHECK_INT((n & 1) | 2, ==, 3);"),
    ("expect not uv_loop_alive(loop)", "CHECK(!uv_loop_alive(loop));"),
    ("expect n == 1 or n == 2 and uv_now(loop) < 5", "CHECK((n == 1) || ((n == 2) && (uv_now(loop) < 5)));"),
    ("expect (n < 3) == 1", "CHECK_INT(n < 3, ==, 1);"),
    ('expect uv_strerror(-1) == "x"', 'CHECK_STR(uv_strerror(-1), "x");'),
    ("expect big < 5000000000", "CHECK_UINT(big, <, 5000000000LL);"),
    ("expect big < 18446744073709551615", "CHECK_UINT(big, <, 18446744073709551615ULL);"),
    ("expect n == INT_MIN", "CHECK_INT(n, ==, INT_MIN);"),
    # built in
    ("busy(3)", "uvt_busy(3);"),
    ("gone(t)", "uvt_gone(&t, sizeof t);"),
    ('note("child ran")', 'uvt_note("child ran");'),
    ('note("a -> b = c")', 'uvt_note("a -> b = c");'),
    ("raise_signal(SIGUSR1) -> 0", "CHECK_INT(raise(SIGUSR1), ==, 0);"),
    ("alloc_fail(2)", "uvt_alloc_fail(2);"),
    ("alloc_calls() -> >= 1", "CHECK_INT(uvt_alloc_calls(), >=, 1);"),
    ("alloc_live() -> n", "CHECK_INT(uvt_alloc_live(), ==, n);"),
    ("readable(uv_backend_fd(loop)) -> 0", "CHECK_INT(uvt_fd_readable(uv_backend_fd(loop)), ==, 0);"),
    ("strlen(text) -> 0", "CHECK_UINT(strlen(text), ==, 0);"),
    ("getpid() -> > 0", "CHECK_INT((int) getpid(), >, 0);"),
    ("sizeof(t) -> 152", "CHECK_UINT(sizeof t, ==, 152);"),
    ("start(g)", 'uvt_threads_start("g", 2, g, NULL);'),
    ("join(g)", 'uvt_threads_join("g");'),
    ("finished(g) -> 2", 'CHECK_INT(uvt_threads_finished("g"), ==, 2);'),
    ("exported(uv_run) -> non-null", "CHECK_PTR(uv_run, !=, NULL);"),
    ("uv_timer_get_repeat(t) -> saturated(20)",
     "CHECK_UINT(uv_timer_get_repeat(&t), ==, (20 > UINT64_MAX - uv_now(loop) ? UINT64_MAX - uv_now(loop) : 20));"),
]


@pytest.mark.parametrize(("step", "c"), STEPS, ids=[s[0] for s in STEPS])
def test_step_to_c(step: str, c: str, small: Spec, table: TypeTable) -> None:
    (line,) = body(translated(small, step, table=table))
    assert line == c


BAD = [
    # the number and kinds of arguments
    ("uv_timer_start(t, on_t, 20) -> 0", "`uv_timer_start` takes 4 arguments, 3 given"),
    ("uv_stop(loop, loop)", "`uv_stop` takes 1 argument, 2 given"),
    ("uv_loop_configure(loop) -> 0", "`uv_loop_configure` takes 2 arguments, 1 given"),
    ("busy() -> any", "`busy` takes 1 argument, 0 given"),
    ("uv_timer_stop(a) -> 0", "argument 1 (`handle`) of `uv_timer_stop` is uv_timer_t*; `a` is uv_async_t"),
    ("uv_timer_stop(loop) -> 0", "argument 1 (`handle`) of `uv_timer_stop` is uv_timer_t*; `loop` is uv_loop_t*"),
    ("uv_run(t, 0) -> 0", "argument 1 (`loop`) of `uv_run` is uv_loop_t*; `t` is uv_timer_t"),
    ("uv_timer_start(t, on_t, loop, 0) -> 0", "argument 3 (`timeout`) of `uv_timer_start` is uint64_t; `loop` is uv_loop_t*"),
    ("uv_timer_start(t, on_t, NULL, 0) -> 0", "argument 3 (`timeout`) of `uv_timer_start` is uint64_t; `NULL` is void*"),
    ("uv_timer_start(t, 5, 20, 0) -> 0", "argument 2 (`cb`) of `uv_timer_start` is uv_timer_cb; `5` is int"),
    ("uv_timer_start(on_t, on_t, 20, 0) -> 0", "argument 1 (`handle`) of `uv_timer_start` is uv_timer_t*, not a callback"),
    ("uv_walk(loop, on_walk, 5)", "argument 3 (`arg`) of `uv_walk` is void*; `5` is int"),
    ("uv_walk(loop, on_walk, uv_stop(loop))", "argument 3 (`arg`) of `uv_walk` is void*; `uv_stop(loop)` returns nothing"),
    ("uv_timer_stop(ts) -> 0", "`ts` is an array of handles: say which, as in `ts[0]`"),
    ("uv_timer_stop(t[0]) -> 0", "`t` is no array"),
    ("gone(loop)", "`gone` takes a handle or other variable by its own name; `loop` is uv_loop_t*"),
    # names
    ("uv_timer_stopp(t) -> 0", "`uv_timer_stopp` is neither a function of the library nor built in; `uv_timer_stop`?"),
    ("alloc_lives() -> 0", "neither a function of the library nor built in; `alloc_live`?"),
    ("uv_timer_stop(tt) -> 0", "`tt` is no handle, variable or constant here; there is t, text, ts"),
    ("uv_timer_stop(zz) -> 0", "`zz` is no handle, variable or constant here"),
    ("uv_run(loop, UV_RUN_TWICE) -> 0", "`UV_RUN_TWICE` is no handle, variable or constant here"),
    ("expect t.repeat == 0", "`uv_timer_t` has no public field `repeat`"),
    ("start(h)", "`h` is no thread group (g)"),
    ("expect calls(on_nobody) == 1", "`on_nobody` is no callback of this scenario"),
    ("exported(uv_nothing) -> null", "`uv_nothing` is no function of the library"),
    # the arrow
    ("uv_timer_stop(t)", "`uv_timer_stop(t)` returns int: say what, as in `uv_timer_stop(t) -> 0`, or `-> any`"),
    ("uv_now(loop) >= 5", "`uv_now(loop) >= 5` returns int: say what"),
    ("uv_stop(loop) -> 0", "`uv_stop(loop)` returns nothing, so nothing can follow `->`"),
    ("x = uv_stop(loop)", "`uv_stop(loop)` returns nothing"),
    ("expect uv_stop(loop) == 0", "a call that returns nothing cannot be compared"),
    ("uv_default_loop() -> 0", "`uv_default_loop()` and `0` are not of one kind (uv_loop_t* and int)"),
    ("uv_default_loop() -> nonzero", "are not of one kind"),
    ("uv_timer_stop(t) -> null", "are not of one kind"),
    ("uv_timer_stop(t) -> loop", "are not of one kind"),
    ("uv_default_loop() -> one of [0, 1]", "`one of` is for numbers; `uv_default_loop()` is uv_loop_t*"),
    ('uv_strerror(-1) -> != "x"', "text can only be compared for being equal"),
    # assignments
    ("loop = uv_default_loop()", "`loop` is a loop, it cannot be assigned to"),
    ("t = 5", "`t` is a handle, it cannot be assigned to"),
    ("n = loop", "`n` is int; `loop` is uv_loop_t*"),
    ("p = 5", "`p` is void*; `5` is int"),
    ("buf.len = text", "`buf.len` is size_t; `text` is char[8]"),
    # what no step can say
    ("uv_stop(loop", "cannot be read as an expression"),
    ("expect n == True", "use 0 and 1, not True and False"),
    ("expect n in n", "is not something a step can say"),
    ("expect n < 1 < 2", "is not something a step can say"),
    ("expect (n is n) == 1", "is not something a step can say"),
    ("expect n ** 2 == 4", "is not something a step can say"),
    ("expect [n] == 1", "is not something a step can say"),
    ("busy(ms=3)", "is not something a step can say"),
    ("expect (lambda: 1)() == 1", "is not something a step can say"),
]


@pytest.mark.parametrize(("step", "message"), BAD, ids=[s[0] for s in BAD])
def test_bad_step(step: str, message: str, small: Spec, table: TypeTable) -> None:
    problems = translated(small, step, table=table).problems
    problem = problems[0]
    assert (problem.at, problem.id) == (AT, "UV-TIMER-0030")
    assert problem.what.startswith(f"step `{step}`: ") and message in problem.what


def test_a_callback_has_one_type(small: Spec) -> None:
    c = translated(small, "uv_timer_start(t, on_x, 1, 0) -> 0", "uv_close(t, on_x)")
    assert [p.what for p in c.problems] == ["step `uv_close(t, on_x)`: `on_x` is used as uv_close_cb and, elsewhere, as uv_timer_cb"]


def test_a_callback_that_nobody_calls(small: Spec) -> None:
    c = translated(small, "uv_stop(loop)", callbacks={"on_t": CallbackBody("on_t", AT)})
    assert [str(p) for p in c.problems] == ['s.yaml:7: UV-TIMER-0030: scenario "some name": callback `on_t` is never passed to a function']


def test_unknown_kinds_are_told(small: Spec) -> None:
    c = translated(small, "uv_stop(loop)", handles=[HandleDecl("x", "timr")], threads={})
    assert [p.what for p in c.problems] == ['scenario "some name": handle `x`: no kind `timr` (there is async, timer)']


def test_mistakes_in_every_body_are_told_once(small: Spec) -> None:
    wrong = [Step(At("s.yaml", n), text="uv_timer_stop(zz) -> 0") for n in range(20, 31)]
    c = translated(
        small, Step(AT, repeat="2", do=[wrong[0]]), Step(AT, cond="n == 1", do=[wrong[1]], orelse=[wrong[2]]), Step(AT, fork=[wrong[3]]),
        Step(At("s.yaml", 40), repeat="zz", do=[Step(AT, text="uv_stop(loop)")]), Step(At("s.yaml", 41), trace=["on t"]),
        "uv_timer_start(t, on_t, 1, 0) -> 0", wrong[4],
        callbacks={"on_t": CallbackBody("on_t", AT, [wrong[5]], {2: [wrong[6]]})},
        threads={"g": ThreadGroup("g", AT, 1, [wrong[7]], [wrong[8]])}, signals={"SIGUSR1": [wrong[9]]})
    assert sorted(p.at.line for p in c.problems) == [*range(20, 30), 40, 41]


# ------------------------------------------------------------------------------------------- scopes


def test_variables_take_the_type_of_their_value(small: Spec) -> None:
    c = translated(small, "a1 = uv_now(loop)", "b1 = uv_strerror(-1)", "c1 = n == 1", "d1 = uv_default_loop()", "e1 = 5000000000",
                   "f1 = uv_buf_init(text, 1)", "g1 = calls(on_t)", "uv_timer_start(t, on_t, 0, 0) -> 0")
    for line in ("uint64_t a1", "const char *b1", "int c1", "uv_loop_t *d1", "int64_t e1", "uv_buf_t f1", "int g1", "int on_t_calls"):
        assert f"static {line};\n" in c.text


def test_a_variable_is_as_wide_as_its_widest_value(small: Spec) -> None:
    """Loop time in an int would overflow after a month."""
    c = translated(small, "last = 0", "last = uv_now(loop)", "expect uv_now(loop) >= last")
    assert "static uint64_t last;\n" in c.text
    assert body(c)[-1] == "CHECK_UINT(uv_now(loop), >=, last);"


def test_a_callback_sees_its_parameters_and_the_scenario(small: Spec) -> None:
    c = translated(small, "later = 1", "uv_walk(loop, on_walk, t)",
                   callbacks={"on_walk": CallbackBody("on_walk", AT, [Step(AT, text="expect arg == t"), Step(AT, text="seen = later"),
                                                                      Step(AT, text="uv_is_active(handle) -> 0")])})
    assert not c.problems
    assert ("static void on_walk(uv_handle_t *handle, void *arg) {\n  uvt_event(\"on_walk\", handle);\n  CHECK_PTR(arg, ==, &t);\n"
            "  seen = later;\n  CHECK_INT(uv_is_active(handle), ==, 0);\n}\n") in c.text
    assert translated(small, "expect arg == t").problems  # outside of it there is none


def test_repeat_counts_in_i(small: Spec) -> None:
    inner = Step(AT, repeat="n", do=[Step(AT, text="uv_timer_stop(ts[i]) -> 0")])
    c = translated(small, Step(AT, repeat="3", do=[Step(AT, text="uv_timer_stop(ts[i]) -> 0"), inner]))
    assert body(c) == ["for (int i_ = 0; i_ < 3; i_++) {", "  CHECK_INT(uv_timer_stop(&ts[i_]), ==, 0);",
                       "  for (int i1_ = 0; i1_ < n; i1_++) {", "    CHECK_INT(uv_timer_stop(&ts[i1_]), ==, 0);", "  }", "}"]
    assert translated(small, "n = i").problems


def test_while_looks_before_each_turn(small: Spec) -> None:
    c = translated(small, Step(AT, whilst="n < 3", do=[Step(AT, text="n = n + 1"), Step(AT, text="uv_timer_stop(t) -> 0")]))
    assert body(c) == ["while (n < 3) {", "  n = n + 1;", "  CHECK_INT(uv_timer_stop(&t), ==, 0);", "}"]
    assert translated(small, Step(AT, whilst="nobody", do=[Step(AT, text="n = 1")])).problems


def test_aborts_is_a_child_that_must_not_reach_its_end(small: Spec) -> None:
    c = translated(small, Step(AT, aborts=[Step(AT, text="uv_stop(loop)")]))
    assert body(c) == ["if (uvt_fork_aborts()) {", "  uv_stop(loop);", "  uvt_fork_exit();", "}"]


def test_an_element_of_an_array_can_be_set(small: Spec) -> None:
    assert body(translated(small, "text[2] = 65", "ts[1].data = NULL")) == ["text[2] = 65;", "ts[1].data = NULL;"]


def test_raw_c_names_what_it_means_with_a_dollar(small: Spec) -> None:
    c = generate(small, small.functions, TypeTable(small), Scenario(
        "raw", AT, "timer", ["UV-TIMER-0030"], handles=[HandleDecl("t", "timer")], steps=[Step(AT, c="int t = uv_is_active(&${t});\n(void) t;")]), "__9")
    assert "  {\n    int t = uv_is_active(&t__9);\n    (void) t;\n  }\n" in c.text
    assert "uv_is_active" in c.symbols and (c.raw_steps, c.steps) == (1, 1)


def test_symbols_are_what_the_test_needs(small: Spec) -> None:
    c = translated(small, "exported(uv_strerror) -> non-null", "x = saturated(1)", handles=[], loops=[], threads={})
    assert c.symbols == ["uv_close", "uv_is_closing", "uv_loop_close", "uv_loop_init", "uv_now", "uv_run", "uv_strerror"]
    assert translated(small, "getpid() -> > 0", handles=[], loops=[], threads={}, loop="none").symbols == []


# ------------------------------------------------------------------------------------------- types


def test_types(table: TypeTable) -> None:
    kinds = {"int": "int", "uint64_t": "uint", "uv_run_mode": "int", "char*": "str", "const char*": "str", "char[8]": "str", "void*": "ptr",
             "uv_loop_t*": "ptr", "uv_loop_t": "struct", "uv_timer_cb": "callback", "void (*)(void)": "callback", "void": "void", "size_t": "uint"}
    assert {t: table.kind(t) for t in kinds} == kinds
    assert table.is_a("uv_timer_t", "uv_handle_t") and not table.is_a("uv_handle_t", "uv_timer_t")
    assert table.field_type("uv_timer_t", "data") == "void*" and table.field_type("uv_timer_t", "x") is None
    constants = ("UV_EINVAL", "UINT64_MAX", "SIGUSR1", "EAGAIN", "UV_NO", "Extra")
    assert [table.constant(n) for n in constants] == ["int", "uint64_t", "int", "int", None, None]


@pytest.mark.parametrize(("ctype", "name", "text"), [
    ("int", "x", "int x"), ("uv_timer_t*", "x", "uv_timer_t *x"), ("const char*", "x", "const char *x"), ("char**", "x", "char **x"),
    ("void (*)(void)", "x", "void (*x)(void)"),
])
def test_declarators(ctype: str, name: str, text: str) -> None:
    assert declare(ctype, name) == text
    assert spaced("uv_loop_t*") == "uv_loop_t *" and declare("char", "x", "[4]") == "char x[4]"
