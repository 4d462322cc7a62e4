// Shows the site's own checks above Wagtail's in the "Checks" panel, and updates them with the preview or draft.

const panel = document.querySelector("[data-checks]");

if (panel) {
  const stale = document.querySelector("[data-checks-stale]");
  const wagtails = document.querySelector("[data-checks-panel]");
  const counters = document.querySelectorAll(
    '[data-side-panel="checks"] [data-content-checker-count], ' +
      '[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]',
  );
  let pending;

  async function refresh() {
    pending?.abort();
    pending = new AbortController();
    // The URL of the preview changes when a new page is first saved.
    const preview = document.querySelector("[data-w-preview-url-value]").dataset.wPreviewUrlValue;
    try {
      const response = await fetch(`${preview}checks/`, { signal: pending.signal });
      if (response.ok && !response.redirected) panel.innerHTML = await response.text();
    } catch {
      // If the server cannot be reached, keep the last result.
    }
  }

  // Wagtail shows the number of its own problems. Add ours, without hints.
  function count() {
    const problems = panel.querySelectorAll("li:not([data-hint])").length;
    const total = problems + wagtails.querySelectorAll("[data-content-checker-row]").length;
    for (const counter of counters) {
      if (counter.textContent.trim() !== String(total)) counter.textContent = total;
      counter.classList.toggle("has-errors", total > 0);
      if (counter.matches("[data-side-panel-toggle-counter]")) counter.hidden = !total;
    }
  }

  function goTo(path) {
    const [name, ...blocks] = path.split(".");
    let place =
      document.querySelector(`[data-edit-form] [data-contentpath="${name}"]`) ??
      document.getElementById(`id_${name}-ADD`);
    if (!place) return;
    for (const block of blocks) {
      place = place.querySelector(`[data-contentpath="${CSS.escape(block)}"]`) ?? place;
    }
    const field = place.querySelector("input:not([type=hidden]), select, textarea, [contenteditable=true]") ?? place;
    // Open closed tabs, panels and settings around the field.
    for (let around = field; around; around = around.parentElement) {
      if (around.hidden && around.id) document.querySelector(`[aria-controls="${around.id}"]`)?.click();
    }
    // On a narrow screen, the side panel covers the form.
    const side = panel.closest("[data-form-side]");
    if (side.offsetWidth > 0.8 * innerWidth) side.querySelector("[data-form-side-close-button]").click();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  }

  for (const changing of [panel, ...counters]) {
    new MutationObserver(count).observe(changing, { childList: true });
  }
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-problem]");
    if (button) goTo(button.dataset.problem);
  });
  document.addEventListener("w-preview:json", ({ detail }) => {
    stale.hidden = detail.data.is_valid;
  });
  document.addEventListener("w-preview:updated", refresh);
  document.addEventListener("w-autosave:success", refresh);
  if ("atOnce" in panel.dataset) refresh();
}
