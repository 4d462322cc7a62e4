// Warns below the dates if an event with a similar title and date already exists.
{
  const PAUSE = 500;
  const ASKED = ["title", "date", "end_date"];

  class LikeEvents extends window.StimulusModule.Controller {
    static values = { url: String };

    connect() {
      this.output = Object.assign(document.createElement("output"), { className: "lw-warning" });
      this.element.append(this.output);
      this.form = this.element.closest("form");
      this.heard = ({ target }) => ASKED.includes(target.name) && this.ask();
      this.form.addEventListener("input", this.heard);
      this.ask();
    }

    disconnect() {
      this.request?.abort();
      this.form.removeEventListener("input", this.heard);
      this.output.remove();
    }

    async ask() {
      this.request?.abort();
      const { signal } = (this.request = new AbortController());
      const query = new URLSearchParams(ASKED.map((name) => [name, this.form.elements[name].value.trim()]));
      if (!query.get("title") || !query.get("date")) return this.show("", []);
      // A new event has an ID once autosave has saved it.
      query.set("pk", this.form.action.match(/\/pages\/(\d+)\/(?:edit|suggest)\//)?.[1] ?? "");
      query.set("parent", this.form.action.match(/\/eventpage\/(\d+)\//)?.[1] ?? "");
      await new Promise((go) => setTimeout(go, PAUSE));
      try {
        // An aborted request throws here.
        const answer = await (await fetch(`${this.urlValue}?${query}`, { signal })).json();
        this.show(answer.words, answer.events);
      } catch {
        if (!signal.aborted) this.show("", []);
      }
    }

    show(words, events) {
      this.output.replaceChildren(
        words,
        ...events.map(({ title, more, url }) => {
          const line = document.createElement("span");
          const link = Object.assign(document.createElement("a"), { textContent: title, href: url, target: "_blank" });
          line.append(link, ` (${more})`);
          return line;
        }),
      );
    }
  }

  window.wagtail.app.register("like-events", LikeEvents);
}
