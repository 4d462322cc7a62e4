// How strictly tests/test_valid_html.py reads our pages. What is turned off or eased says why.
export default {
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    "no-style-tag": "error",
    "no-unknown-elements": "error",
    // Tags of templates leave lines empty; the compression takes them.
    "no-trailing-whitespace": "off",
    // What is of this origin can change with it.
    "require-sri": ["error", { target: "crossorigin" }],
    // Django's own lists of choices put a field into its label and name it there, too.
    "no-redundant-for": "off",
    // Several choices go under one name in a query string.
    "form-dup-name": ["error", { shared: ["button", "checkbox", "radio", "reset", "submit"] }],
    // A list may have a name, says ARIA 1.2.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
  },
};
