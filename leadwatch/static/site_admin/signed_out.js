// If the session has ended, asks to sign in again before a form is saved: what is sent without one is lost.

const form = document.querySelector("[data-edit-form]");
const dialog = document.getElementById("signed-out");

if (form) {
  // Milliseconds after which a form asks whether the session lasts.
  const STALE = 10 * 60 * 1000;
  let checkedAt = Date.now();
  let isTriedAgain = false;
  let save = autosave;

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
    checkedAt = Date.now();
    form.elements.csrfmiddlewaretoken.value = token;
    save();
  }

  function autosave() {
    // For a user who is signed in, the server has another error, so more attempts would fail too.
    if (isTriedAgain) return;
    isTriedAgain = true;
    // Other parts of the page still have the old token, so reload it once the draft is saved.
    document.addEventListener("w-autosave:success", () => location.reload(), { once: true });
    form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true }));
  }

  // Sends the form as the button would. Wagtail has disabled the button, so its value would be missing.
  function sendAs(button) {
    if (button?.name) {
      const { name, value } = button;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    checkedAt = Date.now();
    form.requestSubmit();
  }

  document.addEventListener("w-autosave:error", ({ detail }) => {
    if (detail.type !== "server_error") return;
    save = autosave;
    tryAgain().catch(() => {});
  });
  document.addEventListener("w-autosave:success", () => (checkedAt = Date.now()));
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || Date.now() - checkedAt < STALE) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save = () => sendAs(event.submitter);
      // Without a connection, let the browser say so.
      tryAgain().catch(save);
    },
    { capture: true },
  );
  window.addEventListener("focus", () => {
    if (dialog.open) tryAgain().catch(() => {});
  });
}
