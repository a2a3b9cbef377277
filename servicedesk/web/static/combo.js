// A line with choices becomes a combobox: found by a few letters, by the first letter of each word, with or without the
// marks over å, ä and ö; those that were picked lately stand first. Without this it is the browser's own list.
(() => {
  const MOST = 8;
  const RECENT = 5;
  const { bare, place } = matching;

  const storage = (name) => `recent ${name}`;
  const recent = (name) => {
    try {
      return JSON.parse(localStorage.getItem(storage(name)) ?? "[]").filter((one) => typeof one === "string");
    } catch {
      return [];
    }
  };
  const remember = (name, value) => {
    try {
      const kept = [value, ...recent(name).filter((one) => one !== value)].slice(0, RECENT);
      localStorage.setItem(storage(name), JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing still picks.
    }
  };

  const enhance = (input) => {
    const source = document.getElementById(input.getAttribute("list"));
    if (!source) return;
    const choices = [...source.options].map((one) => ({ value: one.value, beside: one.getAttribute("label") ?? "" }));
    input.removeAttribute("list");
    source.remove();

    const around = document.createElement("div");
    around.className = "combo";
    const list = document.createElement("ul");
    list.className = "combo-list";
    list.id = `${input.id}-options`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.combo);
    list.hidden = true;
    const said = document.createElement("span");
    said.className = "ds-sr-only";
    said.setAttribute("role", "status");
    const held = document.activeElement === input;
    input.replaceWith(around);
    around.append(input, list, said);
    if (held) input.focus();
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
      input.setAttribute(name, value);
    }

    let shown = [];
    let at = -1;
    let picked = input.value;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      at = index;
      [...list.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const open = () => {
      const typed = bare(input.value);
      const lately = recent(input.name);
      const rank = (one) => (lately.includes(one.value) ? lately.indexOf(one.value) : lately.length);
      shown = choices
        .map((one) => ({ ...one, place: typed ? place(one.value, typed) : lately.includes(one.value) ? 0 : 5 }))
        .filter((one) => one.place >= 0)
        .sort((one, other) => one.place - other.place || rank(one) - rank(other) || one.value.localeCompare(other.value, "sv"))
        .slice(0, MOST);
      list.replaceChildren(
        ...shown.map((one, number) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${number}`;
          option.setAttribute("role", "option");
          option.append(one.value);
          const beside = [one.beside, !typed && lately.includes(one.value) ? input.dataset.recent : ""].filter(Boolean).join(", ");
          if (beside) {
            const quiet = document.createElement("span");
            quiet.className = "quiet";
            quiet.append(beside);
            option.append(" ", quiet);
          }
          option.addEventListener("pointerdown", (event) => {
            event.preventDefault();
            pick(number);
          });
          return option;
        }),
      );
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(Boolean(shown.length)));
      said.textContent = typed ? `${shown.length} ${input.dataset.combo}` : "";
      mark(typed && shown.length ? 0 : -1);
    };
    const pick = (number) => {
      const value = shown[number].value;
      close();
      remember(input.name, value);
      if (picked === value && input.value === value) return;
      picked = input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      close();
    };

    input.addEventListener("input", (event) => event.isTrusted && open());
    input.addEventListener("click", () => list.hidden && open());
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (list.hidden) open();
        if (shown.length) mark((at + step + shown.length) % shown.length);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (event.key === "Enter" && !list.hidden && at >= 0) {
        event.preventDefault();
        pick(at);
      } else if (event.key === "Tab" && !list.hidden && at >= 0) {
        pick(at);
      }
    });
  };

  const all = (within) => within.querySelectorAll?.("input[data-combo][list]").forEach(enhance);
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
