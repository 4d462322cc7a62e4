// After a failed save, adds links to the wrong fields to the message at the top.
{
  const FIELD = "input:not([type=hidden]), textarea, select, [contenteditable=true], button";

  const words = (element) => element?.textContent.replace("*", "").replace(/\s+/g, " ").trim() ?? "";

  // The label of a field and of everything around it: "Sources, Source 1, Web address".
  const nameOf = (error) => {
    const names = [];
    for (let part = error; part && !part.matches("form"); part = part.parentElement) {
      names.unshift(words(part.querySelector(":scope > label")));
      if (part.matches("[data-panel]")) {
        const heading = part.querySelector(":scope > .w-panel__header [data-panel-heading]");
        names.unshift(words(heading?.querySelector(".c-sf-block__type") ?? heading));
      }
      if (part.matches("[role=tabpanel]")) {
        const tab = document.getElementById(part.getAttribute("aria-labelledby"));
        if (tab.ariaSelected !== "true") names.unshift(words(tab.firstChild));
      }
    }
    return names.filter(Boolean).filter((name, i, all) => name !== all[i - 1]).join(", ");
  };

  const show = () => {
    const message = document.querySelector(".messages .error");
    const form = document.querySelector("form[data-edit-form]");
    if (!message || !form) return;
    const errors = [...form.querySelectorAll(".error-message, .help-critical")].filter((error) => words(error));
    if (!errors.length) return;
    // Wagtail's own list, which it does not always show, has no links.
    for (const item of message.querySelectorAll(".errorlist li")) {
      if (errors.some((error) => words(item).endsWith(words(error)))) item.remove();
    }
    const list = Object.assign(document.createElement("ul"), { className: "lw-errors" });
    errors.forEach((error, i) => {
      const field = error.closest("[data-field]")?.querySelector(FIELD) ?? error;
      field.id ||= `error-${i}`;
      const link = Object.assign(document.createElement("a"), {
        href: `#${field.id}`,
        textContent: nameOf(error) || words(error),
      });
      // Wagtail's controller also opens the field's tab.
      Object.assign(link.dataset, { controller: "w-focus", action: "w-focus#focus:prevent", wFocusTargetValue: `#${field.id}` });
      const item = document.createElement("li");
      item.append(link, nameOf(error) ? `: ${words(error)}` : "");
      list.append(item);
    });
    message.append(list);
    message.tabIndex = -1;
    message.focus();
  };

  // Wait until the blocks are rendered.
  window.addEventListener("load", () => setTimeout(show));
}
