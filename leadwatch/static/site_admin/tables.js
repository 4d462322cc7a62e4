// Fills a table block with cells that are pasted from a spreadsheet, and offers to undo that, or a deleted row or column.
{
  const NAME = "wagtail.contrib.typed_table_block.blocks.TypedTableBlock";
  // A form with more than 10,000 fields could not be saved.
  const MOST_CELLS = 2000;
  const FIELD = "input:not([type=hidden])";

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
      this.element.addEventListener("input", () => this.nameCells());
      new MutationObserver(() => this.nameCells()).observe(this.element, { childList: true, subtree: true });
      for (const [method, said] of Object.entries({ deleteRow: words.row, deleteColumn: words.column })) {
        const remove = table[method];
        table[method] = (index) => this.change(said, () => remove.call(table, index));
      }
    }

    // Wagtail gives the cells no label.
    nameCells() {
      const headings = this.table.columns.map(({ headingInput }, x) => headingInput.value || x + 1);
      [...this.table.tbody.children].forEach((line, y) =>
        headings.forEach((heading, x) => {
          const field = line.children[x + 1]?.querySelector(FIELD);
          const words = this.words.cell.replace("{row}", y + 1);
          if (field) field.ariaLabel = words.replace("{column}", () => heading);
        }),
      );
    }

    paste(event) {
      const { table, words } = this;
      const place = this.placeOf(event.target);
      const cells = place ? window.pastedCells(event.clipboardData) : [];
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
      return line?.children[column + 1]?.querySelector(FIELD) ?? this.table.captionInput;
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
