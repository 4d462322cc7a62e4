// Puts the words of the original beside each field and block of a translation.
{
  const placeBlock = (side, { dataset }, element) => {
    const content = element.querySelector(".w-panel__content");
    content.classList.add("lw-sides");
    content.prepend(side);
  };

  // A block that the translation lacks: where it would be, with a button to add it.
  const placeMissing = (side, { dataset }, stream) => {
    const before = stream.element.querySelector(`[data-contentpath="${dataset.after}"]`);
    if (before) before.after(side);
    else stream.sequenceContainer[0].prepend(side);
    side.querySelector("button").onclick = () => {
      const index = stream.children.findIndex(({ element }) => element.contains(before)) + 1;
      stream.insert(JSON.parse(dataset.missing), index, { animate: true, focus: true });
      side.remove();
    };
  };

  const place = (template) => {
    const { side: name, missing } = template.dataset;
    const side = template.content.firstElementChild.cloneNode(true);
    const stream = document.querySelector("[data-takes-text]")?.stream;
    if (missing) return stream && placeMissing(side, template, stream);
    const element = document.querySelector(`[data-contentpath="${CSS.escape(name)}"]`);
    if (element?.matches("[data-streamfield-child]")) return placeBlock(side, template, element);
    const rows = document.querySelector(`input[name="${CSS.escape(name)}-TOTAL_FORMS"]`);
    const field = element ?? rows;
    if (!field) return;
    field.before(side);
    if (element) field.parentElement.classList.add("lw-sides");
  };

  // The blocks of a text are made when the page has loaded.
  window.addEventListener("load", () => document.querySelectorAll("template[data-side]").forEach(place));
}
