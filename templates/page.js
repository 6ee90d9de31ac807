"use strict";
(() => {
  const root = document.documentElement;
  const card = document.getElementById("card");

  // Light or dark: what the reader chose, else what the system prefers.
  const theme = document.getElementById("theme");
  const remember = (value) => { try { localStorage.setItem("theme", value); } catch { /* a file may have no storage */ } };
  const recall = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`); };
  if (["light", "dark"].includes(recall())) root.dataset.theme = recall();
  theme.hidden = false;
  label();
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    label();
  });

  // Tables: a button in each heading sorts by that column.
  const sortKey = (row, at) => {
    const cell = row.cells[at];
    const key = cell.dataset.sort ?? cell.textContent.trim();
    return key !== "" && !Number.isNaN(Number(key)) ? Number(key) : key;
  };
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    if (typeof a === typeof b) return typeof a === "number" ? a - b : a.localeCompare(b, "en");
    return typeof a === "number" ? -1 : 1;
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === "ascending";
        for (const other of headings) other.setAttribute("aria-sort", "none");
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((one, two) => {
          const [a, b] = [sortKey(one, at), sortKey(two, at)];
          return a === "" || b === "" ? compare(a, b) : compare(a, b) * (down ? -1 : 1);
        });
        table.tBodies[0].append(...rows);
      });
    });
  }

  // The card: evidence of a number on click, a reference on hover.
  let owner = null;
  const hide = () => { if (card.matches(":popover-open")) card.hidePopover(); owner = null; };
  const place = () => {
    const at = owner.getBoundingClientRect();
    const below = at.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - card.offsetHeight - 6)}px`;
    card.style.left = `${Math.min(Math.max(12, at.left), innerWidth - card.offsetWidth - 12)}px`;
  };
  const show = (link, source, closable) => {
    card.replaceChildren();
    if (closable) {
      const close = document.createElement("button");
      close.type = "button";
      close.textContent = "×";
      close.setAttribute("aria-label", "Close");
      close.addEventListener("click", () => { const back = owner; hide(); back?.focus(); });
      card.append(close);
    }
    for (const node of source.childNodes) card.append(node.cloneNode(true));
    card.showPopover();
    owner = link;
    place();
    if (closable) card.querySelector("button").focus({ preventScroll: true });
  };
  if (card.showPopover) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a.fact");
      if (link) {
        event.preventDefault();
        show(link, document.querySelector(link.getAttribute("href")), true);
      } else if (!card.contains(event.target)) hide();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && owner) { const back = owner; hide(); back.focus(); }
    });
    for (const name of ["scroll", "resize"]) addEventListener(name, () => { if (owner) place(); }, { passive: true });
    for (const link of document.querySelectorAll("a.cite")) {
      const work = document.getElementById(link.getAttribute("href").slice(1));
      if (!work) continue;
      for (const name of ["mouseenter", "focus"]) link.addEventListener(name, () => show(link, work, false));
      for (const name of ["mouseleave", "blur"]) link.addEventListener(name, hide);
    }
  }

  // Contents: folded where they would push the title off the screen.
  const contents = document.querySelector(".contents details");
  const wide = matchMedia("(min-width: 68rem)");
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();

  // Contents: mark the section that is being read.
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.getAttribute("href").slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -75% 0px" });
  for (const id of links.keys()) { const part = document.getElementById(id); if (part) seen.observe(part); }
})();
