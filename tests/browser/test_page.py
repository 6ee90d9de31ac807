from pathlib import Path

import pytest

from tests.browser.conftest import Browser

pytestmark = pytest.mark.browser

CONTRAST = """(() => {
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const canvas = document.createElement('canvas').getContext('2d');
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = read(getComputedStyle(one).backgroundColor);
      if (colour[3] > 250) return colour.slice(0, 3);
    }
    return read(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  };
  const poor = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim()) continue;
    if (!element.checkVisibility() || element.closest('script, svg')) continue;
    const ink = luminance(read(getComputedStyle(element).color).slice(0, 3));
    const paper = luminance(behind(element));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    const name = `${element.tagName}.${element.className}`;
    if (ratio < 4.5) poor.add(`${name} ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()"""


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_asked_for_and_nothing_complains(
    browser: Browser, page: Path, dark: bool
) -> None:
    browser.open(page, width=1280, dark=dark)
    assert browser.complaints() == []
    assert browser.run("document.fonts.ready.then(() => document.fonts.size)") == 8


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read(browser: Browser, page: Path, dark: bool) -> None:
    browser.open(page, width=1280, dark=dark)
    assert browser.run(CONTRAST) == []


@pytest.mark.parametrize("width", [360, 800, 1280, 1800])
def test_nothing_sticks_out_at_any_width(
    browser: Browser, page: Path, width: int
) -> None:
    browser.open(page, width=width, dark=False)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_the_contents_fold_on_a_narrow_screen(browser: Browser, page: Path) -> None:
    is_open = "document.querySelector('.contents details').open"
    browser.open(page, width=360, dark=False)
    assert browser.run(is_open) is False
    browser.open(page, width=1280, dark=False)
    assert browser.run(is_open) is True


def test_a_number_shows_its_evidence_and_gives_the_focus_back(
    browser: Browser, page: Path
) -> None:
    browser.open(page, width=1280, dark=False)
    browser.run("document.querySelector('.abstract a.fact').focus()")
    browser.run("document.activeElement.click()")
    card = browser.run("document.querySelector('#card:popover-open').textContent")
    assert "count/runs/planned" in card
    assert browser.run("document.activeElement.getAttribute('aria-label')") == "Close"
    browser.press("Escape")
    assert browser.run("document.querySelector('#card:popover-open')") is None
    assert browser.run("document.activeElement.className") == "fact"


def test_a_citation_shows_its_work_on_focus(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280, dark=False)
    browser.run("document.querySelector('#sec-introduction a.cite').focus()")
    card = browser.run("document.querySelector('#card:popover-open').textContent")
    assert "Framewise phoneme classification" in card


def test_tables_sort_by_number_and_back(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280, dark=False)
    column = (
        "[...document.querySelectorAll('#tab-runs tbody tr')]"
        ".map((row) => Number(row.cells[5].dataset.sort || NaN))"
        ".filter((value) => !Number.isNaN(value))"
    )
    button = "document.querySelectorAll('#tab-runs thead button')[5]"
    heading = f"{button}.parentElement.getAttribute('aria-sort')"
    assert browser.run(heading) == "none"
    browser.run(f"{button}.click()")
    assert browser.run(heading) == "ascending"
    rising = browser.run(column)
    assert rising == sorted(rising)
    assert len(rising) > 10
    browser.run(f"{button}.click()")
    assert browser.run(heading) == "descending"
    assert browser.run(column) == rising[::-1]


def test_the_reader_chooses_the_colours(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280, dark=False)
    paper = "getComputedStyle(document.body).backgroundColor"
    before = browser.run(paper)
    browser.run("document.getElementById('theme').click()")
    assert browser.run(paper) != before
    assert browser.run("document.getElementById('theme').textContent") == "Light"
    browser.run("document.getElementById('theme').click()")
    assert browser.run(paper) == before


def test_the_first_key_leads_past_the_contents(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280, dark=False)
    browser.press("Tab")
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0


def test_a_screen_reader_is_told_names_for_everything(
    browser: Browser, page: Path
) -> None:
    browser.open(page, width=1280, dark=False)
    nameless = []
    for node in browser.tree():
        role = node.get("role", {}).get("value")
        name = node.get("name", {}).get("value", "")
        if role in ("link", "button", "image", "table", "region") and not name:
            nameless.append((role, node.get("properties")))
    assert nameless == []
