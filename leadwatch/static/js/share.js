// Updates the preview when an option changes, and copies the code. The page also works without this script.
const form = document.querySelector("[data-share]");
const result = document.querySelector("[data-share-result]");
const said = document.querySelector("[data-copied]");
let waiting;
let asked = 0;

function showButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

async function update() {
  const data = [...new FormData(form)].filter(([, value]) => value);
  const address = `?${new URLSearchParams(data)}`;
  const turn = ++asked;
  const answer = await fetch(address).catch(() => null);
  // If the request fails, the button still submits the form.
  if (!answer?.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== asked) return;
  result.replaceChildren(...page.querySelector("[data-share-result]").childNodes);
  history.replaceState(null, "", address);
  showButtons();
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(update, 300);
});

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

showButtons();
