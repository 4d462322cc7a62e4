// Makes blocks of what is pasted with headings or tables, and of a Word file.
{
  const make = (tag, values) => Object.assign(document.createElement(tag), values);

  const wordsOf = ({ textContent }) => textContent.trim().replace(/\s+/g, " ");

  window.BlocksFromText = class {
    constructor(stream, words) {
      Object.assign(this, { stream, words });
      // Only the form of a new page has this place.
      this.beginning = document.querySelector("[data-word-file]");
      const chosen = make("input", { type: "file", accept: ".docx", hidden: true });
      const button = make("button", { type: "button", textContent: this.beginning ? words.begin : words.choose });
      button.className = "button button-small button-secondary";
      button.onclick = () => chosen.click();
      const shelf = make("div", { className: "lw-copied" });
      shelf.append(chosen, button);
      const aboutFile = make("output", { className: "lw-reading" });
      (this.beginning ?? stream.element).append(shelf, aboutFile);
      chosen.onchange = () => this.tell(aboutFile, this.read(chosen), words.unread);
      const aboutText = this.beginning ? make("output", { className: "lw-reading" }) : aboutFile;
      stream.element.append(aboutText);
      stream.element.dataset.takesText = "";
      stream.element.addEventListener("text-pasted", ({ target, detail }) =>
        this.tell(aboutText, this.paste(target, detail), words.failed),
      );
    }

    async paste(target, html) {
      const { children } = this.stream;
      const place = children.findIndex(({ element }) => element.contains(target));
      const isEmpty = !target.closest("[contenteditable=true]").textContent.trim();
      const { count, lost } = await this.insert(html, place + 1);
      if (isEmpty) {
        // Nothing was in it, so there is nothing to undo.
        children[place].element.addEventListener("undoable", (event) => event.stopPropagation(), { once: true });
        this.stream.deleteBlock(place);
      }
      return this.told(this.words.made, count, lost);
    }

    async read(chosen) {
      const [file] = chosen.files;
      const data = new FormData();
      data.append("file", file);
      chosen.value = "";
      if (file.size > this.words.largest) throw new Error(this.words.too_large, { cause: "file" });
      const { html, title, lost } = await this.post(this.words.file_url, data);
      const { body } = new DOMParser().parseFromString(window.cleanPastedText(html), "text/html");
      const field = document.querySelector("#id_title");
      const isFilled = field && !field.value && title;
      const first = body.firstElementChild;
      if (isFilled && first?.matches("h1") && wordsOf(first) === title) first.remove();
      const made = await this.insert(body.innerHTML, this.stream.children.length, !this.beginning);
      if (isFilled) {
        field.value = title;
        for (const name of ["input", "change", "blur"]) field.dispatchEvent(new Event(name, { bubbles: true }));
      }
      if (this.beginning) field.focus();
      const words = this.beginning ? this.words.begun.replace("{name}", () => file.name) : this.words.made;
      return this.told(words, made.count, [...lost, ...made.lost]);
    }

    async insert(html, place, focus = true) {
      const data = new FormData();
      data.append("html", html);
      const { blocks, lost } = await this.post(this.words.blocks_url, data);
      blocks.forEach((block, number) => {
        const isLast = number === blocks.length - 1;
        this.stream.insert({ ...block, id: "" }, place + number, { animate: true, focus: focus && isLast });
      });
      return { count: blocks.length, lost };
    }

    told(words, count, lost) {
      return [words.replace("{count}", count), ...lost].join(" ");
    }

    async post(url, body) {
      const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
      const response = await fetch(url, { method: "POST", body, headers: { [CSRF_HEADER_NAME]: CSRF_TOKEN } });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error, { cause: "file" });
      return answer;
    }

    async tell(status, work, failed) {
      status.textContent = this.words.reading;
      status.textContent = await work.catch((error) => {
        console.error(error);
        return error.cause === "file" ? error.message : failed;
      });
    }
  };
}
