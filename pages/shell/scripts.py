"""The one script of our own that the browser runs: a constant, so the content-security policy allows it by its hash.

It carries a one-use ticket to /session/start and reloads, ends a session through /session/end, and lets links
between our pages change the page without loading the whole app anew. What differs between people stands in data
attributes beside it, never in its text. Keys follow the links that name them (slides), a clock goes on by itself, one
button asks for the whole screen, and a slide is drawn anew for a window of another size. It also mends two faults of
Streamlit's: an upload area that says it is only presentation and yet has a name, which axe reports; and a press that is
lost because the page moved beneath it. Leaving a field by that press draws the page anew, a sentence comes or goes, and
the control is elsewhere when the button of the mouse goes up: it counts as pressed where the pointer kept still.
"""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from pages.shell.text import Ready

SHELL_SCRIPT = Markup("""
(() => {
  const send = (path, body) => fetch(path, {
    method: "POST", credentials: "same-origin",
    headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)
  });
  const go = (mark) => mark.dataset.to ? location.replace(mark.dataset.to) : location.reload();
  for (const mark of document.querySelectorAll("[data-ct-ticket]:not([data-ct-used])")) {
    mark.dataset.ctUsed = "yes";
    send("/session/start", {ticket: mark.dataset.ctTicket}).finally(() => go(mark));
  }
  for (const mark of document.querySelectorAll("[data-ct-end]:not([data-ct-used])")) {
    mark.dataset.ctUsed = "yes";
    send("/session/end", {}).finally(() => go(mark));
  }
  if (window.commonTable) return;
  window.commonTable = true;
  const mend = () => {
    const odd = "[data-testid=stFileUploaderDropzone][role=presentation]";
    for (const zone of document.querySelectorAll(odd)) zone.setAttribute("role", "group");
  };
  const measure = () => {
    const mark = document.querySelector("[data-ct-window]");
    if (!mark || document.querySelector("[role=dialog]")) return;
    const size = Math.max(innerWidth, 1280) + "x" + Math.max(innerHeight, 720);
    const to = new URL(location.href);
    if (mark.dataset.ctWindow === size || to.searchParams.get("window") === size) return;
    to.searchParams.set("window", size);
    history.replaceState({}, "", to.pathname + to.search);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
  let resized;
  addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(measure, 250); });
  const look = () => { mend(); measure(); };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
  look();
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-ct-clock]")) {
      if (!clock.dataset.ctFrom) clock.dataset.ctFrom = Date.now() - 1000 * Number(clock.dataset.ctClock);
      const gone = Math.floor((Date.now() - Number(clock.dataset.ctFrom)) / 1000);
      clock.textContent = Math.floor(gone / 60) + ":" + String(gone % 60).padStart(2, "0");
    }
  };
  setInterval(tick, 1000);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const at = event.target.closest ? event.target : document.body;
    if (at.closest("input, textarea, select, [contenteditable=true], [role=dialog]")) return;
    if (event.key === " " && at.closest("button")) return;
    const name = event.key === " " ? "Space" : event.key;
    for (const mark of document.querySelectorAll("[data-ct-keys]")) {
      if (!mark.dataset.ctKeys.split(" ").includes(name)) continue;
      event.preventDefault();
      mark.click();
      return;
    }
  });
  let pressed;
  addEventListener("pointerdown", (event) => {
    const on = event.target.closest && event.target.closest("button, label, a[href], [role=tab]");
    pressed = on && !event.button && {on, x: event.clientX, y: event.clientY};
  }, true);
  addEventListener("pointerup", (event) => {
    const was = pressed;
    pressed = null;
    if (!was || !was.on.isConnected || was.on.contains(event.target)) return;
    const box = was.on.getBoundingClientRect(), x = event.clientX, y = event.clientY;
    const away = x < box.left || x > box.right || y < box.top || y > box.bottom;
    if (away && Math.hypot(x - was.x, y - was.y) < 8) setTimeout(() => was.on.click());
  }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest("[data-ct-full]")) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest && event.target.closest("a.ct-go[href]");
    if (!link) return;
    const to = new URL(link.getAttribute("href"), location.href);
    if (to.origin !== location.origin) return;
    event.preventDefault();
    history.pushState({}, "", to.pathname + to.search);
    window.dispatchEvent(new PopStateEvent("popstate"));
    const main = document.querySelector("[data-testid=stMain]");
    if (main) main.scrollTo(0, 0);
  });
})();
""")
"""Its SHA-256 goes into the policy's script-src."""


def _run(attributes: Markup) -> None:
    said = Markup('<div class="ct-script" {}></div><script>{}</script>').format(attributes, SHELL_SCRIPT)
    st.html(Ready(said), unsafe_allow_javascript=True)


def follow_links() -> None:
    """Let links between our pages change the page in place; without the script they still work, by loading anew."""
    _run(Markup(""))


def start_session(ticket: str, *, to: str = "") -> None:
    """Exchange a ticket for the session cookie, then load `to`, or the same address when it is ""."""
    _run(Markup('data-ct-ticket="{}" data-to="{}"').format(ticket, to))


def end_session(*, to: str = "/") -> None:
    """End the session of this browser, then load `to`."""
    _run(Markup('data-ct-end="yes" data-to="{}"').format(to))
