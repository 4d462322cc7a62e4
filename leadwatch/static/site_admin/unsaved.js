// Saves what is typed before Wagtail watches a form, or while an autosave is on its way. Wagtail takes what is in the form
// as saved when it begins to watch it, a few seconds after the page has loaded, and again with each answer.
{
  const WAGTAILS = ["csrfmiddlewaretoken", "loaded_revision_id", "loaded_revision_created_at"];
  let stored = null;
  let sent = null;
  let updates = [];
  let hasMore = false;
  let isSent = false;

  const inForm = () => {
    const form = document.querySelector("[data-edit-form]");
    const fields = form ? [...new FormData(form)] : [];
    return fields.filter(([name]) => !WAGTAILS.includes(name) && !name.startsWith("comments-"));
  };

  const isStored = () => {
    const without = (fields) => JSON.stringify(fields.filter(([name]) => !updates.includes(name)));
    return !stored || without(inForm()) === without(stored);
  };

  for (const touch of ["pointerdown", "keydown", "beforeinput"]) {
    document.addEventListener(touch, () => (stored ??= inForm()), true);
  }
  document.addEventListener("w-autosave:save", () => (sent = inForm()));
  // This comes before Wagtail's scripts, which begin to watch the form again.
  document.addEventListener(
    "w-autosave:success",
    ({ detail }) => {
      stored = sent;
      updates = Object.keys(detail.data?.field_updates ?? {});
    },
    true,
  );
  document.addEventListener("w-unsaved:watch-edits", ({ target }) => {
    hasMore = !isStored();
    const add = new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } });
    if (hasMore) setTimeout(() => target.dispatchEvent(add));
  });

  document.addEventListener("submit", ({ target }) => (isSent ||= target.matches("[data-edit-form]")));
  window.addEventListener("pageshow", () => (isSent = false));
  window.addEventListener("beforeunload", (event) => {
    if (hasMore && !isSent) event.preventDefault();
  });
}
