// If autosave fails because the session has ended, asks to sign in again, and then saves.

const form = document.querySelector("[data-edit-form]");
const dialog = document.getElementById("signed-out");

if (form) {
  let isTriedAgain = false;

  // A new CSRF token, or null if the user is signed out.
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
    // For a user who is signed in, the server has another error, so more attempts would fail too.
    if (isTriedAgain) return;
    isTriedAgain = true;
    form.elements.csrfmiddlewaretoken.value = token;
    // Other parts of the page still have the old token, so reload it once the draft is saved.
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
