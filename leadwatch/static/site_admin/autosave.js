// Autosave saves valid fields only. This marks the fields that it left out.
{
  const LEFT_OUT = "autosave-left-out";
  const CONTROL = "input:not([type=hidden]), textarea, select, [contenteditable=true]";

  // Find a field by its name, or a field in a block by its path, such as "body.<block id>.url".
  const find = (field) => {
    const named = document.querySelector(`[data-edit-form] [name="${CSS.escape(field)}"]:not([type=hidden])`);
    if (named) return named;
    let place = document.querySelector("[data-edit-form]");
    for (const name of field.split(".")) place = place.querySelector(`[data-contentpath="${CSS.escape(name)}"]`) ?? place;
    return place.querySelector(CONTROL) ?? place;
  };

  const clear = () => {
    for (const old of document.querySelectorAll("[data-left-out]")) old.remove();
    for (const control of document.querySelectorAll("[data-left-out-field]")) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("data-left-out-field");
    }
  };

  const pointTo = ({ field, words }, number) => {
    const control = find(field);
    const error = Object.assign(document.createElement("p"), {
      className: "error-message",
      id: `left-out-${number}`,
      textContent: words,
    });
    error.dataset.leftOut = "";
    control.setAttribute("aria-invalid", "true");
    control.dataset.leftOutField = "";
    (control.closest("[data-field-input], .w-field__input") ?? control).before(error);
    control.id ||= `left-out-field-${number}`;
    return control;
  };

  // The row or block of a field: " (Source 1)", " (Quote)".
  const placeOf = (control) => {
    const part = control.closest("[data-inline-panel-child], [data-streamfield-child]");
    const heading = part?.querySelector("[data-panel-heading]");
    const words = (heading?.querySelector(".c-sf-block__type") ?? heading)?.textContent.replace("*", "").trim();
    return words ? ` (${words.replace(/\s+/g, " ")})` : "";
  };

  const summary = (controls) => {
    const template = document.getElementById("autosave-left-out");
    const line = template.content.firstElementChild.cloneNode(true);
    line.dataset.leftOut = "";
    controls.forEach((control, number) => {
      const label = control.labels?.[0] ?? control.closest("[data-field]")?.querySelector("label");
      const link = Object.assign(document.createElement("a"), {
        href: `#${control.id}`,
        textContent: label?.textContent.replace("*", "").trim() || control.getAttribute("aria-label") || "?",
      });
      // Wagtail's controller also opens the field's tab.
      Object.assign(link.dataset, { controller: "w-focus", action: "w-focus#focus:prevent", wFocusTargetValue: `#${control.id}` });
      line.append(number ? ", " : " ", link, placeOf(control));
    });
    return line;
  };

  document.addEventListener("w-autosave:save", ({ detail }) => detail.formData?.set("autosave", "1"));

  document.addEventListener("w-autosave:success", ({ detail }) => {
    clear();
    const left = JSON.parse(detail.data?.field_updates?.[LEFT_OUT] ?? "[]");
    if (!left.length) return;
    const line = summary(left.map(pointTo));
    document.querySelector("[data-edit-form]").append(line);
  });

  // Ask before leaving, since some fields are not saved. Wagtail's way to force this question would save again and
  // again.
  let isSent = false;
  document.addEventListener("submit", ({ target }) => (isSent ||= target.matches("[data-edit-form]")));
  window.addEventListener("pageshow", () => (isSent = false));
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && document.querySelector("[data-left-out]")) event.preventDefault();
  });

  // A button that sends the form waits for an autosave that has begun, and none begins afterwards. The form that comes
  // back would otherwise take that autosave for the work of another window.
  const LONGEST = 10_000;
  let isSaving = false;
  let waiting = null;
  const goOn = () => {
    const button = waiting;
    isSaving = false;
    waiting = null;
    button?.click();
  };
  document.addEventListener("w-autosave:save", (event) => {
    if (isSent || waiting) event.preventDefault();
    else isSaving = true;
  });
  // Wagtail's scripts hear of the end, too, before the form is sent.
  for (const end of ["success", "error"]) document.addEventListener(`w-autosave:${end}`, () => setTimeout(goOn));
  document.addEventListener(
    "click",
    (event) => {
      const button = isSaving && event.target.closest("[data-edit-form] [type=submit]");
      if (!button) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!waiting) setTimeout(() => waiting && goOn(), LONGEST);
      waiting = button;
    },
    true,
  );
}
