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
});
