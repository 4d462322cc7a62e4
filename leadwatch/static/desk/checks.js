// The site's own checks in the panel "Checks": fetched when the preview or the draft changes, above Wagtail's.

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
    // The address of the preview changes once a new page is saved.
    const preview = document.querySelector("[data-w-preview-url-value]").dataset.wPreviewUrlValue;
    try {
      const response = await fetch(`${preview}checks/`, { signal: pending.signal });
      if (response.ok && !response.redirected) panel.innerHTML = await response.text();
    } catch {
      // Without the server, what was found last stays.
    }
  }

  // Wagtail writes the number of its own problems; what should stand there is that of all which are no hints.
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
    const form = document.querySelector("[data-edit-form]");
    let place =
      form.querySelector(`[data-contentpath="${name}"]`) ??
      document.getElementById(`id_${name}-ADD`)?.closest("[data-panel]");
    if (!place) return;
    for (const block of blocks) {
      place = place.querySelector(`[data-contentpath="${CSS.escape(block)}"]`) ?? place;
    }
    const tab = place.closest("[role=tabpanel]");
    if (tab?.hidden) document.querySelector(`[role=tab][aria-controls="${tab.id}"]`).click();
    for (let section = place.closest("[data-panel]"); section; section = section.parentElement.closest("[data-panel]")) {
      const toggle = section.querySelector("[data-panel-toggle]");
      if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
    }
    place.scrollIntoView({ block: "center" });
    const fields = "input:not([type=hidden]), select, textarea, [contenteditable=true]";
    (place.querySelector(fields) ?? place.querySelector("button"))?.focus({ preventScroll: true });
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
