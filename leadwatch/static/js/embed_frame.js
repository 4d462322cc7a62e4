// Inside the frame: tells the page around it how high the events are, once that page has made itself known.
let origin = "";

function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  // A frame in a closed tab has no height.
  if (origin && height) window.parent.postMessage(height, origin);
}

addEventListener("message", (event) => {
  if (event.source !== window.parent || event.source === window || typeof event.data !== "number") return;
  // A page from a file or a sandbox has no origin to name; a height is no secret.
  origin = event.origin === "null" ? "*" : event.origin;
  // From now on every event counts for the height.
  document.documentElement.dataset.fits = "";
  tell();
});

new ResizeObserver(tell).observe(document.documentElement);
