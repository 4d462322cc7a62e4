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

  const fill = (row, number, group) => {
    if (!row) return 0;
    if (group && field(row, "group").type !== "hidden") field(row, "group").value = group;
    field(row, "value").value = number;
    return 1;
  };

  form.addEventListener("paste", (event) => {
    const start = event.target.closest(".lw-set__row");
    const cells = start ? window.pastedCells(event.clipboardData) : [];
    if (cells.flat().length < 2) return;
    event.preventDefault();
    // Numbers alone go down from the row. Headings have no digit.
    const isNamed = cells.some((line) => line.length > 1);
    const filled = cells.filter((line) => /\d/.test(line.at(-1)));
    const down = rows().slice(rows().indexOf(start));
    const done = filled.map((line, place) => fill(isNamed ? rowOf(line[0]) : down[place], line.at(-1), isNamed && line[0]));
    const count = done.reduce((sum, one) => sum + one, 0);
    form.querySelector("[data-pasted]").textContent = form.dataset.pasted.replace("{filled}", count).replace("{all}", cells.length);
  });
}
