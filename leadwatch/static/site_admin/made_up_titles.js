// Proposes a readable title when a file is chosen, or none if a camera, a phone or a scanner named the file.
for (const name of ["wagtail:images-upload", "wagtail:documents-upload"]) {
  document.addEventListener(name, (event) => {
    const field = event.target.querySelector("[data-made-up-names]");
    if (!field) return;
    const { data } = event.detail;
    const title = data.title.replace(/[\s_]+/g, " ").trim();
    if (new RegExp(field.dataset.madeUpNames, "i").test(title)) event.preventDefault();
    data.title = title.charAt(0).toUpperCase() + title.slice(1);
  });
}
