// Opens sealed messages in this tab, once the passphrase is typed, and seals notes.
import { encryptFor, forget, keep, kept, painted, saveFile, seal, unlock, unseal } from "./sealing.js";

const LONGEST_BEGINNING = 90;

const inbox = document.querySelector("[data-inbox]");
const words = inbox.dataset;
const keys = JSON.parse(document.getElementById("inbox-keys").textContent);
const current = keys.at(-1);
const form = inbox.querySelector("form");
const status = inbox.querySelector("output");
const make = (tag, text, values) => Object.assign(document.createElement(tag), { textContent: text }, values);
let opened = {};

const read = ({ key, sealed }) => unseal(opened[key], sealed);

const shows = {
  beginning(element, answers) {
    const text = (answers.map(([, answer]) => answer).find((answer) => answer.trim()) ?? "").split(/\s+/).join(" ").trim();
    if (text) element.textContent = text.length > LONGEST_BEGINNING ? `${text.slice(0, LONGEST_BEGINNING - 1)}…` : text;
  },
  answers(element, answers) {
    const list = make("dl", "", { className: "lw-message" });
    for (const [question, answer] of answers) {
      const value = make("dd", answer);
      if (!answer) value.append(make("em", words.noAnswer));
      list.append(make("dt", question), value);
    }
    element.replaceChildren(list);
  },
  note(element, text) {
    element.textContent = text;
  },
};

async function show() {
  for (const element of document.querySelectorAll("[data-sealed]")) {
    const { key, sealed, shows: what } = element.dataset;
    if (opened[key]) shows[what](element, await read({ key, sealed }));
    else element.textContent = words.earlier;
  }
  inbox.classList.add("lw-lock--open");
  status.textContent = words.opened;
  for (const element of document.querySelectorAll("[data-needs-key]")) element.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { passphrase } = form.elements;
  status.textContent = words.opening;
  await painted();
  for (const key of keys) {
    try {
      opened[key.pk] ??= await unlock(key.private, passphrase.value);
    } catch {
      // Another key may have this passphrase.
    }
  }
  if (!opened[current.pk]) {
    status.textContent = Object.keys(opened).length ? words.newer : words.wrong;
    passphrase.select();
    return;
  }
  passphrase.value = "";
  await keep(opened, words.secret);
  await show();
  inbox.querySelector("[data-lock]").focus();
});

// Notes

const note = document.querySelector("[data-note]");

note?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = note.querySelector("textarea");
  const result = note.querySelector("output");
  if (!text.value.trim()) return text.focus();
  const data = new FormData(note);
  data.set("key", current.pk);
  data.set("text", await seal(current.public, text.value));
  const response = await fetch(note.action, { method: "POST", body: data }).catch(() => null);
  // The sign-in page has another status.
  if (response?.status === 204) location.reload();
  else result.textContent = words.notSaved;
});

// Locking

function lock() {
  forget();
  for (const element of document.querySelectorAll("[data-sealed]")) element.textContent = words.locked;
  // A note that is being typed stays.
  if (!note?.querySelector("textarea").value) location.reload();
}

inbox.querySelector("[data-lock]").addEventListener("click", lock);
// The user has signed out in another tab.
new BroadcastChannel("inbox").addEventListener("message", lock);

// Exports

const FORMULA = new RegExp(`^(?:${words.formula})`);
const guarded = (text) => (FORMULA.test(text) ? `'${text}` : text);
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function table({ headings, notes, messages }) {
  const rows = [];
  for (const message of messages.filter(({ key }) => opened[key])) {
    const answers = new Map();
    for (const [question, answer] of await read(message)) {
      answers.set(question, answers.has(question) ? `${answers.get(question)}\n${answer}` : answer);
    }
    const texts = await Promise.all(message.notes.filter(({ key }) => opened[key]).map(read));
    rows.push({ facts: message.facts, answers, notes: texts.join("\n") });
  }
  const questions = [...new Set(rows.flatMap(({ answers }) => [...answers.keys()]))];
  const lines = [
    [...headings, ...questions, notes],
    ...rows.map(({ facts, answers, notes: text }) => [
      ...facts,
      ...questions.map((question) => answers.get(question) ?? ""),
      text,
    ]),
  ];
  // Programs for spreadsheets need the byte order mark to know the encoding.
  return `\ufeff${lines.map((cells) => cells.map((cell) => quoted(guarded(cell))).join(",")).join("\r\n")}\r\n`;
}

for (const button of document.querySelectorAll("[data-export]")) {
  button.addEventListener("click", async () => {
    const response = await fetch(button.dataset.url).catch(() => null);
    const result = document.querySelector("[data-export-result]");
    if (!response?.ok || response.redirected) {
      result.textContent = words.notExported;
      return;
    }
    const data = await response.json();
    const text = await table(data);
    if (button.dataset.export === "csv") saveFile("messages.csv", "text/csv", text);
    else saveFile("messages.csv.age", "application/octet-stream", await encryptFor(current.public, text));
    const left = data.messages.filter(({ key }) => !opened[key]).length;
    result.textContent = left ? words.leftOut : words.exported;
  });
}

opened = await kept(words.secret);
if (opened[current.pk]) await show();
else opened = {};
inbox.hidden = false;
