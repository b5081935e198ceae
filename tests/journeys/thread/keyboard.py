"""Going through a page with the Tab key alone, as somebody without a mouse does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Name of what has the focus, and whether one sees that it has it.
WHERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {name: "", seen: true};
  const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    name: (label || one.getAttribute("aria-label") || one.innerText || one.value || "")
      .replace(/\\s+/g, " ").trim(),
    seen: (outlined || style.boxShadow !== "none")
      && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""
MANY = 80


def go_to(page: Page, name: str) -> list[str]:
    """Press Tab until what is named begins with `name` has the focus; return what was passed.

    Every stop must show its focus, inside the window.
    """
    passed: list[str] = []
    for _ in range(MANY):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        assert stop["seen"], f"the focus is not seen on « {stop['name']} »"
        if stop["name"].replace("\u2019", "'").startswith(name.replace("\u2019", "'")):
            return passed
        passed.append(stop["name"])
    raise AssertionError(f"« {name} » is not reached by Tab: {passed}")
