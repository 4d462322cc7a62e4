// Puts the focus into the first field of a new row, such as a source. Wagtail puts it on the whole row.
document.addEventListener("w-formset:added", ({ target }) => {
  const fields = target.querySelectorAll("input:not([type=hidden]), textarea, select, [contenteditable=true]");
  [...fields].find((field) => field.checkVisibility())?.focus({ preventScroll: true });
});
