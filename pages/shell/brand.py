"""The product's mark: a table whose top is the spectrum."""

from __future__ import annotations

RAMP = ("#133047", "#0D556C", "#1C7D86", "#4AA79C", "#93D1AF", "#E5F2C2")
"""The six bands from closed to open."""

_TOP = "".join(f'<rect x="{3 + index * 4.5}" y="7" width="4.5" height="7" fill="{RAMP[index]}"/>' for index in range(6))

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33" width="33" height="33">'
    '<path d="M7 14v13M26 14v13" stroke="#5B7079" stroke-width="2.4" stroke-linecap="round"/>'
    f'<clipPath id="r"><rect x="3" y="7" width="27" height="7" rx="1.8"/></clipPath><g clip-path="url(#r)">{_TOP}</g>'
    '<rect x="3" y="7" width="27" height="7" rx="1.8" fill="none" stroke="#4F6670" stroke-width="1"/></svg>'
)
"""As the browser's tab shows it; the header and the sign-in page draw the same with the stylesheet."""
