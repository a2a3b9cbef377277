// An @ and a few letters: those who may read what is written here, and nobody else. Arrows and Enter pick; without this
// a name is written out.
(() => {
  const MOST = 8;
  const BEGUN = /(?:^|[^\p{L}\p{N}@.])@([\p{L}][\p{L}’'-]*(?: [\p{L}’'-]*){0,2})?$/u;
  const people = new WeakMap();

  // Anew when the ticket has moved on: others may read it then.
  const load = (form) => {
    const version = form.elements.version.value;
    if (people.get(form)?.version !== version) {
      const headers = { "HX-Request": "true", "HX-Target": "people", "HX-Current-URL": location.href };
      const asked = fetch(form.dataset.aside, { headers }).then((answer) => (answer.ok ? answer.json() : []));
      people.set(form, { version, found: asked.catch(() => (people.delete(form), [])) });
    }
    return people.get(form).found;
  };

  const listOf = (field) => document.getElementById(`${field.id}-people`);
  const close = (field) => {
    const list = listOf(field);
    if (!list || list.hidden) return;
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (field, at) => {
    const all = [...listOf(field).children];
    all.forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    field.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const marked = (field) => [...listOf(field).children].findIndex((one) => one.getAttribute("aria-selected") === "true");

  const pick = (field, name) => {
    const before = field.value.slice(0, field.selectionStart);
    const typed = BEGUN.exec(before)?.[1] ?? "";
    close(field);
    field.focus();
    field.setSelectionRange(before.length - typed.length, before.length);
    if (!document.execCommand("insertText", false, `${name} `)) {
      field.setRangeText(`${name} `, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const made = (field) => {
    const list = document.createElement("ul");
    list.id = `${field.id}-people`;
    list.className = "combo-list mentions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.form.dataset.people);
    field.after(list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    return list;
  };

  const suggest = async (field) => {
    const begun = field.selectionStart === field.selectionEnd && BEGUN.exec(field.value.slice(0, field.selectionStart));
    if (!begun) return close(field);
    const all = await load(field.form);
    const typed = matching.bare(begun[1] ?? "");
    const found = all
      .map((one) => ({ ...one, place: typed ? matching.place(one.name, typed) : 0 }))
      .filter((one) => one.place >= 0 && matching.bare(one.handle) !== typed)
      .sort((one, other) => one.place - other.place || one.name.localeCompare(other.name, "sv"))
      .slice(0, MOST);
    if (!found.length || document.activeElement !== field) return close(field);
    const list = listOf(field) ?? made(field);
    list.replaceChildren(
      ...found.map((one, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.dataset.name = one.handle;
        const beside = document.createElement("span");
        beside.className = "quiet";
        beside.append(one.beside);
        option.append(one.name, " ", beside);
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          pick(field, one.handle);
        });
        return option;
      }),
    );
    list.hidden = false;
    mark(field, 0);
  };

  const isBody = (element) => element.matches?.("form.write textarea");
  document.addEventListener("input", (event) => isBody(event.target) && suggest(event.target));
  document.addEventListener("focusout", (event) => isBody(event.target) && close(event.target));
  document.addEventListener(
    "keydown",
    (event) => {
      const field = event.target;
      if (!isBody(field) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const list = listOf(field);
      if (!list || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const count = list.children.length;
      if (step) mark(field, (marked(field) + step + count) % count);
      else if (event.key === "Enter" || event.key === "Tab") pick(field, list.children[marked(field)].dataset.name);
      else if (event.key === "Escape") close(field);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
})();
