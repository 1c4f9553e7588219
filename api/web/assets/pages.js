"use strict";
/* Pages work without this. It only makes some of them quicker to use. */
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-at-once]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
  for (const all of document.querySelectorAll("input[data-all]")) {
    const boxes = () => all.form.querySelectorAll(`input[type="checkbox"][name="${all.dataset.all}"]`);
    all.closest("label").hidden = false;
    all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; });
  }
  for (const form of document.querySelectorAll("form[data-drafts]")) keepDrafts(form);
});

/* What is typed is kept as a draft, a moment after one stops typing. */
function keepDrafts(form) {
  const told = form.querySelector("[data-kept-at]");
  let waiting = 0;
  /* Not form.action: that is the button of this name. */
  const address = form.getAttribute("action");
  const keep = async () => {
    const typed = new FormData(form);
    typed.set("action", "draft");
    typed.set("quietly", "1");
    try {
      const answer = await fetch(address, { method: "POST", body: typed, credentials: "same-origin" });
      if (answer.status === 204 && told) told.textContent = `${form.dataset.drafts} ${new Date().toTimeString().slice(0, 5)}`;
    } catch { /* The next change tries again. */ }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1500); });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
