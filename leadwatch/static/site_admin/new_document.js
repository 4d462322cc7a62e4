// On the screen for many files: once the title of a file is saved, a link leads to a new document about it.
{
  const sent = new Map();

  const offer = (list, field, key) => {
    const line = document.createElement("p");
    const link = Object.assign(document.createElement("a"), {
      className: "button button-small button-secondary",
      href: field.dataset.newDocument + key,
      textContent: field.dataset.words,
    });
    line.className = "lw-new-document";
    line.append(`${field.value} `, link);
    list.before(line);
    // The form goes, and the focus with it.
    link.focus();
  };

  // Choosers load this, too.
  document.addEventListener("DOMContentLoaded", () => {
    const list = document.getElementById("upload-list");
    if (!list) return;
    list.addEventListener("submit", ({ target }) => sent.set(target.action, target.querySelector("[data-new-document]")), true);
    // Wagtail sends the form with jQuery, and removes it after a success.
    window.jQuery(document).on("ajaxSuccess", (_event, _request, { url }, answer) => {
      if (answer.success && sent.get(url)) offer(list, sent.get(url), answer.doc_id);
    });
  });
}
