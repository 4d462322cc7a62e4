// Reads cells that are pasted from a spreadsheet, as rows of texts; [] for anything else.
{
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

  window.pastedCells = (data) => {
    const cells = cellsOfHtml(data.getData("text/html"));
    return cells.length ? cells : cellsOfText(data.getData("text/plain"));
  };
}
