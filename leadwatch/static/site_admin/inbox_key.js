// Makes the key of the inbox, changes its passphrase, and seals messages again with a new key. The passphrase and
// the private key never leave the browser: fields for passphrases have no name, so that no form sends them.
import { current, keys, lock, makeKey, painted, saveFile, say, seal, unlock, unseal } from "./sealing.js";

const SHORTEST = 16;
const FEWEST_CHARACTERS = 8;
const words = document.querySelector("[data-key-screen]").dataset;

// Runs a slow task with the form and its passphrase fields, instead of sending the form, and shows the words that it
// returns.
function onSubmit(selector, task) {
  const form = document.querySelector(selector);
  if (!form) return;
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    // The second step of making a key sends the form.
    if (form.elements.private?.value) return;
    event.preventDefault();
    const status = form.querySelector("output");
    button.disabled = true;
    say(status, words.working);
    await painted();
    const result = await task(form, form.querySelectorAll("[type=password]")).catch(() => words.failed);
    say(status, result, result !== words.working);
    button.disabled = false;
  });
  // Until here, the browser would have sent an empty form.
  button.disabled = false;
}

// What is wrong with a passphrase that was typed twice, or undefined.
function problem(first, second) {
  const isWeak = first.value.length < SHORTEST || new Set(first.value).size < FEWEST_CHARACTERS;
  if (!isWeak && first.value === second.value) return undefined;
  return beside(first, isWeak ? words.weak : words.different);
}

// Moves the message to the field that it is about.
function beside(field, message) {
  field.after(field.form.querySelector("output"));
  field.focus();
  return message;
}

function fill(form, key) {
  form.elements.public.value = key.public;
  form.elements.private.value = key.private;
}

function paper(element, file) {
  element.querySelector("pre").textContent = file;
  element.querySelector("[data-save]").onclick = () => saveFile("inbox-key.txt", "text/plain", file);
  element.querySelector("[data-print]").onclick = () => {
    for (const each of document.querySelectorAll("[data-paper]")) each.classList.toggle("lw-paper--printed", each === element);
    window.print();
  };
}

for (const element of document.querySelectorAll("[data-paper][data-file]")) paper(element, element.dataset.file);

// A new key, the first one or another
onSubmit("[data-make]", async (form, [first, second]) => {
  const wrong = problem(first, second);
  if (wrong) return wrong;
  const key = await makeKey(first.value);
  fill(form, key);
  for (const field of [first, second]) Object.assign(field, { value: "", disabled: true });
  form.querySelector("[data-first-step]").hidden = true;
  const step = form.querySelector("[data-second-step]");
  paper(step, key.private);
  step.hidden = false;
  step.querySelector("input").required = true;
  step.querySelector("h3").focus();
  return "";
});

// The same key with another passphrase
onSubmit("[data-change]", async (form, [old, first, second]) => {
  const wrong = problem(first, second);
  if (wrong) return wrong;
  const privateKey = (await unlock([current], old.value))[current.pk];
  if (!privateKey) return beside(old, words.wrong);
  fill(form, { public: current.public, private: await lock(privateKey, first.value) });
  form.submit();
  return words.working;
});

// Messages that are sealed with an earlier key
onSubmit("[data-reseal]", async (form, [passphrase]) => {
  const privateKeys = await unlock(keys.slice(0, -1), passphrase.value);
  if (!Object.keys(privateKeys).length) return beside(passphrase, words.wrong);
  let after = 0;
  for (;;) {
    const { messages } = await (await fetch(`${form.action}?after=${after}`)).json();
    if (!messages.length) break;
    const data = new FormData(form);
    data.set("key", current.pk);
    for (const { name, key, sealed } of messages.flatMap(({ parts }) => parts)) {
      if (privateKeys[key]) data.set(name, await seal(current.public, await unseal(privateKeys[key], sealed)));
    }
    const response = await fetch(form.action, { method: "POST", body: data });
    if (response.status !== 204) throw Error();
    after = messages.at(-1).pk;
  }
  location.reload();
  return words.working;
});
