// When a draft cannot be saved because the session has ended: says so, and saves once the editor is signed in again.

const form = document.querySelector("[data-edit-form]");
const dialog = document.getElementById("signed-out");

if (form) {
  let isTriedAgain = false;

  // A token for forms, or null for somebody who is signed out.
  async function freshToken() {
    const response = await fetch(dialog.dataset.tokenUrl);
    if (response.redirected || !response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? null;
  }

  async function tryAgain() {
    const token = await freshToken();
    if (!token) {
      if (!dialog.open) dialog.showModal();
      return;
    }
    if (dialog.open) dialog.close();
    // Whoever is signed in meets another fault of the server, and a second attempt would meet it too.
    if (isTriedAgain) return;
    isTriedAgain = true;
    form.elements.csrfmiddlewaretoken.value = token;
    // Other parts of the page keep the old token, so the page is loaded anew as soon as the draft is safe.
    document.addEventListener("w-autosave:success", () => location.reload(), { once: true });
    form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true }));
  }

  document.addEventListener("w-autosave:error", ({ detail }) => {
    if (detail.type === "server_error") tryAgain().catch(() => {});
  });
  window.addEventListener("focus", () => {
    if (dialog.open) tryAgain().catch(() => {});
  });
}
