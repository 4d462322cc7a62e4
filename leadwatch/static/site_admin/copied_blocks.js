// Copies a block, to paste it below the last block of any page. The browser keeps the copies.
{
  const KEY = "copied-blocks";
  const MOST = 5;
  const A_DAY = 24 * 60 * 60 * 1000;

  const make = (tag, values) => Object.assign(document.createElement(tag), values);

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY)) ?? [];
      return kept.filter(({ time }) => Date.now() - time < A_DAY);
    } catch {
      return [];
    }
  };

  const write = (copies) => localStorage.setItem(KEY, JSON.stringify(copies));

  // The state of rich text is an object of its editor, which also accepts JSON.
  const plain = (state) =>
    JSON.parse(
      JSON.stringify(state, function (key, value) {
        const content = this[key]?.getCurrentContent?.();
        return content ? JSON.stringify(window.DraftJS.convertToRaw(content)) : value;
      }),
    );

  class Copying {
    constructor(stream, words) {
      Object.assign(this, { stream, words });
      this.shelf = make("div", { className: "lw-copied", role: "group", ariaLabel: words.shelf });
      this.status = make("output", { className: "lw-reading" });
      stream.element.append(this.shelf, this.status);
      this.offer();
      new MutationObserver(() => this.offer()).observe(stream.sequenceContainer[0], { childList: true });
      this.show();
      window.addEventListener("storage", () => this.show());
      // A form may have more than one stream.
      document.addEventListener(KEY, () => this.show());
    }

    offer() {
      for (const child of this.stream.children) {
        const controls = child.element.querySelector("[data-panel-controls]");
        if (controls.querySelector("[data-copy-block]")) continue;
        const button = make("button", { type: "button", title: this.words.copy, ariaLabel: this.words.copy });
        button.className = "button button--icon text-replace white";
        button.dataset.copyBlock = "";
        button.innerHTML = '<svg class="icon icon-clipboard-list" aria-hidden="true"><use href="#icon-clipboard-list"></use></svg>';
        button.onclick = () => this.tell(() => this.copy(child), this.words.copied);
        controls.querySelector('[data-streamfield-action="DELETE"]').before(button);
      }
    }

    copy(child) {
      const { type, value } = plain(child.getDuplicatedState());
      const label = this.stream.blockDef.childBlockDefsByName[type].meta.label;
      const name = [label, child.getTextLabel({ maxLength: 40 })].filter(Boolean).join(": ");
      write([{ type, value, name, time: Date.now() }, ...read()].slice(0, MOST));
      document.dispatchEvent(new Event(KEY));
    }

    paste({ type, value }) {
      this.stream.insert({ type, value, id: "" }, this.stream.children.length, { animate: true, focus: true });
    }

    tell(act, words) {
      try {
        act();
        this.status.textContent = words;
      } catch (error) {
        console.error(error);
        this.status.textContent = this.words.failed;
      }
    }

    show() {
      const copies = read().filter(({ type }) => type in this.stream.blockDef.childBlockDefsByName);
      const button = (textContent, onclick) =>
        make("button", { type: "button", className: "button button-small button-secondary", textContent, onclick });
      this.shelf.hidden = !copies.length;
      this.shelf.replaceChildren(
        ...copies.map((copy) =>
          button(this.words.paste.replace("%s", () => copy.name), () =>
            this.tell(() => this.paste(copy), this.words.pasted),
          ),
        ),
        button(this.words.forget, () => {
          write([]);
          document.dispatchEvent(new Event(KEY));
          this.status.textContent = "";
        }),
      );
    }
  }

  class BodyBlockDefinition extends window.wagtailStreamField.blocks.StreamBlockDefinition {
    render(...place) {
      const stream = super.render(...place);
      // translation.js adds blocks.
      stream.element.stream = stream;
      new Copying(stream, this.meta.copying);
      new window.BlocksFromText(stream, this.meta.text);
      return stream;
    }
  }

  window.telepath.register("home.BodyBlock", BodyBlockDefinition);
}
