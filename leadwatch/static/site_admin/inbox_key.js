// Makes the key of the inbox, changes its passphrase, and seals messages again with a new key. The passphrase and
// the private key never leave the browser.
import { lock, makeKey, painted, saveFile, seal, unlock, unseal } from "./sealing.js";

const SHORTEST = 16;
const FEWEST_CHARACTERS = 8;
const words = document.querySelector("[data-key-screen]").dataset;
const keys = JSON.parse(document.getElementById("inbox-keys").textContent);
const current = keys.at(-1);

// What is wrong with a passphrase that was typed twice, or undefined.
function problem(first, second) {
  if (first.length < SHORTEST || new Set(first).size < FEWEST_CHARACTERS) return words.weak;
  return first === second ? undefined : words.different;
}

// Does something slow, and says how it went. Errors are told in words.
async function slowly(form, task) {
  const status = form.querySelector("output");
  const button = form.querySelector("button:not([hidden])");
  button.disabled = true;
  status.textContent = words.working;
  await painted();
  try {
    status.textContent = (await task()) ?? "";
  } catch (error) {
    status.textContent = error.words ?? words.failed;
  }
  button.disabled = false;
}

const failure = (text) => Object.assign(Error(), { words: text });

async function opened(key, passphrase) {
  try {
    return await unlock(key.private, passphrase);
  } catch {
    throw failure(words.wrong);
  }
}

// Saving and printing

function paper(element, file) {
  element.querySelector("pre").textContent = file;
  element.querySelector("[data-save]").onclick = () => saveFile("inbox-key.txt", "text/plain", file);
  element.querySelector("[data-print]").onclick = () => {
    for (const each of document.querySelectorAll("[data-paper]")) each.classList.toggle("lw-paper--printed", each === element);
    window.print();
  };
}

// A new key, the first one or another

const maker = document.querySelector("[data-make]");
maker.addEventListener("submit", (event) => {
  if (maker.elements.private.value) return;
  event.preventDefault();
  const { first, second } = maker.elements;
  slowly(maker, async () => {
    const wrong = problem(first.value, second.value);
    if (wrong) {
      first.focus();
      throw failure(wrong);
    }
    const key = await makeKey(first.value);
    for (const field of [first, second]) Object.assign(field, { value: "", disabled: true });
    maker.elements.public.value = key.public;
    maker.elements.private.value = key.private;
    maker.querySelector("[data-first-step]").hidden = true;
    const step = maker.querySelector("[data-second-step]");
    paper(step, key.private);
    step.hidden = false;
    step.querySelector("input").required = true;
    step.querySelector("h3").focus();
  });
});

// The same key with another passphrase

const changer = document.querySelector("[data-change]");
changer?.addEventListener("submit", (event) => {
  if (changer.elements.private.value) return;
  event.preventDefault();
  const { old, first, second } = changer.elements;
  slowly(changer, async () => {
    const wrong = problem(first.value, second.value);
    if (wrong) {
      first.focus();
      throw failure(wrong);
    }
    const file = await lock(await opened(current, old.value), first.value);
    await opened({ private: file }, first.value);
    changer.elements.public.value = current.public;
    changer.elements.private.value = file;
    for (const field of [old, first, second]) field.disabled = true;
    changer.submit();
    return words.working;
  });
});

// Messages that are sealed with an earlier key

const resealer = document.querySelector("[data-reseal]");

async function reseal(privateKeys) {
  let after = 0;
  for (;;) {
    const { messages } = await (await fetch(`${resealer.action}?after=${after}`)).json();
    if (!messages.length) return;
    const data = new FormData(resealer);
    data.set("key", current.pk);
    for (const { name, key, sealed } of messages.flatMap(({ parts }) => parts)) {
      if (privateKeys[key]) data.set(name, await seal(current.public, await unseal(privateKeys[key], sealed)));
    }
    const response = await fetch(resealer.action, { method: "POST", body: data });
    if (response.status !== 204) throw Error();
    after = messages.at(-1).pk;
  }
}

resealer?.addEventListener("submit", (event) => {
  event.preventDefault();
  slowly(resealer, async () => {
    const privateKeys = {};
    for (const key of keys.slice(0, -1)) {
      try {
        privateKeys[key.pk] = await unlock(key.private, resealer.querySelector("[type=password]").value);
      } catch {
        // Another earlier key may have this passphrase.
      }
    }
    if (!Object.keys(privateKeys).length) throw failure(words.wrong);
    await reseal(privateKeys);
    location.reload();
    return words.working;
  });
});

for (const element of document.querySelectorAll("[data-paper][data-file]")) paper(element, element.dataset.file);
