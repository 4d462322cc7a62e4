// Opens sealed messages in this tab, once the passphrase is typed, and seals notes.
import { current, encryptFor, forget, keep, kept, keys, painted, saveFile, say, seal, unlock, unseal } from "./sealing.js";

const LONGEST_BEGINNING = 90;
// Milliseconds without use after which the inbox is locked.
const IDLE = 15 * 60 * 1000;
// What this tab stores: when the inbox was last used, and a note that was being typed, sealed.
const USED = "inbox-used";
const DRAFT = `inbox-note ${location.pathname}`;

const inbox = document.querySelector("[data-inbox]");
const words = inbox.dataset;
const form = inbox.querySelector("form");
const status = inbox.querySelector("output");
const note = document.querySelector("[data-note]");
const text = note?.querySelector("textarea");
const make = (tag, content, values) => Object.assign(document.createElement(tag), { textContent: content }, values);
let opened = {};

const read = ({ key, sealed }) => unseal(opened[key], sealed);

const shows = {
  beginning(element, answers) {
    const first = (answers.map(([, answer]) => answer).find((answer) => answer.trim()) ?? "").replace(/\s+/g, " ").trim();
    if (first) element.textContent = first.length > LONGEST_BEGINNING ? `${first.slice(0, LONGEST_BEGINNING - 1)}…` : first;
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
  note(element, content) {
    element.textContent = content;
  },
};

async function show() {
  for (const element of document.querySelectorAll("[data-sealed]")) {
    if (opened[element.dataset.key]) shows[element.dataset.shows](element, await read(element.dataset));
    else element.textContent = words.earlier;
  }
  const draft = text && JSON.parse(sessionStorage.getItem(DRAFT));
  if (draft && opened[draft.key]) {
    text.value = await read(draft);
    sessionStorage.removeItem(DRAFT);
  }
  inbox.classList.add("lw-lock--open");
  say(status, words.opened);
  for (const element of document.querySelectorAll("[data-needs-key]")) element.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const passphrase = form.querySelector("input");
  say(status, words.opening);
  await painted();
  Object.assign(opened, await unlock(keys.filter(({ pk }) => !opened[pk]), passphrase.value));
  if (!opened[current.pk]) {
    say(status, Object.keys(opened).length ? words.newer : words.wrong, true);
    passphrase.select();
    return;
  }
  passphrase.value = "";
  await keep(opened, words.secret);
  await show();
  inbox.querySelector("[data-lock]").focus();
});

// Notes

note?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!text.value.trim()) return text.focus();
  const data = new FormData(note);
  data.set("key", current.pk);
  data.set("text", await seal(current.public, text.value));
  const response = await fetch(note.action, { method: "POST", body: data }).catch(() => null);
  // The sign-in page has another status.
  if (response?.status === 204) location.reload();
  else say(note.querySelector("output"), words.notSaved, true);
});

// Locking

async function lock() {
  forget();
  for (const element of document.querySelectorAll("[data-sealed]")) element.textContent = words.locked;
  if (text?.value) {
    const typed = text.value;
    text.value = "";
    sessionStorage.setItem(DRAFT, JSON.stringify({ key: current.pk, sealed: await seal(current.public, typed) }));
  }
  // Loading the page again also removes the key from memory.
  location.reload();
}

const isIdle = () => Date.now() - sessionStorage.getItem(USED) > IDLE;

function use() {
  if (opened[current.pk] && isIdle()) lock();
  else sessionStorage.setItem(USED, Date.now());
}

inbox.querySelector("[data-lock]").addEventListener("click", lock);
// The user has signed out in another tab.
new BroadcastChannel("inbox").addEventListener("message", lock);
// The browser shows an earlier screen as it was left, but the inbox may have been locked since.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
for (const type of ["keydown", "pointerdown", "scroll"]) addEventListener(type, use, { capture: true, passive: true });
setInterval(() => opened[current.pk] && isIdle() && lock(), 10_000);

// Exports

const FORMULA = new RegExp(`^(?:${words.formula})`);
const guarded = (cell) => (FORMULA.test(cell) ? `'${cell}` : cell);
const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

async function table({ headings, notes, messages }) {
  const rows = [];
  for (const message of messages.filter(({ key }) => opened[key])) {
    const answers = new Map();
    for (const [question, answer] of await read(message)) {
      answers.set(question, answers.has(question) ? `${answers.get(question)}\n${answer}` : answer);
    }
    const texts = await Promise.all(message.notes.filter(({ key }) => opened[key]).map(read));
    rows.push({ facts: message.facts, answers, text: texts.join("\n") });
  }
  const questions = [...new Set(rows.flatMap(({ answers }) => [...answers.keys()]))];
  const lines = rows.map((row) => [...row.facts, ...questions.map((question) => row.answers.get(question) ?? ""), row.text]);
  lines.unshift([...headings, ...questions, notes]);
  // Programs for spreadsheets need the byte order mark to know the encoding.
  return `\ufeff${lines.map((cells) => cells.map((cell) => quoted(guarded(cell))).join(",")).join("\r\n")}\r\n`;
}

for (const button of document.querySelectorAll("[data-export]")) {
  button.addEventListener("click", async () => {
    const response = await fetch(button.dataset.url).catch(() => null);
    const result = document.querySelector("[data-export-result]");
    if (!response?.ok || response.redirected) {
      say(result, words.notExported, true);
      return;
    }
    const data = await response.json();
    const content = await table(data);
    if (button.dataset.export === "csv") saveFile("messages.csv", "text/csv", content);
    else saveFile("messages.csv.age", "application/octet-stream", await encryptFor(current.public, content));
    say(result, data.messages.every(({ key }) => opened[key]) ? words.exported : words.leftOut);
  });
}

if (isIdle()) forget();
use();
opened = await kept(words.secret);
if (opened[current.pk]) await show();
else opened = {};
inbox.hidden = false;
