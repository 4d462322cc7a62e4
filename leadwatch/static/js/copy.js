// Copies the text of a field. Without this script, it can be selected.
const said = document.querySelector("[data-copied]");

function showButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    // Select the text, so that it can be copied manually.
    return;
  }
  said.textContent = "";
  said.textContent = said.dataset.words;
  button.dataset.done = said.dataset.words;
});

// Other scripts tell when they have put in new fields.
document.addEventListener("fields-replaced", showButtons);
showButtons();
