// A form that saves itself saves what is valid. What is not valid stays in its field, and is pointed to.
{
  const LEFT_OUT = "autosave-left-out";
  const CONTROL = "input:not([type=hidden]), textarea, select, [contenteditable=true]";

  // A field of the form by its name, or a part of a text of blocks by its path: "body.<id of the block>.url".
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
      // Wagtail's own way to a field opens its tab first.
      Object.assign(link.dataset, { controller: "w-focus", action: "w-focus#focus:prevent", wFocusTargetValue: `#${control.id}` });
      line.append(number ? ", " : " ", link);
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

  // Who leaves now would lose what was not saved, so the browser asks. Wagtail's own way to force that question would
  // save again and again.
  let isSent = false;
  document.addEventListener("submit", () => (isSent = true));
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && document.querySelector("[data-left-out]")) event.preventDefault();
  });
}
