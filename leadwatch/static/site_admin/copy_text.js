// Copies a text, plain or also with its links. Without this script, people select the text themselves.
for (const button of document.querySelectorAll("[data-copies]")) {
  const plain = document.getElementById(button.dataset.copies);
  const formatted = document.getElementById(button.dataset.formatted);
  const said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    const kinds = { "text/plain": plain.value };
    // Not what a selection would give, which also has the colors of the admin.
    if (formatted) kinds["text/html"] = formatted.innerHTML;
    try {
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
    } catch {
      // Select the text, so that it can be copied manually.
      if (formatted) getSelection().selectAllChildren(formatted);
      else plain.select();
      return;
    }
    said.textContent = button.closest("[data-copied]").dataset.copied;
  });
}
