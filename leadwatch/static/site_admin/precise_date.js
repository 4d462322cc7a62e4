// Shows below a date field how the date is understood while the editor types it.
{
  const PAUSE = 300;

  class PreciseDate extends window.StimulusModule.Controller {
    static values = { url: String };

    connect() {
      const { element } = this;
      this.output = Object.assign(document.createElement("output"), {
        id: `${element.id}-reading`,
        className: "lw-reading",
      });
      this.describedBy = element.getAttribute("aria-describedby") ?? "";
      element.setAttribute("aria-describedby", `${this.describedBy} ${this.output.id}`.trim());
      element.after(this.output);
      this.ask = () => this.read();
      element.addEventListener("input", this.ask);
    }

    disconnect() {
      this.request?.abort();
      this.element.removeEventListener("input", this.ask);
      this.element.setAttribute("aria-describedby", this.describedBy);
      this.output.remove();
    }

    async read() {
      this.request?.abort();
      const { signal } = (this.request = new AbortController());
      const text = this.element.value.trim();
      if (!text) return this.show("", true);
      await new Promise((go) => setTimeout(go, PAUSE));
      try {
        // An aborted request throws here.
        const answer = await fetch(`${this.urlValue}?${new URLSearchParams({ text })}`, { signal });
        const { words, is_date, is_to_come } = await answer.json();
        this.show(words, is_date && !is_to_come);
      } catch {
        if (!signal.aborted) this.show("", true);
      }
    }

    show(words, isCertain) {
      this.output.textContent = words;
      this.output.classList.toggle("lw-reading--unread", !isCertain);
    }
  }

  window.wagtail.app.register("precise-date", PreciseDate);
}
