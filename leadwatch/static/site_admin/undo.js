// Offers to undo what a script tells with an "undoable" event on an element: for ten seconds with a button after that
// element, and later with Ctrl+Z outside a text. Without a function `undo`, it only shows the words.
{
  const TIME = 10_000;
  const TEXT = "textarea, select, [contenteditable=true], [role=dialog] *, input:not([type=checkbox], [type=radio])";
  const template = document.getElementById("undo-offer");
  const status = document.getElementById("undo-status");
  const done = [];
  let isByKey = false;

  // A key that presses a button sends a click without a count.
  document.addEventListener("click", ({ detail }) => (isByKey = !detail), { capture: true });

  class Offer {
    constructor(place, { words, undo, settle, field }) {
      Object.assign(this, { place, undo, settle, field });
      this.bar = template.content.firstElementChild.cloneNode(true);
      this.bar.querySelector("[data-words]").textContent = words;
      this.button = this.bar.querySelector("button");
      this.button.onclick = () => this.take();
      this.bar.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
      place.after(this.bar);
      this.button.hidden = !undo;
      // Otherwise the browser would lose the place of somebody who uses the keyboard.
      if (isByKey && !field) this.button.focus();
      // Until something is typed into this field, Ctrl+Z in it undoes the change, too.
      field?.addEventListener("input", () => (this.field = null), { once: true });
      const end = Date.now() + TIME;
      this.clock = setInterval(() => Date.now() < end || this.bar.matches(":focus-within, :hover") || this.close(), 500);
      status.textContent = undo ? `${words} ${status.dataset.hint}` : words;
    }

    close() {
      clearInterval(this.clock);
      this.bar.remove();
      this.settle?.();
    }

    take() {
      done.splice(done.indexOf(this), 1);
      this.settle = null;
      this.close();
      this.undo()?.focus();
      status.textContent = status.dataset.undone;
    }
  }

  document.addEventListener("undoable", ({ target, detail }) => {
    const offer = new Offer(target, detail);
    if (offer.undo) done.push(offer);
  });

  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
    if (key.toLowerCase() !== "z" || !(ctrlKey || metaKey) || shiftKey || altKey) return;
    const offer = done.findLast(({ place }) => place.isConnected);
    if (!offer || (target.matches(TEXT) && target !== offer.field)) return;
    event.preventDefault();
    offer.take();
  });
}
