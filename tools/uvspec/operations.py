"""Rules over operations: functions that are given a loop, a request and, last, a callback or NULL.

Each row of such a function's outcome table says one thing that holds however the function is called: at once,
with a callback, cancelled while it waits. A rule says how to call and what to look at; this module makes a
scenario of every rule and every row (or parameter) that it is about.

In the steps of such a rule stand

    {given} {then} {finally}  the row's own steps
    {sync} {again} {async}    the call: without a loop and a callback; with a loop; with both and `on_done`,
                              where texts are lent
    {nobody} {nobodyasync}    the call without a request
    {returns} {type}          what the row says that comes out; the operation's constant, UV_FS_OPEN
    {path}                    a check that the request has the path; nothing where the function has none
"""

from __future__ import annotations

import copy
import re

from .fill import fill_bodies
from .model import Function, Module, Param, Row, Rule, Scenario, Spec, Step

OUTCOMES = ("outcomes of operations", "successes of operations", "failures of operations", "refusals of operations")
BAD = ("paths of operations", "files of operations")  # a scenario for every parameter of that type, which is `bad`
_TYPES = {"paths of operations": "const char*", "files of operations": "uv_file"}


def is_operation(function: Function) -> bool:
    """Whether it can be called at once or with a callback."""
    types = [p.type for p in function.params]
    return len(types) > 2 and types[:2] == ["uv_loop_t*", "uv_fs_t*"] and types[-1] == "uv_fs_cb"


def operation_scenarios(spec: Spec, module: Module, rule: Rule) -> list[Scenario]:
    """The scenarios of a rule over operations."""
    operations = [f for m in spec.modules.values() for f in m.functions.values() if is_operation(f)]
    out = []
    for function in operations:
        if function.name in rule.except_:
            continue
        if rule.over in BAD:
            out += [_with_bad(module, rule, function, p) for p in function.params
                    if p.type == _TYPES[rule.over] and f"{function.name}/{p.name}" not in rule.except_]
        else:
            out += [_of_row(module, rule, function, row) for row in function.outcomes
                    if _is_meant(rule, row) and row.id not in rule.except_]
    return out


def _is_meant(rule: Rule, row: Row) -> bool:
    if row.undefined or row.untested:
        return False
    if rule.over == "refusals of operations" or row.at_once:
        return rule.over == "refusals of operations" and row.at_once
    is_failure = "UV_E" in row.returns
    return rule.over == "outcomes of operations" or is_failure == (rule.over == "failures of operations")


def _of_row(module: Module, rule: Rule, function: Function, row: Row) -> Scenario:
    arguments = operation_arguments(function, row)
    s = _instance(module, rule, function, [row.id, *rule.shows], arguments, row.returns,
                  {"given": row.given, "then": row.then, "finally": row.finally_})
    s.needs += row.needs
    said = " ".join(_texts(s.steps))
    s.vars.update({name: ctype for name, ctype in row.vars.items() if re.search(rf"\b{name}\b", said)})
    for p in function.params:
        if p.type == "const uv_buf_t*" and re.fullmatch("[a-z]+", arguments[p.name]):
            s.vars[arguments[p.name]] = "uv_buf_t"
    return s


def _texts(steps: list[Step]) -> list[str]:
    return [text for s in steps for text in [s.text, *_texts(s.do), *_texts(s.orelse)]]


def _with_bad(module: Module, rule: Rule, function: Function, param: Param) -> Scenario:
    arguments = {**operation_arguments(function, Row(function.at, "")), param.name: "bad"}
    s = _instance(module, rule, function, list(rule.shows), arguments, "", {})
    s.variant = f"{function.name} {param.name}"
    if any(a == "b" for a in arguments.values()):
        s.vars["b"] = "uv_buf_t"
    return s


def operation_arguments(function: Function, row: Row) -> dict[str, str]:
    """What is passed for each parameter but loop and callback, which the rule chooses."""
    out = {}
    for p in function.params[1:-1]:
        condition = row.when.get(p.name)
        is_value = isinstance(condition, int) or (isinstance(condition, str) and re.fullmatch(r"-?[0-9]+|[A-Z_0-9]+", condition))
        out[p.name] = row.args.get(p.name) or ("NULL" if condition == "null" else str(condition) if is_value else p.example)
    out[function.params[1].name] = "f"
    return out


def _instance(module: Module, rule: Rule, function: Function, shows: list[str], arguments: dict[str, str],
              returns: str, lists: dict[str, list[Step]]) -> Scenario:
    texts = {p.name for p in function.params if p.type == "const char*"}
    given, rest = ", ".join(arguments.values()), ", ".join(list(arguments.values())[1:])
    lent = ", ".join(f"lent({a})" if name in texts else a for name, a in arguments.items())
    words = {"sync": f"{function.name}(NULL, {given}, NULL)", "again": f"{function.name}(loop, {given}, NULL)",
             "async": f"{function.name}(loop, {lent}, on_done)",
             "nobody": f"{function.name}(loop, NULL, {rest}, NULL)", "nobodyasync": f"{function.name}(loop, NULL, {rest}, on_done)",
             "returns": returns, "type": function.name.upper(),
             "path": f"strcmp(f.path, {arguments['path']}) -> 0" if "path" in arguments else ""}
    s = copy.deepcopy(rule.scenario)
    s.name, s.module, s.at, s.origin, s.shows = rule.name, module.name, rule.at, "rule", shows
    s.variant = function.name
    fill_bodies(s, words, lists)
    return s
