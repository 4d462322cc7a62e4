// Offers to undo what a script tells with an "undoable" event on an element: for ten seconds with a button below that
// element, and later with Ctrl+Z outside a text.
{
  const TIME = 10_000;
  const TEXT = "textarea, select, [contenteditable=true], [role=dialog] *, input:not([type=checkbox], [type=radio])";
  const template = document.getElementById("undo-offer");
  const status = document.getElementById("undo-status");
  const done = [];

  class Offer {
    constructor(place, { words, takesFocus = false, undo, settle }) {
      Object.assign(this, { place, undo, settle });
      this.bar = template.content.firstElementChild.cloneNode(true);
      this.bar.querySelector("[data-words]").textContent = words;
      this.button = this.bar.querySelector("button");
      this.button.onclick = () => this.take();
      this.bar.onkeydown = ({ key }) => key === "Escape" && this.close();
      place.after(this.bar);
      // Otherwise the browser would lose the place of somebody who uses the keyboard.
      if (takesFocus) this.button.focus();
      const end = Date.now() + TIME;
      this.clock = setInterval(() => Date.now() < end || this.bar.matches(":focus-within, :hover") || this.close(), 500);
      status.textContent = `${words} ${status.dataset.hint}`;
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

  document.addEventListener("undoable", ({ target, detail }) => done.push(new Offer(target, detail)));

  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
    if (key.toLowerCase() !== "z" || !(ctrlKey || metaKey) || shiftKey || altKey || target.matches(TEXT)) return;
    while (done.length && !done.at(-1).place.isConnected) done.pop();
    if (!done.length) return;
    event.preventDefault();
    done.at(-1).take();
  });
}
