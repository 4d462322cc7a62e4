// The next user must not see what somebody else has copied.
if (document.body.classList.contains("login")) localStorage.removeItem("copied-blocks");
