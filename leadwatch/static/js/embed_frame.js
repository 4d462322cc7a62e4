// Inside the frame: sends the height of the content to the parent page after it has sent a message.
let origin = "";

function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  // A hidden frame has no height.
  if (origin && height) window.parent.postMessage(height, origin);
}

addEventListener("message", (event) => {
  if (event.source !== window.parent || event.source === window || typeof event.data !== "number") return;
  // Pages from a file or in a sandbox have no origin. The height is not a secret.
  origin = event.origin === "null" ? "*" : event.origin;
  // Lay out all events from now on, so that the height is right.
  document.documentElement.dataset.fits = "";
  tell();
});

new ResizeObserver(tell).observe(document.documentElement);
