// Seals and opens texts in the browser, as files in the age format. home/sealing/files.py seals in the same way.
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "./age.js";

const SMALLEST = 1024;
const FACTOR = 4;
const STORED = "inbox-keys";

// The keys of the inbox, and the one that seals new texts. Their private keys are encrypted.
export const keys = JSON.parse(document.getElementById("inbox-keys").textContent);
export const current = keys.at(-1);

async function encrypt(content, choose) {
  const encrypter = new Encrypter();
  choose(encrypter);
  return armor.encode(await encrypter.encrypt(content));
}

async function decrypt(file, choose) {
  const decrypter = new Decrypter();
  choose(decrypter);
  return decrypter.decrypt(armor.decode(file), "text");
}

// Spaces at the end of JSON mean nothing, and hide its length.
function padded(text) {
  const bytes = new TextEncoder().encode(text);
  let size = SMALLEST;
  while (size < bytes.length) size *= FACTOR;
  const result = new Uint8Array(size).fill(32);
  result.set(bytes);
  return result;
}

// A file that only the private key opens.
export const encryptFor = (publicKey, content) => encrypt(content, (encrypter) => encrypter.addRecipient(publicKey));

export const seal = (publicKey, content) => encryptFor(publicKey, padded(JSON.stringify(content)));

export const unseal = async (privateKey, file) =>
  JSON.parse(await decrypt(file, (decrypter) => decrypter.addIdentity(privateKey)));

// The private keys that a passphrase opens, by their numbers.
export async function unlock(lockedKeys, passphrase) {
  const opened = {};
  for (const key of lockedKeys) {
    try {
      opened[key.pk] = (await decrypt(key.private, (decrypter) => decrypter.addPassphrase(passphrase))).trim();
    } catch {
      // Another key may have this passphrase.
    }
  }
  return opened;
}

// The private key in a file that only the passphrase opens.
export async function lock(privateKey, passphrase) {
  const file = await encrypt(`${privateKey}\n`, (encrypter) => encrypter.setPassphrase(passphrase));
  const { test } = await unlock([{ pk: "test", private: file }], passphrase);
  if (test !== privateKey) throw Error();
  return file;
}

export async function makeKey(passphrase) {
  const privateKey = await generateX25519Identity();
  const publicKey = await identityToRecipient(privateKey);
  // Never use a key that does not open what it has sealed.
  if ((await unseal(privateKey, await seal(publicKey, "test"))) !== "test") throw Error();
  return { public: publicKey, private: await lock(privateKey, passphrase) };
}

// The opened keys by their numbers, for this tab. Its storage alone does not reveal them: they are encrypted
// with the secret of the session, which the server forgets when the user signs out.
export async function keep(opened, secret) {
  const file = await encrypt(JSON.stringify(opened), (encrypter) => {
    encrypter.setPassphrase(secret);
    // The secret is random, so that slowing down guesses would only take time.
    encrypter.setScryptWorkFactor(1);
  });
  sessionStorage.setItem(STORED, file);
}

export async function kept(secret) {
  try {
    return JSON.parse(await decrypt(sessionStorage.getItem(STORED), (decrypter) => decrypter.addPassphrase(secret)));
  } catch {
    return {};
  }
}

export const forget = () => sessionStorage.removeItem(STORED);

// Lets the browser paint before the passphrase is tried, which takes a second or more.
export const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

export function say(output, words, isError = false) {
  output.classList.toggle("lw-wrong", isError);
  output.textContent = words;
}

export function saveFile(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
