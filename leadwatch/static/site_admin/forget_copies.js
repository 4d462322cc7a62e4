// Whoever signs in next finds nothing that somebody else has copied.
if (document.body.classList.contains("login")) localStorage.removeItem("copied-blocks");
