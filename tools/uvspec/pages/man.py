"""The manual pages, in mdoc: NAME(3) for every function, uv_MODULE(7) for every module, and uv(7).

mdoc wants a sentence a line, no line longer than 80 characters, and no word on a macro's line that looks like
a macro; the small writer at the end takes care of that. The pages carry no date of their own.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection

from .. import __version__
from ..gen.headers import THREAD_RULES
from ..ctypes_ import declare
from ..model import Callback, Clause, Function, Module, Param, Row, Spec
from . import words
from .book import Book
from .machine import COMMON, Machine, Transition

WIDTH = 78


def generate(spec: Spec) -> dict[str, str]:
    """Every page by its path below man/."""
    book = Book(spec)
    out = {"man7/uv.7": overview(book)}
    for module in book.modules:
        out[f"man7/{page_of(module.name)}.7"] = module_page(book, module)
        for function in module.functions.values():
            out[f"man3/{function.name}.3"] = function_page(book, module, function)
    return out


def page_of(module: str) -> str:
    """The name of a module's page; `uv_fs` and its like are nobody else's."""
    return f"uv_{module}"


# ------------------------------------------------------------------------------------- the pages


def function_page(book: Book, module: Module, f: Function) -> str:
    page = Page(f.name, 3, f.summary, book.spec)
    page.section("LIBRARY")
    page.text(f"libuv, level {book.spec.api_level} of its API (libuv, -luv).")
    page.section("SYNOPSIS")
    page.raw(".In uv.h", f".Ft {_spaced(f.returns)}", f".Fo {f.name}")
    page.raw(*(f'.Fa "{declare(p.type, p.name)}"' for p in f.params), *(['.Fa "..."'] if f.variadic else []), ".Fc")
    page.section("DESCRIPTION")
    page.text(f.summary)
    if f.details:
        page.paragraph(f.details)
    if f.windows:
        page.paragraph(f"Windows: {f.windows}")
    page.paragraph(f"It may be called on {THREAD_RULES[f.thread]}." if f.thread == "loop" else
                   f"It may be called by {THREAD_RULES[f.thread].replace(', and', ' and by')}.")
    if f.since != "1.0.0":
        page.text(f"It is there since version {f.since}.")
    if f.params:
        page.section("PARAMETERS")
        page.items([(f"Fa {p.name}", _param(p)) for p in f.params])
    if f.returns != "void":
        page.section("RETURN VALUES")
        page.text(_sentence(f.returns_meaning, [p.name for p in f.params]))
    if f.errors:
        page.section("ERRORS")
        page.items([(f"Bq Er {code}", [_sentence(when, [p.name for p in f.params])]) for code, when in f.errors.items()], width="Er")
    if f.outcomes:
        page.section("OUTCOMES")
        page.text("The first of these that holds decides.")
        page.items([(macro_text(words.when_text(r)), _outcome(r, book)) for r in f.outcomes], width="Ds")
    about = book.mentions.get(f.name, [])
    if about:
        page.section("CLAUSES")
        page.items([(_id(c), [c.text, *_marks(c)]) for c in about], width="Ds")
    page.see_also(_near(book, module, f), [page_of(module.name)])
    return page.done()


def module_page(book: Book, module: Module) -> str:
    page = Page(page_of(module.name), 7, module.summary, book.spec)
    page.section("DESCRIPTION")
    page.text(module.summary)
    for paragraph in module.about:
        page.paragraph(paragraph)
    if module.handle:
        _states(page, book.machines[module.name])
    if module.life:
        page.section("STATES")
        page.items([(f"Sy {s.name}", [_sentence(s.meaning)]) for s in module.life.states.values()])
        _ways(page, book.lives[module.name])
    if module.functions:
        page.section("FUNCTIONS")
        page.items([(f"Xr {f.name} 3", [f.summary]) for f in module.functions.values()], width="Ds")
    if module.callbacks:
        page.section("CALLBACKS")
        page.items([(macro_text(_callback_head(c)), _callback(c)) for c in module.callbacks.values()], width="Ds")
    if module.types:
        page.section("TYPES")
        page.items([(f'Vt "{t.name}"', [t.summary, *(_sentence(f"{x.name}, {x.type}{x.dims}: {x.meaning}", [x.name]) for x in t.fields)])
                   for t in module.types.values()], width="Ds")
    if module.enums:
        page.section("CONSTANTS")
        for e in module.enums:
            page.paragraph(e.summary)
            page.items([(f"Dv {v.name} Pq {v.value}", [_sentence(v.meaning)]) for v in e.values], width="Ds")
    topics = book.topics(module)
    if topics:
        page.section("CLAUSES")
        page.text("What holds beyond the outcomes of single calls.")
        for topic in topics:
            if topic.title:
                page.raw(f".Ss {macro_text(topic.title[0].upper() + topic.title[1:])}")
            page.items([(_id(c), [c.text, *_marks(c)]) for c in topic.clauses], width="Ds")
    page.see_also([], ["uv"])
    return page.done()


def overview(book: Book) -> str:
    """uv(7): the modules."""
    page = Page("uv", 7, "Reference of libuv, generated from its specification.", book.spec)
    page.section("DESCRIPTION")
    page.text(f"These pages say what libuv is at level {book.spec.api_level} of its API: {len(book.spec.functions)} functions, "
              f"and {len(book.clauses)} numbered clauses about them, each of which tests show.")
    page.paragraph("A clause without a mark binds every libuv. One marked may is what a libuv is free to do; one marked unspecified "
                   "is left open, so that no program may rely on it.")
    page.paragraph("A handle that is raw is memory that no init function has seen; closing, uv_close() has been called; closed, "
                   "its close callback has been called and the memory is the caller's.")
    page.section("MODULES")
    page.items([(f"Xr {page_of(m.name)} 7", [m.summary]) for m in book.modules], width="Ds")
    page.see_also(["uv_run"], [])
    return page.done()


def _states(page: Page, machine: Machine) -> None:
    kind = machine.kind
    page.section("STATES")
    page.items([(f"Sy {s.name}", [_sentence("; ".join(x for x in ("active" if s.active else "inactive", s.meaning) if x))]) for s in kind.states.values()]
              + [(f"Sy {n}", [_sentence("inactive; " + COMMON[n])]) for n in ("closing", "closed")], width="Ds")
    _ways(page, machine)
    if kind.fires:
        page.paragraph(f"{kind.fires['callback']} is called in {words.either(list(kind.fires['in']))}, in the phase {kind.fires['phase']}"
                       + (f", {kind.fires['often']}." if kind.fires.get("often") else "."))


def _ways(page: Page, machine: Machine) -> None:
    if any(t.start != t.end for t in machine.transitions):
        page.paragraph("From one to another lead:")
    page.items([(macro_text(f"{t.start} to {t.end}"), [_way(t)]) for t in machine.transitions if t.start != t.end])


def _way(t: Transition) -> str:
    name, comma, rest = t.what.partition(",")
    return f"{name}(){comma}{rest}" if t.is_call and "(" not in name else t.what


def _param(p: Param) -> list[str]:
    lines = [_sentence(("(out) " if p.dir == "out" else "") + p.meaning + (f" ({p.unit})" if p.unit else ""))]
    traits = words.traits(p, unit=False)
    if traits:
        lines.append(_sentence("; ".join(traits)))
    return lines


def _outcome(row: Row, book: Book) -> list[str]:
    if row.undefined:
        return ["Undefined: the caller must not do this."]
    lines = [words.one_line(row.text)] if row.text else [_sentence(words.outcome_text(row))]
    if row.text and (row.returns or row.state):
        said = [f"returns {words.returns(row.returns)}"] if row.returns and words.returns(row.returns) not in row.text else []
        said += [f"the handle is then {row.state}"] if row.state else []
        lines += [_sentence("; ".join(said))] if said else []
    clause = book.clauses[row.id]
    return [*lines, *_marks(clause), f"({row.id})"]


def _marks(clause: Clause) -> list[str]:
    """What a reader has to know of a clause beside its text, in brackets."""
    marks = [] if clause.level.value == "must" else [clause.level.value]
    marks += ["for the caller"] if clause.binds.value == "caller" else []
    marks += [f"since {clause.since}"] if clause.since != "1.0.0" else []
    marks += [f"until {clause.until}"] if clause.until else []
    marks += [clause.decision] if clause.decision else []
    return [f"[{'; '.join(marks)}]"] if marks else []


def _id(clause: Clause) -> str:
    return macro_text(clause.id)


def _callback_head(c: Callback) -> str:
    return f"{c.returns} (*{c.name})({', '.join(declare(p.type, p.name) for p in c.params) or 'void'})"


def _callback(c: Callback) -> list[str]:
    lines = [c.summary, *(_sentence(f"{p.name}: {p.meaning}", [p.name]) for p in c.params)]
    if c.often:
        lines.append(_sentence(f"How often: {c.often}"))
    if c.inside:
        lines.append(_sentence(f"Inside: {c.inside}"))
    return lines


def _near(book: Book, module: Module, f: Function) -> list[str]:
    """Functions that its own text names, and its neighbours where they are few."""
    said = " ".join([f.summary, f.details, f.returns_meaning, *f.errors.values(), *(p.meaning + p.owner for p in f.params)])
    named = [n for n in re.findall(r"\buv_[a-z0-9_]+", said) if n in book.spec.functions]
    around = list(module.functions) if len(module.functions) <= 12 else []
    return sorted({*named, *around} - {f.name})


# ------------------------------------------------------------------------------------ writing mdoc


class Page:
    """The lines of one page."""

    def __init__(self, name: str, section: int, what: str, spec: Spec) -> None:
        self.lines = [f'.\\" Generated by uvspec {__version__} from the specification of libuv {spec.api_level}.',
                      ".Dd $Mdocdate$", f".Dt {name.upper()} {section}", ".Os"]
        self.section("NAME")
        self.raw(f".Nm {name}", f".Nd {macro_text(_as_name(what))}")

    def raw(self, *lines: str) -> None:
        self.lines += lines

    def section(self, title: str) -> None:
        self.lines.append(f".Sh {title}")

    def text(self, text: str) -> None:
        """Text, a sentence a line."""
        self.lines += text_lines(text)

    def paragraph(self, text: str) -> None:
        if text and not self.lines[-1].startswith(".Sh "):
            self.lines.append(".Pp")
        self.text(text)

    def items(self, items: list[tuple[str, list[str]]], width: str = "Ds") -> None:
        """A list of (head, texts)."""
        if not items:
            return
        self.lines.append(f".Bl -tag -width {width}")
        for head, texts in items:
            self.lines.append(f".It {head}")
            for text in texts:
                self.text(text)
        self.lines.append(".El")

    def see_also(self, functions: list[str], pages: list[str]) -> None:
        """SEE ALSO: functions by name, then pages of section 7."""
        named = [f"{f} 3" for f in sorted(functions)] + [f"{p} 7" for p in sorted(pages)]
        if named:
            self.section("SEE ALSO")
            self.lines += [f".Xr {n} ," for n in named[:-1]] + [f".Xr {named[-1]}"]

    def done(self) -> str:
        return "\n".join(self.lines) + "\n"


def text_lines(text: str) -> list[str]:
    """Text lines of mdoc: a sentence begins a line, none is longer than a terminal's, none looks like a macro."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z(\[`\"])|(?<=[a-z][.!?])\s+(?=uv_)", " ".join(text.split()))
    out: list[str] = []
    for sentence in sentences:
        words_left: list[str] = []
        for word in sentence.split(" "):
            call = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)\(\)([.,;:)]*)", word)
            if call:
                out += _wrapped(words_left)
                out.append(" ".join([".Fn", call[1], *call[2]]))
                words_left = []
            else:
                words_left.append(word.replace("()", "\0"))
        out += _wrapped(words_left)
    return out


def _wrapped(found: list[str]) -> list[str]:
    lines = textwrap.wrap(" ".join(found), WIDTH, break_long_words=False, break_on_hyphens=False)
    return [_escape(line).replace("\0", "\\&()") for line in lines]


def _escape(line: str) -> str:
    line = line.replace("\\", "\\e")
    return f"\\&{line}" if line.startswith((".", "'")) else line


def macro_text(text: str) -> str:
    """The same on a macro's line, where short words and punctuation would be taken for macros and delimiters."""
    out = []
    for word in _escape(" ".join(text.split())).replace('"', "\\(dq").split(" "):
        if re.fullmatch(r"[A-Z%][A-Za-z0-9]{1,2}|[.,:;?!()\[\]|]", word):
            word = "\\&" + word
        out.append(word.replace("()", "\\&()"))
    return " ".join(out)


def _as_name(summary: str) -> str:
    """`Starts a timer, …` as NAME has it: without a capital and a full stop; the first sentence."""
    first = re.split(r"(?<=[a-z)])\.\s", " ".join(summary.split()))[0].rstrip(".")
    keep = re.match(r"[A-Z]{2}|uv_|UV_|I/O|WTF|DNS", first)
    return first if keep else first[0].lower() + first[1:]


def _sentence(text: str, names: Collection[str] = ()) -> str:
    """With a capital, unless it begins with a name, and a full stop."""
    text = " ".join(text.split())
    if not text:
        return ""
    head = text if re.split(r"\W", text)[0] in names or re.match(r"uv_|[a-z]+[_(>-]|\(|0|>|-", text) else text[0].upper() + text[1:]
    return head if head.endswith((".", "?", "!")) else head + "."


def _spaced(ctype: str) -> str:
    return re.sub(r"\s*(\*+)", r" \1", ctype).strip()
