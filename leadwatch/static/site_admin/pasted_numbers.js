// Fills the rows of "Add numbers" with groups and numbers that are pasted from a spreadsheet.
{
  const form = document.querySelector(".lw-set");
  const total = form.elements["rows-TOTAL_FORMS"];
  const key = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const rows = () => [...form.querySelectorAll(".lw-set__row")];

  // Another row for a new group, if the form offers one.
  const addRow = () => {
    const last = rows().at(-1);
    if (field(last, "group").type === "hidden" || total.value >= Number(form.dataset.most)) return null;
    const copy = last.cloneNode(true);
    for (const part of copy.querySelectorAll("*")) {
      for (const { name, value } of [...part.attributes]) {
        part.setAttribute(name, value.replace(/\brows-\d+-/g, `rows-${total.value}-`));
      }
    }
    copy.querySelectorAll("input").forEach((input) => { input.value = ""; });
    total.value = Number(total.value) + 1;
    last.after(copy);
    return copy;
  };

  const rowOf = (group) =>
    rows().find((row) => key(field(row, "group").value) === key(group)) ??
    rows().find((row) => field(row, "group").type !== "hidden" && !field(row, "group").value && !field(row, "value").value) ??
    addRow();

  const isKnown = (group) => rows().some((row) => field(row, "group").type === "hidden" && key(field(row, "group").value) === key(group));
  const isNumber = (text) => /^[-−]?\s*\$?\s*[-−]?\s*\.?\d[\d,.\s]*%?$/.test(text);
  const isYear = (text) => /^(19|20)\d\d$/.test(text);

  // The first line can be a heading: "2018 Q1", or "Neighborhood" and "2018". Other lines have at least a digit; the
  // server says what is wrong with them.
  const hasNumber = ([group, ...rest], place) => {
    const number = rest.length ? rest[0] : group;
    if (rest.length && !group && !isKnown("")) return false;
    if (place) return /\d/.test(number);
    return isNumber(number) && !(rest.length && isYear(number) && (!group || !isKnown(group)));
  };

  const say = (words, numbers) => {
    form.querySelector("[data-pasted]").textContent = words.replace(/\{(\w+)\}/g, (_all, name) => numbers[name]);
  };

  form.addEventListener("paste", (event) => {
    const start = event.target.closest(".lw-set__row");
    const pasted = start ? window.pastedCells(event.clipboardData) : [];
    if (pasted.flat().length < 2) return;
    event.preventDefault();
    // Without empty lines, and without columns that are empty everywhere.
    const used = Object.keys(pasted.reduce((longest, line) => (line.length > longest.length ? line : longest), []))
      .filter((column) => pasted.some((line) => line[column]));
    const cells = pasted.map((line) => used.map((column) => line[column] ?? "")).filter((line) => line.some(Boolean));
    const isNamed = used.length > 1;
    // Which of several columns of numbers is meant, only a person knows.
    if (used.length > 2 || (isNamed && cells.every(([group]) => isNumber(group) && !isKnown(group)))) {
      say(form.dataset.refused, { columns: used.length });
      return;
    }
    const down = rows().slice(rows().indexOf(start));
    const filled = new Set();
    const leftOut = cells.filter((line, place) => {
      if (!hasNumber(line, place)) return true;
      // Numbers alone go down from the row.
      const row = isNamed ? rowOf(line[0]) : down[filled.size];
      if (!row || filled.has(row)) return true;
      if (isNamed && field(row, "group").type !== "hidden") field(row, "group").value = line[0];
      field(row, "value").value = line.at(-1);
      filled.add(row);
      return false;
    });
    if (!filled.size && form.dataset.single) return say(form.dataset.single);
    say(leftOut.length ? `${form.dataset.pasted} ${form.dataset.leftOut}` : form.dataset.pasted, {
      filled: filled.size,
      all: cells.length,
      lines: leftOut.map((line) => `“${line.join(" ").trim()}”`).join(", "),
    });
  });
}
