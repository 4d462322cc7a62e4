// On a phone, a panel covers the form. Don't open it for every form because it was open before.
if (window.matchMedia("(width < 50rem)").matches) {
  try {
    localStorage.removeItem("wagtail:side-panel-open");
  } catch {
    // Without storage, Wagtail opens none.
  }
}
