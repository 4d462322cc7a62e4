// At the sign-in: the next user must not see what somebody else has copied, or opened in the inbox.
if (document.body.classList.contains("login")) {
  localStorage.removeItem("copied-blocks");
  sessionStorage.removeItem("inbox-keys");
  new BroadcastChannel("inbox").postMessage("lock");
}
