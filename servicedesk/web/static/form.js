// Forms by keyboard alone: Ctrl+Enter sends, a digit chooses among radio buttons. Nothing here is needed.
(() => {
  const send = (form) => form.requestSubmit();

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const form = field.form;
    if (!form || form.method !== "post" || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send(form);
    } else if (field.type === "radio" && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const chosen = form.elements[field.name][event.key - 1];
      if (!chosen) return;
      event.preventDefault();
      chosen.focus();
      if (!chosen.checked) chosen.click();
    }
  });

  for (const form of document.querySelectorAll("form[data-keys]")) {
    form.classList.add("has-keys");
    for (const hint of form.querySelectorAll(".send-key")) hint.hidden = false;
  }

  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
    });
  }

  // What was brought back through the sign-in is only shown again, so nobody need press for it.
  const back = document.querySelector("form[data-bring-back]");
  if (back) send(back);
})();
