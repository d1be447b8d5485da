"""Rules over operations: each row of a table, called in each of the ways there are."""

from __future__ import annotations

from uvspec.expand import rule_scenarios
from uvspec.gen.scenario_c import test_name as name_of
from uvspec.model import At, CallbackBody, Function, Module, Param, Row, Rule, Scenario, Spec, Step
from uvspec.operations import is_operation, operation_arguments

LOOP, REQ, CB = Param("loop", "uv_loop_t*"), Param("req", "uv_fs_t*"), Param("cb", "uv_fs_cb")
HERE = At("x", 1)


def step(text: str) -> Step:
    return Step(HERE, text=text)


def function(*params: Param, rows: list[Row] | None = None) -> Function:
    return Function("uv_fs_thing", HERE, "fs", "1.0.0", "int", [LOOP, REQ, *params, CB], outcomes=rows or [])


ROWS = [
    Row(HERE, "UV-FS-0901", when={"flags": "8"}, returns="UV_EINVAL", at_once=True),
    Row(HERE, "UV-FS-0902", when={"path": "of nothing"}, args={"path": '"no"'}, returns="UV_ENOENT"),
    Row(HERE, "UV-FS-0903", when={"path": "otherwise"}, given=[step('make_file("a", "x")')], returns="0",
        then=[step('file_text("a") -> "x"')], finally_=[step("tidy()")], vars={"used": "int", "unused": "int"}),
]
PARAMS = (Param("path", "const char*", example='"a"'), Param("flags", "int", example="0"))


def spec_with(f: Function) -> Spec:
    spec = Spec("1.52")
    spec.modules["fs"] = Module("fs", HERE, "", True, functions={f.name: f})
    return spec


def expand(over: str, *steps: str, except_: dict[str, str] | None = None, f: Function | None = None) -> list[Scenario]:
    f = f or function(*PARAMS, rows=ROWS)
    template = Scenario("r", HERE, "", ["UV-FS-0950"], vars={"f": "uv_fs_t"}, steps=[step(s) for s in steps],
                        callbacks={"on_done": CallbackBody("on_done", HERE, [step("req.result -> {returns}")])})
    spec = spec_with(f)
    return rule_scenarios(spec, spec.modules["fs"], Rule("r", HERE, ["UV-FS-0950"], over, template, except_ or {}))


def texts(s: Scenario) -> list[str]:
    return [x.text for x in s.steps]


def test_what_an_operation_is() -> None:
    assert is_operation(function(*PARAMS))
    assert not is_operation(Function("uv_fs_get_path", HERE, "fs", "1.0.0", "const char*", [Param("req", "const uv_fs_t*")]))
    assert not is_operation(Function("uv_random", HERE, "random", "1.0.0", "int", [LOOP, Param("req", "uv_random_t*"), Param("cb", "uv_random_cb")]))


def test_arguments_come_from_the_row_its_condition_or_the_example() -> None:
    f = function(*PARAMS)
    assert operation_arguments(f, ROWS[0]) == {"req": "f", "path": '"a"', "flags": "8"}
    assert operation_arguments(f, ROWS[1]) == {"req": "f", "path": '"no"', "flags": "0"}
    assert operation_arguments(f, Row(HERE, "", when={"path": "null"})) == {"req": "f", "path": "NULL", "flags": "0"}


def test_each_row_in_each_way() -> None:
    steps = ["{given}", "r = {sync}", "{again} -> {returns}", "{async} -> 0", "{nobody} -> UV_EINVAL", "{path}", "f.fs_type -> {type}",
             "used = 1", "{then}", "{finally}"]
    found = expand("outcomes of operations", *steps)
    assert [name_of(s) for s in found] == ["UV-FS-0902.r-uv-fs-thing", "UV-FS-0903.r-uv-fs-thing"]
    assert texts(found[1]) == [
        'make_file("a", "x")', 'r = uv_fs_thing(NULL, f, "a", 0, NULL)', 'uv_fs_thing(loop, f, "a", 0, NULL) -> 0',
        'uv_fs_thing(loop, f, lent("a"), 0, on_done) -> 0', 'uv_fs_thing(loop, NULL, "a", 0, NULL) -> UV_EINVAL',
        'strcmp(f.path, "a") -> 0', "f.fs_type -> UV_FS_THING", "used = 1", 'file_text("a") -> "x"', "tidy()"]
    assert found[1].vars == {"f": "uv_fs_t", "used": "int"}  # what no step names is not declared
    assert found[1].shows == ["UV-FS-0903", "UV-FS-0950"]
    assert [x.text for x in found[0].callbacks["on_done"].each] == ["req.result -> UV_ENOENT"]


def test_rows_by_what_comes_out() -> None:
    def ids(over: str) -> list[str]:
        return [s.shows[0] for s in expand(over, "{sync} -> {returns}")]
    assert ids("successes of operations") == ["UV-FS-0903"]
    assert ids("failures of operations") == ["UV-FS-0902"]
    assert ids("refusals of operations") == ["UV-FS-0901"]


def test_exceptions_name_rows_functions_and_parameters() -> None:
    assert [s.shows[0] for s in expand("outcomes of operations", "{sync} -> any", except_={"UV-FS-0902": "why"})] == ["UV-FS-0903"]
    assert expand("outcomes of operations", "{sync} -> any", except_={"uv_fs_thing": "why"}) == []
    two = function(PARAMS[0], Param("new_path", "const char*", example='"b"'))
    found = expand("paths of operations", "{sync} -> any", f=two, except_={"uv_fs_thing/path": "why"})
    assert [(s.variant, texts(s)) for s in found] == [("uv_fs_thing new_path", ['uv_fs_thing(NULL, f, "a", bad, NULL) -> any'])]


def test_descriptors_and_buffers() -> None:
    f = function(Param("file", "uv_file", example="0"), Param("bufs", "const uv_buf_t*", example="b"))
    found = expand("files of operations", "{sync} -> UV_EBADF", "{path}", f=f)
    assert texts(found[0]) == ["uv_fs_thing(NULL, f, bad, b, NULL) -> UV_EBADF"]  # no path, so no check of one
    assert found[0].vars == {"f": "uv_fs_t", "b": "uv_buf_t"}
