// Writing: templates at the caret, what there is to see to before one sends, and a form that is never lost on its way.
// Nothing here is needed: every button here sends the form, and a page answers.
(() => {
  const PAUSE = 400;
  const SIGNS = /[[{@]/;

  // A part of the page that a form stands on when it is by itself.
  const ask = (form, part, said) => {
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of Object.entries(said)) body.set(name, value);
    const headers = { "HX-Request": "true", "HX-Target": part, "HX-Current-URL": location.href };
    return fetch(form.dataset.aside, { method: "POST", body, headers });
  };

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes;

  // As if it were typed, so that it can be undone; with lines of its own around it.
  const insert = (field, text) => {
    field.focus();
    const before = field.value.slice(0, field.selectionStart);
    const after = field.value.slice(field.selectionEnd);
    const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const whole = lead + text + (after && !after.startsWith("\n") ? "\n\n" : "");
    if (!document.execCommand("insertText", false, whole)) {
      field.setRangeText(whole, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const failed = (form) => say(form, document.getElementById("live-line").dataset.failed);
  const say = (form, words) => {
    const line = document.createElement("p");
    line.textContent = words;
    form.querySelector(".doubts").replaceChildren(line);
  };

  // ---- Templates ----
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("form.write button[name=template]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    try {
      const answer = await ask(form, "begun", { template: button.value });
      if (!answer.ok) return form.requestSubmit(button);
      const begun = await answer.json();
      button.closest("details").open = false;
      insert(form.elements.body, begun.text);
    } catch {
      failed(form);
    }
  });

  // ---- How it will look ----
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("form.write button[value=preview]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    const place = form.querySelector(".preview");
    const isShown = place.childNodes.length > 0 && place.dataset.of === form.elements.body.value;
    place.dataset.of = form.elements.body.value;
    if (isShown) return place.replaceChildren();
    try {
      const answer = await ask(form, "preview", { body: form.elements.body.value });
      if (!answer.ok) return failed(form);
      place.replaceChildren(...parsed(await answer.text()));
    } catch {
      failed(form);
    }
  });

  // ---- Quoting: in the form that is open, if its readers have read the entry; else in one whose readers have ----
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a.quote");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const open = document.querySelector(".whom :checked")?.value;
    const ways = link.dataset.ways.split(" ");
    const way = ways.includes(open) ? open : ways[0];
    const field = document.getElementById(`${way}-body`);
    if (!field) return;
    event.preventDefault();
    try {
      const there = `${field.form.dataset.aside}${new URL(link.href).search}`;
      const answer = await fetch(there, { headers: { "HX-Request": "true", "HX-Target": "begun" } });
      if (!answer.ok) return location.assign(link.href);
      const { text } = await answer.json();
      const radio = document.getElementById(`to-${way}`);
      if (!radio.checked) radio.click();
      field.setSelectionRange(field.value.length, field.value.length);
      insert(field, text);
      field.scrollIntoView({ block: "nearest" });
    } catch {
      failed(field.form);
    }
  });

  // ---- What there is to see to ----
  const timers = new WeakMap();
  const asked = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form.write");
    if (!form || event.target !== form.elements.body) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => look(form), PAUSE));
  });
  // What is said of the sending stands until one writes on.
  document.addEventListener(
    "submit",
    (event) => {
      clearTimeout(timers.get(event.target));
      asked.delete(event.target);
    },
    { capture: true },
  );
  const look = async (form) => {
    const place = form.querySelector(".doubts");
    const body = form.elements.body.value;
    if (!SIGNS.test(body)) return place.replaceChildren();
    const mine = {};
    asked.set(form, mine);
    try {
      const answer = await ask(form, "doubts", { body });
      const words = answer.ok ? await answer.text() : "";
      if (asked.get(form) !== mine || !answer.ok) return;
      const found = document.createElement("div");
      found.append(...parsed(words));
      const told = (one) => [...one.querySelectorAll("li")].map((line) => line.textContent).join("\n");
      if (told(found) !== told(place)) place.replaceChildren(...found.childNodes);
    } catch {
      // It is said when the form is sent.
    }
  };
})();
