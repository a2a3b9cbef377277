// Logging while somebody speaks: suggestions by the arrows and by one key.
// Nothing here is needed: every button here is one that sends the form.
(() => {
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
    field("language").value = button.dataset.language;
    away();
    field("requester_contact").focus();
    changed();
    whose();
  });
  // Who walks in a list keeps it as it is: an answer that comes late would take it from under their feet.
  form.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
    const isWalkedIn = target.matches("#people, #similar") && target.contains(document.activeElement);
    if (isWalkedIn && !target.contains(detail.requestConfig.elt)) detail.shouldSwap = false;
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

  // Of one whose identity is protected, or who is to be anonymous, nothing stands here that tells who they are, nor in
  // what is kept meanwhile. Chosen by mistake: it is there again.
  const NAMELESS = ["protected", "anonymous"];
  const WHO = ["requester_name", "requester_contact"];
  const takenAway = {};
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "requester_kind") return;
    for (const name of WHO) {
      const isNameless = NAMELESS.includes(target.value);
      if (isNameless && field(name).value) takenAway[name] = field(name).value;
      if (isNameless) field(name).value = "";
      else field(name).value ||= takenAway[name] ?? "";
    }
    away();
    whose();
  });

  // What is taken over fills in fields: a question on its way is given up for it (hx-sync), for its answer would bring
  // back what stood there, and a question that comes meanwhile waits until it is there.
  const takes = (event) => Boolean(event.target.closest?.(".offer, [data-press]"));
  let taking = false;
  const waiting = [];
  form.addEventListener("htmx:confirm", (event) => {
    if (!taking || takes(event)) return;
    event.preventDefault();
    waiting.push(event.detail.issueRequest);
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (takes(event)) taking = true;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!taking || !event.detail.elt.closest(".offer, [data-press]")) return;
    taking = false;
    for (const ask of waiting.splice(0)) setTimeout(ask); // when this one is wholly done with
  });

  // Attached, or let go: back to where one writes.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "attach") field("subject").focus();
    if (event.detail.target?.id === "solve") changed();
  });

  // ---- The draft is kept by draft.js -----------------------------------------------------------------------------
  const changed = () => form.dispatchEvent(new Event("change", { bubbles: true }));
  form.addEventListener("draft:back", () => {
    field("subject").focus();
    for (const name of ["impact", "e_service"]) htmx.trigger(form.querySelector(`[name=${name}]`), "change");
  });
})();
