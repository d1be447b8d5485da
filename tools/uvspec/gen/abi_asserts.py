"""A C file of static assertions: every size, offset and constant of a measured ABI.

It compiles as C11 and as C++11 or later, and fails to compile where a header differs. With `only`
it is restricted to what an older header has.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Abi

_HEAD = """\
/* Static assertions on {target}: every size, offset and constant that compiled programs may rely on.
 * Generated from {source}: do not edit. */
#include <stddef.h>

#include "uv.h"

#ifdef __cplusplus
#define UVSPEC_ASSERT(condition, text) static_assert(condition, text)
#else
#define UVSPEC_ASSERT(condition, text) _Static_assert(condition, text)
#endif
#define SIZE(type, size) UVSPEC_ASSERT(sizeof(type) == (size), "size of " #type)
#define FIELD(type, field, offset, size)                                                           \\
  UVSPEC_ASSERT(offsetof(type, field) == (offset), "offset of " #type "." #field);                 \\
  UVSPEC_ASSERT(sizeof(((type *) 0)->field) == (size), "size of " #type "." #field)
#define VALUE(name, value) UVSPEC_ASSERT((int) (name) == (value), "value of " #name)
"""


def generate(abi: Abi, only: Iterable[str] | None = None) -> str:
    """The C text. `only` names the types and constants to keep; None keeps all."""
    keep = None if only is None else set(only)
    lines = [_HEAD.format(target=abi.target, source=abi.at.file or f"spec/abi/{abi.target}.yaml")]
    for name, size in sorted((n, t.size) for n, t in abi.types.items()):
        if keep is not None and name not in keep:
            continue
        lines += ["", f"SIZE({name}, {size});"]
        fields = sorted(abi.types[name].fields.items(), key=lambda item: item[1])
        lines += [f"FIELD({name}, {field}, {offset}, {width});" for field, (offset, width) in fields]
    lines.append("")
    lines += [f"VALUE({name}, {value});" for name, value in sorted(abi.constants.items())
              if keep is None or name in keep]
    return "\n".join(lines) + "\n"
