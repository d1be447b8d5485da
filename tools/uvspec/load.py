"""From YAML to the typed model. The only module that knows what our files look like on disk.

`load_spec(root)` reads everything under `spec/`, checks each file against its JSON Schema and returns a
`Spec`; whatever is wrong is collected and raised together as one SpecError. Rules that span files (IDs,
total tables, names in steps) are the linter's: see lint.py.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from .errors import Problem, SpecError
from .model import (
    Abi, AbiType, At, Attribute, Binds, Callback, CallbackBody, Clause, Constant, Decision, Enum_,
    Field_, Function, HandleDecl, HandleKind, Happening, Level, Life, Module, Param, Profile, Row, Rule, Scenario,
    Source, Spec, State, Step, ThreadGroup, Trace, TraceItem, Type,
)
from .strict_yaml import Map, Seq, YamlProblems, parse

API_LEVEL = "1.52"


def spec_files(root: Path) -> list[Path]:
    """Every file that `load_spec` reads, sorted: the inputs of the build's generators."""
    spec = root / "spec"
    return sorted([*spec.glob("modules/*/*.yaml"), *spec.glob("abi/*.yaml"), *spec.glob("decisions/D-*.md"), *spec.glob("trace/*.yaml"),
                   *spec.glob("schema/*.json"), *(p for p in [spec / "profiles.yaml"] if p.exists())])


def load_spec(root: Path) -> Spec:
    """Reads `root/spec`. Raises SpecError with every problem of every file."""
    return Loader(root).load()


class Loader:
    """Reads files one by one and keeps going, so that all problems are told at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.file = ""

    # ------------------------------------------------------------------------------ files

    def load(self) -> Spec:
        spec = Spec(api_level=API_LEVEL)
        base = self.root / "spec"
        if not (base / "modules").is_dir():
            raise SpecError([Problem(At("spec/modules"), "", "no such folder: is this the project's root?")])
        for folder in sorted(p for p in (base / "modules").iterdir() if p.is_dir()):
            module = self.module(folder)
            if module is not None:
                spec.modules[module.name] = module
        for path in sorted((base / "abi").glob("*-*.yaml")):
            abi = self.abi(path)
            if abi is not None:
                if abi.target != path.stem:
                    self.complain(1, f"target is `{abi.target}`, the file is named `{path.name}`")
                spec.abi[abi.target] = abi
        for path in sorted((base / "decisions").glob("D-*.md")):
            decision = self.decision(path)
            if decision is not None:
                if decision.id in spec.decisions:
                    self.complain(1, f"also in {spec.decisions[decision.id].at.file}: take the next free number", decision.id)
                spec.decisions[decision.id] = decision
        for path in sorted((base / "trace").glob("*.yaml")):
            trace = self.trace(path)
            if trace is not None:
                if trace.document in spec.traces:
                    self.complain(1, f"document {trace.document} is also in {spec.traces[trace.document].at.file}")
                spec.traces[trace.document] = trace
        if (base / "profiles.yaml").exists():
            spec.profiles = self.profiles(base / "profiles.yaml")
        for module in spec.modules.values():
            rows = row_clauses(module)
            for id_ in sorted(set(rows) & set(module.clauses)):
                self.problems.append(Problem(module.clauses[id_].at, id_, f"already used at {rows[id_].at}: IDs are used once"))
            module.clauses.update(rows)
        if self.problems:
            raise SpecError(self.problems)
        return spec

    def read(self, path: Path, kind: str) -> Any:
        """One YAML file, checked against its schema; None when it is unusable."""
        self.file = str(path.relative_to(self.root))
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            self.complain(0, f"cannot be read: {e}")
            return None
        try:
            document = parse(text, self.file)
        except YamlProblems as e:
            self.problems += e.problems
            return None
        errors = list(_validator(self.root, kind).iter_errors(document))
        for error in errors:
            self.complain(*explain(document, error))
        return None if errors else document

    def complain(self, line: int, what: str, id_: str = "") -> None:
        self.problems.append(Problem(At(self.file, line), id_, what))

    def at(self, line: int) -> At:
        return At(self.file, line)

    def module(self, folder: Path) -> Module | None:
        api = self.read(folder / "api.yaml", "api") if (folder / "api.yaml").exists() else None
        if api is None:
            if not (folder / "api.yaml").exists():
                self.problems.append(Problem(At(str(folder.relative_to(self.root))), "", "no api.yaml"))
            self.optional(folder / "behavior.yaml", "behavior")  # for what is wrong there too
            self.optional(folder / "scenarios.yaml", "scenarios")
            return None
        if api["module"] != folder.name:
            self.complain(api.lines["module"], f"module is `{api['module']}`, its folder is `{folder.name}`")
        module = Module(folder.name, self.at(1), api["summary"], api.get("complete", False),
                        about=[_one_line(p) for p in api.get("about", [])])
        self.api(module, api)
        behavior = self.optional(folder / "behavior.yaml", "behavior")
        if behavior is not None:
            for entry in behavior["clauses"]:
                clause = self.clause(module.name, entry)
                if clause.id in module.clauses:
                    self.complain(entry.line, f"also on line {module.clauses[clause.id].at.line}: IDs are used once", clause.id)
                module.clauses[clause.id] = clause
        scenarios = self.optional(folder / "scenarios.yaml", "scenarios")
        if scenarios is not None:
            module.scenarios = [self.scenario(module.name, s, s["name"], s["shows"]) for s in scenarios.get("scenarios", [])]
            module.rules = [self.rule(r) for r in scenarios.get("rules", [])]
        return module

    def optional(self, path: Path, kind: str) -> Any:
        return self.read(path, kind) if path.exists() else None

    # ------------------------------------------------------------------------------ api.yaml

    def api(self, module: Module, api: Map) -> None:
        for e in api.get("enums", []):
            values = [Constant(v["name"], str(v["value"]), v.get("since", ""), v.get("meaning", "")) for v in e["values"]]
            module.enums.append(Enum_(e["name"], self.at(e.line), e["form"], values, e.get("since", "1.0.0"), e.get("summary", "")))
        types = api.get("types", {})
        for name, t in types.items():
            fields = [Field_(f["name"], f["type"], f.get("meaning", ""), f.get("dims", ""), f.get("access", "read"), f.get("since", "")) for f in t.get("fields", [])]
            module.types[name] = Type(name, self.at(types.lines[name]), t["form"], t.get("tag", ""), t.get("target", ""),
                                      t.get("extends", ""), fields, t.get("since", "1.0.0"), t.get("summary", ""))
        callbacks = api.get("callbacks", {})
        for name, c in callbacks.items():
            module.callbacks[name] = Callback(name, self.at(callbacks.lines[name]), self.params(c), c.get("returns", "void"),
                                              c.get("since", "1.0.0"), c["summary"], c.get("phase", ""), c.get("thread", "loop"),
                                              c.get("often", ""), c.get("inside", ""))
        if "handle" in api:
            module.handle = self.handle(api["handle"])
        if "life" in api:
            life = api["life"]
            states = {name: State(name, s["active"], [], s["meaning"]) for name, s in life["states"].items()}
            module.life = Life(self.at(life.line), life["type"], states, self.happenings(life))
        functions = api.get("functions", {})
        for name, f in functions.items():
            module.functions[name] = Function(
                name, self.at(functions.lines[name]), module.name, f["since"], f["returns"], self.params(f),
                f.get("variadic", False), f.get("thread", "loop"), f["summary"], f.get("details", ""),
                f.get("returns_meaning", ""), dict(f.get("errors", {})),
                [self.row(r) for r in f.get("outcomes", [])], f.get("windows", ""))

    def params(self, entry: Map) -> list[Param]:
        return [Param(p["name"], p["type"], p.get("dir", "in"), p.get("nullable", False), p.get("retained", ""),
                      p.get("owner", ""), p.get("unit", ""), [str(b) for b in p.get("boundary", [])],
                      str(p.get("example", "")), p.get("meaning", "")) for p in entry.get("params", [])]

    def handle(self, h: Map) -> HandleKind:
        states = {name: State(name, s["active"], self.steps(s.get("reach", Seq(s.line))), s.get("meaning", ""), s.get("apart", False))
                  for name, s in h["states"].items()}
        attributes = {name: Attribute(name, a["type"], a["get"], a.get("meaning", "")) for name, a in h.get("attributes", {}).items()}
        return HandleKind(h["kind"], self.at(h.line), h["type"], h["constant"], h["init"], states, attributes,
                          dict(h.get("fires", {})), h.get("start", ""), h.get("stop", ""),
                          happens=self.happenings(h))

    def happenings(self, entry: Map) -> list[Happening]:
        return [Happening(self.at(e.line), list(e["from"]), e["to"], e["what"]) for e in entry.get("happens", [])]

    def row(self, r: Map) -> Row:
        return Row(self.at(r.line), r.get("id", ""), r.get("rev", 1), {k: _plain(v) for k, v in r.get("when", {}).items()},
                   self.steps(r.get("given", Seq(r.line))), {k: str(v) for k, v in r.get("with", {}).items()},
                   str(r.get("returns", "")), r.get("handle", ""), {k: str(v) for k, v in r.get("sets", {}).items()},
                   r.get("text", ""), r.get("undefined", ""), Level(r.get("level", "must")), r.get("since", ""),
                   r.get("until", ""), [self.source(s) for s in r.get("sources", [])], r.get("decision", ""), r.get("untested", ""),
                   dict(r.get("vars", {})), self.steps(r.get("then", Seq(r.line))), self.steps(r.get("finally", Seq(r.line))),
                   r.get("at_once", False), list(r.get("needs", [])))

    # ------------------------------------------------------------------------------ behavior.yaml

    def source(self, s: Map) -> Source:
        kind = next(k for k in ("doc", "seed", "probe", "issue", "standard", "fact") if k in s)
        return Source(kind, s[kind], s.get("says", s.get("saw", "")), s.get("contradicts", ""))

    def clause(self, module: str, c: Map) -> Clause:
        return Clause(c["id"], self.at(c.line), module, c["rev"], Binds(c.get("binds", "implementation")),
                      Level(c.get("level", "must")), _one_line(c["text"]), c.get("since", "1.0.0"), c.get("until", ""),
                      [self.source(s) for s in c["sources"]], c.get("decision", ""), c.get("untested", ""),
                      topic=c.get("topic", ""))

    # ------------------------------------------------------------------------------ scenarios.yaml

    def steps(self, seq: Seq) -> list[Step]:
        return [self.step(item, seq.lines[i]) for i, item in enumerate(seq)]

    def step(self, item: Any, line: int) -> Step:
        at = self.at(line)
        if isinstance(item, str):
            return Step(at, text=item)
        if "trace" in item:
            return Step(at, trace=_plain(item["trace"]))
        if "repeat" in item:
            return Step(at, repeat=str(item["repeat"]), do=self.steps(item["do"]))
        if "while" in item:
            return Step(at, whilst=item["while"], do=self.steps(item["do"]))
        if "if" in item:
            return Step(at, cond=item["if"], do=self.steps(item["do"]), orelse=self.steps(item["else"]) if "else" in item else [])
        if "fork" in item:
            return Step(at, fork=self.steps(item["fork"]))
        if "aborts" in item:
            return Step(at, aborts=self.steps(item["aborts"]))
        return Step(at, c=item["c"])

    def scenario(self, module: str, s: Map, name: str, shows: list[str]) -> Scenario:
        out = Scenario(name, self.at(s.line), module, list(shows))
        for key, h in s.get("handles", {}).items():
            out.handles.append(HandleDecl(key, h) if isinstance(h, str) else
                               HandleDecl(key, h["kind"], h.get("init", True), h.get("loop", "loop"), h.get("count", 1)))
        out.loops = list(s.get("loops", []))
        out.vars = dict(s.get("vars", {}))
        callbacks = s.get("callbacks", {})
        for key, body in callbacks.items():
            at = self.at(callbacks.lines[key])
            if isinstance(body, Seq):
                out.callbacks[key] = CallbackBody(key, at, self.steps(body))
            else:
                nth = {int(n): self.steps(v) for n, v in body.items() if n != "each"}
                out.callbacks[key] = CallbackBody(key, at, self.steps(body["each"]) if "each" in body else [], nth)
        for key, t in s.get("threads", {}).items():
            out.threads[key] = ThreadGroup(key, self.at(t.line), t.get("count", 1), self.steps(t["do"]),
                                           self.steps(t["last"]) if "last" in t else [])
        out.signals = {key: self.steps(v) for key, v in s.get("signals", {}).items()}
        out.steps = self.steps(s["steps"])
        out.loop = s.get("loop", "auto")
        out.leaks = s.get("leaks", "checked")
        out.why = s.get("why", "")
        out.needs = list(s.get("needs", []))
        return out

    def rule(self, r: Map) -> Rule:
        template = self.scenario("", r["scenario"], r["name"], r["shows"])
        return Rule(r["name"], self.at(r.line), list(r["shows"]), r["over"], template, dict(r.get("except", {})))

    # ------------------------------------------------------------------------------ the rest

    def abi(self, path: Path) -> Abi | None:
        a = self.read(path, "abi")
        if a is None:
            return None
        types = {n: AbiType(t["size"], {f: (v[0], v[1]) for f, v in t.get("fields", {}).items()}) for n, t in a["types"].items()}
        return Abi(a["target"], self.at(1), types, dict(a["constants"]))

    def decision(self, path: Path) -> Decision | None:
        self.file = str(path.relative_to(self.root))
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            self.complain(0, f"cannot be read: {e}")
            return None
        match = re.match(r"# (D-[0-9]{4}): (.+)\n", text)
        if match is None or not path.name.startswith(match[1]):
            self.complain(1, "a decision begins with `# D-NNNN: title`, and its file with the same number")
            return None
        return Decision(match[1], self.at(1), match[2].strip(), text[match.end():].strip() + "\n")

    def trace(self, path: Path) -> Trace | None:
        document = self.read(path, "trace")
        if document is None:
            return None
        items = [TraceItem(i["item"], self.at(i.line), i["says"], list(i.get("clauses", [])), list(i.get("outcomes", [])),
                           list(i.get("programs", [])), i.get("decision", ""), i.get("not_here", ""))
                 for i in document["items"]]
        return Trace(document["document"], self.at(1), document["title"], items)

    def profiles(self, path: Path) -> dict[str, Profile]:
        document = self.read(path, "profiles")
        if document is None:
            return {}
        raw = document["profiles"]
        out: dict[str, Profile] = {}
        for name, p in raw.items():
            modules, functions = list(p.get("modules", [])), list(p.get("functions", []))
            for other in p.get("includes", []):
                if other not in out:
                    self.complain(raw.lines[name], f"profile `{name}` includes `{other}`, which does not stand above it")
                    continue
                modules = [*out[other].modules, *modules]
                functions = [*out[other].functions, *functions]
            out[name] = Profile(name, self.at(raw.lines[name]), p["summary"], modules, functions)
        return out


def row_clauses(module: Module) -> dict[str, Clause]:
    """The clauses that rows of outcome tables are; the sentence is made from the row where it has none."""
    out: dict[str, Clause] = {}
    for function in module.functions.values():
        for row in function.outcomes:
            if row.id:
                out[row.id] = Clause(row.id, row.at, module.name, row.rev, Binds.IMPLEMENTATION, row.level,
                                     _one_line(row.text) or row_sentence(function, row), row.since or function.since,
                                     row.until, row.sources, row.decision, row.untested, row_of=function.name)
    return out


def row_sentence(function: Function, row: Row) -> str:
    """`uv_timer_start with handle closing returns UV_EINVAL.`"""
    parts = [f"{k} {_condition(v)}" for k, v in row.when.items()]
    sentence = function.name + (" with " + ", ".join(parts) if parts else "")
    effects = [f"returns {row.returns}" if row.returns else "returns"]
    if row.state:
        effects.append(f"leaves the handle {row.state}")
    effects += [f"sets {k} to {v}" for k, v in row.sets.items()]
    return f"{sentence} {', '.join(effects)}."


def _condition(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(str(v) for v in value)
    return str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(value: Any) -> Any:
    """Our YAML containers as plain ones."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value


@cache
def _validator(root: Path, kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((root / "spec" / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def explain(document: Any, error: jsonschema.ValidationError) -> tuple[int, str, str]:
    """Line, message and ID of a schema error; for `oneOf` the alternative that came closest."""
    if error.context:
        deepest = max(error.context, key=lambda e: (len(e.absolute_path), str(e.validator) != "type"))
        if len(deepest.absolute_path) > len(error.absolute_path) or str(deepest.validator) == "additionalProperties":
            return explain(document, deepest)
    line, node, id_ = 1, document, ""
    for key in error.absolute_path:
        if isinstance(node, Map):
            line = node.lines.get(key, node.line)
            id_ = node.get("id", id_)
        elif isinstance(node, Seq):
            line = node.lines[key] if isinstance(key, int) else node.line
        node = node[key]
    if isinstance(node, Map):
        id_ = node.get("id", id_) if isinstance(node.get("id", id_), str) else id_
        if str(error.validator) == "additionalProperties":  # the message begins with the keys that are not known
            line = next((node.lines[u] for u in re.findall(r"'([^']+)'", error.message) if u in node.lines), line)
    where = "/".join(str(p) for p in error.absolute_path) or "the document"
    return line, f"{where}: {error.message}", id_ if isinstance(id_, str) else ""
