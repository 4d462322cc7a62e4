// Suggests sources already on the site while the editor types a title or publisher, as the combobox of the ARIA
// Authoring Practices Guide. Without a response it is a plain text field.
{
  const PAUSE = 200;
  const LEAST = 2;

  const make = (tag, values) => Object.assign(document.createElement(tag), values);
  const told = (field, ...types) => types.forEach((type) => field.dispatchEvent(new Event(type, { bubbles: true })));

  // Fill in the beginning of the URL on focus, and remove it on blur if nothing was added.
  const propose = (url, beginning) => {
    url.placeholder = beginning && `${beginning}…`;
    if (url.dataset.beginning === undefined) {
      url.addEventListener("focus", () => (url.value ||= url.dataset.beginning));
      url.addEventListener("paste", () => url.value === url.dataset.beginning && url.select());
      url.addEventListener("blur", () => url.value === url.dataset.beginning && (url.value = ""));
    }
    url.dataset.beginning = beginning;
  };

  class UsedSource extends window.StimulusModule.Controller {
    static values = { url: String, label: String, one: String, many: String };

    connect() {
      const { element } = this;
      const id = `${element.id}-sources`;
      [, this.prefix, this.by] = element.name.match(/^(.*-)(\w+)$/);
      this.list = make("ul", { id, className: "lw-suggestions", role: "listbox", ariaLabel: this.labelValue });
      this.status = make("output", { className: "w-sr-only" });
      element.setAttribute("role", "combobox");
      element.setAttribute("aria-autocomplete", "list");
      element.setAttribute("aria-controls", id);
      element.after(this.list, this.status);
      // Keep the focus in the field. Otherwise the list would close before the click.
      this.list.onmousedown = (event) => event.preventDefault();
      // Also during composition, since phones compose every word.
      element.oninput = () => this.ask();
      element.onkeydown = (event) => this.press(event);
      element.onblur = () => this.close();
      this.close();
    }

    disconnect() {
      this.request?.abort();
      this.element.oninput = this.element.onkeydown = this.element.onblur = null;
      this.list.remove();
      this.status.remove();
    }

    field(name) {
      return this.element.form.elements[this.prefix + name];
    }

    async ask() {
      this.request?.abort();
      const q = this.element.value.trim();
      if (q.length < LEAST) return this.close();
      const { signal } = (this.request = new AbortController());
      this.mark();
      await new Promise((go) => setTimeout(go, PAUSE));
      try {
        // An aborted request throws here.
        const query = new URLSearchParams({ q, by: this.by });
        const { publishers, sources } = await (await fetch(`${this.urlValue}?${query}`, { signal })).json();
        const known = publishers.find(({ name }) => name.toLowerCase() === q.toLowerCase());
        if (known) propose(this.field("url"), known.beginning);
        this.show([
          ...publishers
            .filter((publisher) => publisher !== known)
            .map(({ name, beginning }) => [name, beginning && `${beginning}…`, () => this.name(name, beginning)]),
          ...sources.map((source) => [
            source.title,
            [source.publisher, source.published].filter(Boolean).join(", "),
            () => this.fill(source),
          ]),
        ]);
      } catch {
        if (!signal.aborted) this.close();
      }
    }

    name(publisher, beginning) {
      this.element.value = publisher;
      propose(this.field("url"), beginning);
      told(this.element, "change");
      // Now suggest articles of this publisher.
      this.ask();
    }

    fill({ document: file, ...texts }) {
      for (const [name, value] of Object.entries(texts)) {
        const field = this.field(name);
        field.value = value;
        told(field, ...(field.dataset.controller === "used-source" ? [] : ["input"]), "change");
      }
      document.getElementById(`${this.field("document").id}-chooser`)?.widget?.setState(file);
      this.close();
    }

    show(found) {
      this.list.replaceChildren(
        ...found.map(([words, more, choose], i) => {
          const option = make("li", { id: `${this.list.id}-${i}`, role: "option" });
          option.append(`${words} `, make("small", { textContent: more }));
          option.onclick = choose;
          return option;
        }),
      );
      this.list.hidden = !found.length;
      this.list.scrollIntoView({ block: "nearest" });
      this.element.ariaExpanded = !this.list.hidden;
      this.status.textContent = ["", this.oneValue][found.length] ?? this.manyValue.replace("{n}", found.length);
      this.mark();
    }

    close() {
      this.request?.abort();
      this.show([]);
    }

    mark(option) {
      this.marked = option;
      for (const each of this.list.children) each.ariaSelected = each === option;
      option?.scrollIntoView({ block: "nearest" });
      if (option) this.element.setAttribute("aria-activedescendant", option.id);
      else this.element.removeAttribute("aria-activedescendant");
    }

    press(event) {
      const { key } = event;
      if (event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey) return;
      if (/Home|End|Left|Right/.test(key)) return this.mark();
      if (this.list.hidden && key !== "ArrowDown") return;
      if (key === "Escape") this.close();
      else if (key === "Enter" && this.marked) this.marked.click();
      else if (key === "ArrowDown" && this.list.hidden) this.ask();
      else if (key === "ArrowDown") this.mark(this.marked?.nextSibling ?? this.list.firstChild);
      else if (key === "ArrowUp") this.mark(this.marked?.previousSibling ?? this.list.lastChild);
      else return;
      event.preventDefault();
    }
  }

  // Only a warning, since two sources may have the same URL: two pages of one report.
  class SourceAddress extends window.StimulusModule.Controller {
    static values = { twice: String };

    connect() {
      this.output = make("output", { className: "lw-reading lw-reading--unread" });
      this.element.after(this.output);
      this.element.onchange = () => this.compare();
      this.compare();
    }

    disconnect() {
      this.element.onchange = null;
      this.output.remove();
    }

    compare() {
      const { element } = this;
      const all = [...element.form.querySelectorAll(`[data-controller="source-address"]`)];
      const here = all.filter((other) => !document.getElementById(other.id.replace(/url$/, "DELETE"))?.value);
      const same = here.findIndex((other) => other.value.trim() === element.value.trim());
      const isTwice = element.value.trim() && here[same] !== element && here.includes(element);
      this.output.textContent = isTwice ? this.twiceValue.replace("{n}", same + 1) : "";
    }
  }

  window.wagtail.app.register("used-source", UsedSource);
  window.wagtail.app.register("source-address", SourceAddress);
}
