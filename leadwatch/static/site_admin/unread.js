// Keeps a day or time that is typed in part, and says so. The browser would send an empty field instead.
document.addEventListener(
  "click",
  (event) => {
    const fields = event.target.closest("[data-edit-form] [type=submit]")?.form.elements ?? [];
    // A dialog that was closed doesn't count, but another tab of the form does.
    const unread = [...fields].find(
      (field) => field.validity?.badInput && (field.checkVisibility() || field.closest("[role=tabpanel]")),
    );
    if (!unread) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!unread.checkVisibility()) {
      document.querySelector(`[aria-controls="${unread.closest("[role=tabpanel]").id}"]`).click();
    }
    unread.reportValidity();
  },
  true,
);
