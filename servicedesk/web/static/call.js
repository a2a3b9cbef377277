// Logging while somebody speaks: suggestions by the arrows and by one key, and everything written is kept at each pause.
// Nothing here is needed: every button here is one that sends the form.
(() => {
  const KEPT = "call";
  const store = {
    put: (kept) => attempt(() => sessionStorage.setItem(KEPT, JSON.stringify(kept))),
    get: () => attempt(() => JSON.parse(sessionStorage.getItem(KEPT))),
    drop: () => attempt(() => sessionStorage.removeItem(KEPT)),
  };
  function attempt(what) {
    try {
      return what() ?? null;
    } catch {
      return null; // a browser that keeps nothing, or a form too large to keep
    }
  }

  if (document.querySelector("[data-logged]")) store.drop();
  const form = document.querySelector("form.new-ticket");
  if (!form) return;
  const field = (name) => form.elements[name];

  // ---- Suggestions ----------------------------------------------------------------------------------------------
  const LISTS = { requester_name: "people", requester_contact: "people", subject: "similar" };
  const people = document.getElementById("people");
  let from = null;

  const offersIn = (list) => [...list.querySelectorAll(".offer, a")];
  const away = () => people.replaceChildren();

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = event.target;
    const list = at.closest("#people, #similar");
    if (event.key === "ArrowDown" && LISTS[at.name] && !list) {
      const first = document.getElementById(LISTS[at.name]).querySelector(".offer, a");
      if (!first) return;
      event.preventDefault();
      from = at;
      first.focus();
    } else if (list && ["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) {
      event.preventDefault();
      const all = offersIn(list);
      const next = event.key === "Escape" ? -1 : all.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) (from ?? field(list.id === "people" ? "requester_name" : "subject")).focus();
      else all[Math.min(next, all.length - 1)].focus();
      if (event.key === "Escape" && list === people) away();
    } else if (event.key === "Escape" && LISTS[at.name] === "people") {
      away();
    } else if (event.key === "F2" || event.key === "F8") {
      const button = form.querySelector(`[data-press="${event.key}"]`);
      if (!button) return;
      event.preventDefault();
      htmx.process(button); // it may have come this very moment, and would send the whole page
      button.click();
    }
  });

  // Somebody picked: their name and how they are reached, and nothing asked of the server for it.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-offer=person]");
    if (!button) return;
    event.preventDefault();
    field("requester_name").value = button.dataset.name;
    field("requester_contact").value = button.dataset.contact;
    for (const kind of field("requester_kind")) if (kind.value === button.dataset.kind) kind.checked = true;
    away();
    field("requester_contact").focus();
    changed();
    whose();
  });
  people.addEventListener("htmx:afterSwap", () => {
    for (const offer of people.querySelectorAll(".offer")) offer.tabIndex = -1;
  });
  document.querySelector(".who").addEventListener("focusout", (event) => {
    const to = event.relatedTarget;
    if (to && !people.contains(to) && LISTS[to.name] !== "people") away();
  });

  // Whose call it is has changed: their tickets belong among the suggestions.
  const whose = () => htmx.trigger(field("subject"), "whose");
  for (const name of ["requester_name", "requester_contact"]) field(name).addEventListener("change", whose);

  // Attached, or let go: back to where one writes.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "attach") field("subject").focus();
    if (event.detail.target?.id === "solve") changed();
  });

  // ---- The draft ------------------------------------------------------------------------------------------------
  const PAUSE = 800;
  const AGAIN = 15_000;
  const NOT_KEPT = new Set(["csrf_token", "nonce", "saves", "show"]);
  const WRITTEN = ["subject", "description", "requester_name", "requester_contact", "solution", "platform_case"];
  const line = document.getElementById("draft-line");
  let timer = 0;
  let isSending = false;
  let isOver = false;
  let last = null;

  const content = () => {
    const data = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
    return Object.fromEntries(data);
  };
  const isEmpty = () => WRITTEN.every((name) => !(field(name)?.value ?? "").trim());

  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };

  const keep = async () => {
    clearTimeout(timer);
    const now = JSON.stringify(content());
    if (isOver || now === last || isEmpty()) return;
    store.put({ person: form.dataset.person, fields: JSON.parse(now) });
    if (isSending) return changed();
    isSending = true;
    try {
      const body = new FormData(form);
      body.delete("show");
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (isOver) return;
      if (!answer.ok) {
        const why = { 400: "signedOut", 401: "signedOut", 422: "tooLong", 413: "tooLong" }[answer.status] ?? "failed";
        line.textContent = form.dataset[why];
        return;
      }
      const kept = await answer.json();
      field("nonce").value = kept.form;
      field("saves").value = kept.saves;
      line.textContent = kept.words;
      last = now;
      if (JSON.stringify(content()) === now) store.drop();
    } catch {
      line.textContent = form.dataset.failed;
      timer = setTimeout(keep, AGAIN);
    } finally {
      isSending = false;
    }
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.addEventListener("online", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isOver = true;
    clearTimeout(timer);
    if (!isEmpty()) store.put({ person: form.dataset.person, fields: content() });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isOver = false;
  });

  // What this window kept because it could not be sent: given back only when the person asks for it.
  const box = document.getElementById("kept-here");
  const kept = store.get();
  if (kept && (kept.person !== form.dataset.person || JSON.stringify(kept.fields) === JSON.stringify(content()))) store.drop();
  else if (kept?.fields && isEmpty()) box.hidden = false;
  box.addEventListener("click", (event) => {
    const what = event.target.dataset.kept;
    if (!what) return;
    box.hidden = true;
    if (what === "away") return store.drop();
    for (const [name, value] of Object.entries(kept.fields)) {
      const there = form.elements[name];
      if (!there) continue;
      if (there.type === "checkbox") there.checked = there.value === value;
      else there.value = value;
    }
    field("subject").focus();
    for (const name of ["impact", "e_service"]) htmx.trigger(form.querySelector(`[name=${name}]`), "change");
    changed();
  });
})();
