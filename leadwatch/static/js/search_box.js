// Suggestions while typing: the combobox of the ARIA Authoring Practices Guide.
// Without suggestions, it is a plain field.
const PAUSE = 150;
const LEAST = 2;

const make = (tag, values) => Object.assign(document.createElement(tag), values);

for (const form of document.querySelectorAll("[data-suggest]")) {
  const { suggest, label, one, many } = form.dataset;
  const input = form.q;
  const id = `${input.id}-list`;
  const list = make("ul", { id, className: "suggestions", role: "listbox", ariaLabel: label });
  const status = make("output", { className: "visually-hidden" });
  let marked, request;

  const mark = (option) => {
    marked = option;
    for (const each of list.children) each.ariaSelected = each === option;
    option?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option?.id ?? "");
  };

  const show = (found) => {
    list.replaceChildren(
      ...found.map(({ title, kind, address }, i) => {
        const option = make("li", { id: `${id}-${i}`, role: "option" });
        option.append(`${title} `, make("small", { textContent: kind }));
        option.onclick = () => {
          close();
          location = address;
        };
        return option;
      }),
    );
    list.hidden = !found.length;
    input.ariaExpanded = !list.hidden;
    status.textContent = ["", one][found.length] ?? many.replace("{n}", found.length);
    mark();
  };

  const close = () => {
    request?.abort();
    show([]);
  };

  const ask = async () => {
    const q = input.value.trim();
    if (q.length < LEAST) return close();
    request?.abort();
    const { signal } = (request = new AbortController());
    mark();
    await new Promise((go) => setTimeout(go, PAUSE));
    try {
      // Ignore aborted requests.
      const answer = await fetch(`${suggest}?${new URLSearchParams({ q })}`, { credentials: "omit", signal });
      show((await answer.json()).suggestions);
    } catch {
      if (!signal.aborted) close();
    }
  };

  input.onkeydown = (event) => {
    const { key } = event;
    if (event.isComposing || event.shiftKey) return;
    if (/Home|End|Left|Right/.test(key)) return mark();
    if (key === "Escape") {
      if (list.hidden) input.value = "";
      close();
    } else if (key === "Enter" && marked) marked.click();
    else if (key === "ArrowDown" && list.hidden) ask();
    else if (key === "ArrowDown") mark(marked?.nextSibling ?? list.firstChild);
    else if (key === "ArrowUp") mark(marked?.previousSibling ?? list.lastChild);
    else return;
    event.preventDefault();
  };

  // Also during composition: phone keyboards compose every word.
  input.oninput = ask;
  input.onblur = form.onsubmit = close;
  // Keep the focus in the field, so that the list does not close before the click.
  list.onmousedown = (event) => event.preventDefault();

  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.setAttribute("aria-controls", id);
  input.after(list, status);
  close();
}
