// Fills a table block with cells that are pasted from a spreadsheet, and offers to undo that, or a deleted row or column.
{
  const NAME = "wagtail.contrib.typed_table_block.blocks.TypedTableBlock";
  // A form with more than 10,000 fields could not be saved.
  const MOST_CELLS = 2000;

  const textOf = (cell) => {
    cell.querySelectorAll("br").forEach((br) => br.replaceWith(" "));
    return cell.textContent.replace(/\s+/g, " ").trim();
  };

  // The cells of pasted HTML that is nothing but a table. The text of a merged cell goes into its first cell.
  const cellsOfHtml = (html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    body.querySelectorAll("style, script").forEach((part) => part.remove());
    const tables = body.querySelectorAll("table");
    if (tables.length !== 1 || textOf(body) !== textOf(tables[0])) return [];
    const lines = [...tables[0].rows].map(() => []);
    [...tables[0].rows].forEach((row, y) => {
      for (const cell of row.cells) {
        let x = 0;
        while (x in lines[y]) x += 1;
        for (let down = 0; down < cell.rowSpan && y + down < lines.length; down += 1) {
          for (let right = 0; right < cell.colSpan; right += 1) lines[y + down][x + right] = down || right ? "" : textOf(cell);
        }
      }
    });
    return lines;
  };

  // The cells of tab-separated text, in which quotation marks surround a cell with a line break, tab or quotation mark.
  const cellsOfText = (text) => {
    if (!text.includes("\t")) return [];
    const lines = [[]];
    for (const [, quoted, plain, end] of text.replace(/\r?\n$/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|$)/g)) {
      lines.at(-1).push((quoted?.replaceAll('""', '"') ?? plain).replace(/\s+/g, " ").trim());
      if (!end) break;
      if (end !== "\t") lines.push([]);
    }
    return lines;
  };

  const cellsOf = (data) => {
    const cells = cellsOfHtml(data.getData("text/html"));
    return cells.length ? cells : cellsOfText(data.getData("text/plain"));
  };

  // The state of a table with cells filled in from a place on. Row -1 is the headings.
  const filled = (state, type, cells, { row, column }) => {
    const columns = state.columns.map((each) => ({ ...each }));
    const rows = state.rows.map(({ values }) => ({ values: [...values] }));
    const width = column + Math.max(...cells.map((line) => line.length));
    while (columns.length < width) columns.push({ type, heading: "" });
    while (rows.length < row + cells.length) rows.push({ values: [] });
    for (const { values } of rows) while (values.length < columns.length) values.push("");
    cells.forEach((line, y) =>
      line.forEach((text, x) => {
        if (row + y < 0) columns[column + x].heading = text;
        else rows[row + y].values[column + x] = text;
      }),
    );
    return { ...state, columns, rows };
  };

  class Spreadsheet {
    constructor(table, words) {
      Object.assign(this, { table, words, element: table.container[0] });
      this.element.addEventListener("paste", (event) => this.paste(event));
      for (const [method, said] of Object.entries({ deleteRow: words.row, deleteColumn: words.column })) {
        const remove = table[method];
        table[method] = (index) => this.change(said, () => remove.call(table, index));
      }
    }

    paste(event) {
      const { table, words } = this;
      const place = this.placeOf(event.target);
      const cells = place ? cellsOf(event.clipboardData) : [];
      if (cells.flat().length < 2) return;
      event.preventDefault();
      const before = table.getState();
      const after = filled(before, table.blockDef.childBlockDefs[0].name, cells, place);
      if (after.columns.length * after.rows.length > MOST_CELLS) return this.tell(words.many);
      const said = words.pasted
        .replace("{cells}", cells.flat().length)
        .replace("{rows}", after.rows.length - before.rows.length)
        .replace("{columns}", after.columns.length - before.columns.length);
      this.change(said, () => table.setState(after), () => this.fieldAt(place));
    }

    // Change the table, and offer to undo the change, and the undoing if something was typed in between.
    change(words, act, fieldOf) {
      const { table } = this;
      const before = table.getState();
      act();
      const after = JSON.stringify(table.getState());
      const field = fieldOf?.();
      field?.focus();
      const undo = () => {
        const isChanged = JSON.stringify(table.getState()) !== after;
        const restore = () => table.setState(before);
        if (isChanged) this.change(this.words.undone, restore);
        else restore();
        return fieldOf?.() ?? this.element.querySelector("tbody button, button");
      };
      this.tell(words, undo, field);
    }

    tell(words, undo, field) {
      this.element.dispatchEvent(new CustomEvent("undoable", { bubbles: true, detail: { words, undo, field } }));
    }

    placeOf(target) {
      const { table } = this;
      const cell = target.closest("th, td");
      const column = cell ? [...cell.parentElement.children].indexOf(cell) - 1 : 0;
      if (!table.columns.length) return { row: -1, column: 0 };
      if (!cell || column < 0 || column >= table.columns.length) return null;
      return { row: [...table.tbody.children].indexOf(cell.parentElement), column };
    }

    fieldAt({ row, column }) {
      const line = row < 0 ? this.table.thead.firstElementChild : this.table.tbody.children[row];
      return line?.children[column + 1]?.querySelector("input:not([type=hidden])") ?? this.table.captionInput;
    }
  }

  class TableDefinition extends window.telepath.constructors[NAME] {
    render(...place) {
      const table = super.render(...place);
      new Spreadsheet(table, this.meta.spreadsheet);
      return table;
    }
  }

  window.telepath.register("home.Table", TableDefinition);
}
