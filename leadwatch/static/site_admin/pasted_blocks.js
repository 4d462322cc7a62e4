// Makes blocks of what is pasted with headings or tables, and of a Word file.
{
  const make = (tag, values) => Object.assign(document.createElement(tag), values);

  window.BlocksFromText = class {
    constructor(stream, words) {
      Object.assign(this, { stream, words });
      const chosen = make("input", { type: "file", accept: ".docx", hidden: true });
      const button = make("button", { type: "button", textContent: words.choose });
      button.className = "button button-small button-secondary";
      button.onclick = () => chosen.click();
      chosen.onchange = () => this.tell(this.read(chosen));
      this.status = make("output", { className: "lw-reading" });
      const shelf = make("div", { className: "lw-copied" });
      shelf.append(chosen, button);
      stream.element.append(shelf, this.status);
      stream.element.dataset.takesText = "";
      stream.element.addEventListener("text-pasted", ({ target, detail }) => this.tell(this.paste(target, detail)));
    }

    async paste(target, html) {
      const { children } = this.stream;
      const place = children.findIndex(({ element }) => element.contains(target));
      const isEmpty = !target.closest("[contenteditable=true]").textContent.trim();
      const said = await this.insert(html, place + 1);
      if (isEmpty) {
        // Nothing was in it, so there is nothing to undo.
        children[place].element.addEventListener("undoable", (event) => event.stopPropagation(), { once: true });
        this.stream.deleteBlock(place);
      }
      return said;
    }

    async read(chosen) {
      const data = new FormData();
      data.append("file", chosen.files[0]);
      chosen.value = "";
      const { html } = await this.post(this.words.file_url, data);
      const { body } = new DOMParser().parseFromString(window.cleanPastedText(html), "text/html");
      const title = document.querySelector("#id_title");
      if (title && !title.value && body.firstElementChild?.matches("h1")) {
        title.value = body.firstElementChild.textContent.trim();
        for (const name of ["input", "change", "blur"]) title.dispatchEvent(new Event(name, { bubbles: true }));
        body.firstElementChild.remove();
      }
      return this.insert(body.innerHTML, this.stream.children.length);
    }

    async insert(html, place) {
      const data = new FormData();
      data.append("html", html);
      const { blocks, lost } = await this.post(this.words.blocks_url, data);
      blocks.forEach((block, number) => {
        const focus = number === blocks.length - 1;
        this.stream.insert({ ...block, id: "" }, place + number, { animate: true, focus });
      });
      return [this.words.made.replace("%s", blocks.length), ...lost].join(" ");
    }

    async post(url, body) {
      const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
      const response = await fetch(url, { method: "POST", body, headers: { [CSRF_HEADER_NAME]: CSRF_TOKEN } });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error, { cause: "file" });
      return answer;
    }

    async tell(work) {
      this.status.textContent = this.words.reading;
      this.status.textContent = await work.catch((error) => {
        console.error(error);
        return error.cause === "file" ? error.message : this.words.failed;
      });
    }
  };
}
