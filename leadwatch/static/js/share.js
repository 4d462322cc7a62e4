// Updates the preview when an option changes. The page also works without this script.
const form = document.querySelector("[data-share]");
const result = document.querySelector("[data-share-result]");
let waiting;
let asked = 0;

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
  document.dispatchEvent(new Event("fields-replaced"));
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(update, 300);
});
