// The palette: Ctrl+K opens it over any page, a few letters find, Enter goes there. What is on the page already, the steps
// of a ticket and the choices of the person's menu, is pressed where it stands; pages and tickets are asked for.
(() => {
  const layer = document.getElementById("palette");
  if (!layer) return;
  const field = layer.querySelector("input");
  const list = document.getElementById("palette-list");
  const said = document.getElementById("palette-said");
  const { bare, place } = matching;
  const PAUSE = 120;
  const MOST = 8;
  const MEANT = 2;

  let pages = null;
  let tickets = { typed: "", found: [] };
  let shown = [];
  let at = -1;
  let isMoved = false;
  let isWanted = false;
  let timer = 0;
  let asking = null;

  // What there is to choose: a name, what stands beside it, and what choosing it does.
  const link = (one) => ({
    name: one.textContent,
    beside: one.nextElementSibling?.textContent ?? "",
    keys: one.dataset.keys ?? "",
    choose: () => location.assign(one.getAttribute("href")),
  });
  const pressed = (one, name, beside = "") => ({ name, beside, keys: one.dataset.key ?? "", choose: () => one.click() });
  const steps = () => [...document.querySelectorAll("#ticket-actions :is(.action-first, .action-list) .ds-button")].map((one) =>
    pressed(one, one.querySelector("[data-name]")?.textContent ?? one.textContent.trim()));
  const looks = () => [...document.querySelectorAll(".person-menu .settings button")].map((one) =>
    pressed(one, one.textContent.trim(), one.closest("fieldset").querySelector("legend").textContent.trim()));
  const leaving = () => [...document.querySelectorAll(".person-menu > form:not(.settings) button")].map((one) =>
    pressed(one, one.textContent.trim()));

  const ask = async (part, query, signal) => {
    const answer = await fetch(`${layer.dataset.places}${query}`, { headers: { "HX-Request": "true", "HX-Target": part }, signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return [...holder.content.querySelectorAll("a")].map(link);
  };

  const meant = (all, typed) => {
    if (!typed) return all;
    const near = (one) => Math.min(...[one.name, `${one.beside} ${one.name}`].map((text) => place(text, typed)).map((found) => (found < 0 ? 9 : found)));
    return all
      .map((one) => ({ one, near: near(one) }))
      .filter((each) => each.near <= MEANT)
      .sort((one, other) => one.near - other.near)
      .map((each) => each.one);
  };

  const groups = () => {
    const typed = bare(field.value);
    const words = list.dataset;
    const found = tickets.typed === field.value.trim() ? tickets.found : [];
    const text = field.value.trim();
    const everything = { name: words.all.replace("{}", () => text), beside: "", keys: "", choose: () => location.assign(`${layer.dataset.search}?q=${encodeURIComponent(text)}`) };
    return [
      [words.ticket, meant(steps(), typed)],
      [words.pages, meant(pages ?? [], typed).slice(0, typed ? MOST : undefined)],
      [words.look, typed ? meant([...looks(), ...leaving()], typed).slice(0, MOST) : looks()],
      [words.tickets, typed ? found : []],
      [words.more, typed ? [everything] : []],
    ].filter(([, options]) => options.length);
  };

  const isSearching = () => Boolean(bare(field.value)) && tickets.typed !== field.value.trim();

  const mark = (index) => {
    at = index;
    const options = [...list.querySelectorAll("[role=option]")];
    options.forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    if (!options[at]) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };

  const drawn = (one, number) => {
    const option = document.createElement("div");
    option.id = `palette-${number}`;
    option.className = "palette-option";
    option.setAttribute("role", "option");
    for (const [kind, text] of [["palette-name", one.name], ["quiet", one.beside]]) {
      if (!text) continue;
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = text;
      option.append(part, " ");
    }
    if (one.keys && document.body.dataset.keys === "on") {
      const keys = document.createElement("span");
      keys.className = "palette-keys";
      keys.setAttribute("aria-hidden", "true");
      for (const key of one.keys.split(" ")) keys.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      option.append(keys);
    }
    option.addEventListener("click", () => pick(number));
    return option;
  };

  const draw = () => {
    const before = shown[at]?.name;
    shown = [];
    const sections = groups().map(([label, options], index) => {
      const section = document.createElement("div");
      section.setAttribute("role", "group");
      section.setAttribute("aria-labelledby", `palette-group-${index}`);
      const head = document.createElement("div");
      head.id = `palette-group-${index}`;
      head.className = "palette-head";
      head.setAttribute("role", "presentation");
      head.textContent = label;
      section.append(head, ...options.map((one) => drawn(one, shown.push(one) - 1)));
      return section;
    });
    list.replaceChildren(...sections);
    field.setAttribute("aria-expanded", String(Boolean(shown.length)));
    const same = isMoved ? shown.findIndex((one) => one.name === before) : -1;
    mark(shown.length ? Math.max(same, 0) : -1);
    if (!isSearching()) said.textContent = shown.length === 1 ? said.dataset.one : `${shown.length} ${said.dataset.many}`;
  };

  const search = async () => {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    const typed = field.value.trim();
    let failed = "";
    try {
      tickets = { typed, found: await ask("tickets", `?q=${encodeURIComponent(typed)}`, asking.signal) };
    } catch (error) {
      if (error.name === "AbortError") return;
      tickets = { typed, found: [] };
      failed = said.dataset.failed;
    }
    draw();
    if (failed) said.textContent = failed;
    if (isWanted) pick(at);
  };

  const pick = (number) => {
    const chosen = shown[number];
    isWanted = false;
    if (!chosen) return;
    layer.hidePopover();
    chosen.choose();
  };

  const open = async () => {
    field.value = "";
    isMoved = isWanted = false;
    layers.open(layer);
    field.focus();
    draw();
    if (pages) return;
    pages = await ask("places", "").catch(() => null);
    draw();
  };

  field.addEventListener("input", () => {
    isMoved = isWanted = false;
    clearTimeout(timer);
    draw();
    if (isSearching()) timer = setTimeout(search, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      isMoved = true;
      mark((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // Who presses before the tickets have come means the first of them, unless a command is meant.
      if (!isMoved && isSearching() && shown.length <= 1) {
        isWanted = true;
        search();
      } else pick(at);
    }
  });
  layer.addEventListener("beforetoggle", () => {
    clearTimeout(timer);
    asking?.abort();
  });

  // Before anything else may take it: also from the list of keys, and to put the palette away again.
  const toggle = (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (layers.isOpen(layer)) layer.hidePopover();
    else open();
  };
  document.addEventListener("keydown", toggle, { capture: true });
  for (const hint of document.querySelectorAll(".palette-hint")) hint.hidden = false;
  document.querySelector(".palette-open")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
})();
