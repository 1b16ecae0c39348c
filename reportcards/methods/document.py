"""Write docs/methods.md from the method files: `python -m reportcards.methods.document`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportcards.methods import Method, answered, registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods.md"
_DIGITS = 6
_HEAD = """\
# Methods

How every figure on a card is made, for analysts. This page is written from the method files by
`python -m reportcards.methods.document`; the worked examples are computed by the code that makes the cards.
`commontable methods check FILE.json` compares the code with published cases of your own.

A missing input gives a missing figure, never 0. Confidence levels are given as 0.9 to 1 or as 90 to 100. Inputs that
cannot be true are refused in a sentence. In the examples figures are shown to six significant digits.
"""


def page() -> str:
    """The whole page."""
    methods = registry().values()
    contents = "\n".join(f"- [{each.title}](#{_anchor(each.name)}): `{each.name}`" for each in methods)
    return "\n".join([_HEAD, contents, *(_section(each) for each in methods)])


def _section(method: Method) -> str:
    return f"""
## <a id="{_anchor(method.name)}"></a>{method.title}

`{method.name}`

{method.what}

- **Formula:** {method.formula}
- **Source:** {method.source}

Example, given:

```json
{_shown(method.example)}
```

computed:

```json
{_shown(answered(method, method.example))}
```
"""


def _anchor(name: str) -> str:
    return name.replace("_", "-")


def _shown(values: Mapping[str, Any]) -> str:
    """A mapping as JSON, one key a line."""
    lines = [f"  {json.dumps(key)}: {json.dumps(_short(value), ensure_ascii=False)}" for key, value in values.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {str(key): _short(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_short(each) for each in value]
    return value


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
