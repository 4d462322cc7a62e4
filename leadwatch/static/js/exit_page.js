/*
 * "Exit this page", based on the component of the GOV.UK Design System. A click on the link, or pressing Shift three
 * times in a row, hides the page and leaves. Without this script, the link is still a link.
 */
const PRESSES = 3;
const PATIENCE = 5000;

const box = document.querySelector("[data-exit]");
if (!(box instanceof HTMLElement)) throw new Error("Exit this page: no element has data-exit.");
const button = box.querySelector("a[href]");
if (!button) throw new Error("Exit this page: the element with data-exit contains no link.");
for (const text of ["loading", "twoMore", "oneMore", "expired"]) {
  if (!box.dataset[text]) throw new Error(`Exit this page: the text "${text}" is missing.`);
}
const { loading, twoMore, oneMore, expired } = box.dataset;

const status = document.createElement("span");
status.className = "visually-hidden";
status.setAttribute("role", "status");
box.append(status);

const dots = document.createElement("span");
dots.className = "exit-dots";
dots.setAttribute("aria-hidden", "true");
dots.hidden = true;
dots.append(...Array.from({ length: PRESSES }, () => document.createElement("i")));
button.append(dots);

let presses = 0;
let withAnother = false;
let timer;
let overlay;

const show = () => {
  dots.hidden = presses === 0;
  [...dots.children].forEach((dot, i) => dot.toggleAttribute("data-on", i < presses));
};

const forget = () => {
  clearTimeout(timer);
  status.textContent = "";
  presses = 0;
  show();
};

const expire = () => {
  forget();
  status.textContent = expired;
  timer = setTimeout(forget, PATIENCE);
};

const leave = () => {
  forget();
  overlay?.remove();
  overlay = document.createElement("div");
  overlay.className = "exit-overlay";
  overlay.setAttribute("role", "alert");
  document.body.classList.add("exiting");
  document.body.append(overlay);
  overlay.textContent = loading;
  window.location.href = button.href;
};

document.querySelectorAll("[data-exit-link]").forEach((link) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  }),
);

const listen = (event) => {
  if (event.key === "Shift" && !withAnother) {
    presses += 1;
    show();
    clearTimeout(timer);
    if (presses >= PRESSES) {
      leave();
      return;
    }
    status.textContent = presses === 1 ? twoMore : oneMore;
    timer = setTimeout(expire, PATIENCE);
  } else if (presses) {
    forget();
  }
  withAnother = event.shiftKey;
};
// Before other scripts, which could keep the event to themselves.
document.addEventListener("keyup", listen, true);

// After the back button, the browser may restore the hidden page from its back/forward cache.
window.addEventListener("pageshow", () => {
  document.body.classList.remove("exiting");
  overlay?.remove();
  forget();
});
