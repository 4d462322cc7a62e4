// Asks about the images that were added at once one after the other, each beside its picture.
{
  let list = null;
  let asked = null;

  // The first field with an error, else the first field. When there are no more images, more can be chosen.
  const focusOn = (form) => {
    const field = "input:not([type=hidden]), textarea, select";
    const wrong = form?.querySelector(".error-message")?.closest(".w-field__wrapper");
    (wrong ?? form ?? document).querySelector(form ? field : "#fileupload").focus();
  };

  const goOn = async () => {
    for (const picture of list.querySelectorAll(".right > [data-preview]")) {
      picture.closest("li").querySelector(".thumb").replaceChildren(picture);
    }
    // Wagtail's field for tags has no label of its own.
    for (const input of list.querySelectorAll(".tagit-new input:not([aria-label])")) {
      input.ariaLabel = input.closest("[data-field-wrapper]").querySelector("label").textContent.trim();
    }
    const form = list.querySelector("form");
    if (form === asked) return;
    asked = form;
    // A picture that appears later would move the field out of sight.
    await form?.closest("li").querySelector("[data-preview]")?.decode().catch(() => {});
    if (form !== asked) return;
    // She may be typing elsewhere, but not in a form that has gone.
    const { activeElement } = document;
    if (activeElement === document.body || activeElement.closest(".drop-zone")) focusOn(form);
  };

  // Choosers load this, too.
  document.addEventListener("DOMContentLoaded", () => {
    list = document.getElementById("upload-list");
    if (list) new MutationObserver(goOn).observe(list, { childList: true, subtree: true });
  });
}
