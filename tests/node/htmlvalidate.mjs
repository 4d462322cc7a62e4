// Rules for tests/test_valid_html.py, with the reason for each exception.
export default {
  // The HTML standard allows `blocking` with rel="expect", which html-validate does not know.
  elements: ["html5", { link: { attributes: { blocking: { enum: ["render"], allowed: () => null } } } }],
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    "no-style-tag": "error",
    "no-unknown-elements": "error",
    // Template tags leave empty lines, which compression removes.
    "no-trailing-whitespace": "off",
    // Files of the same origin need no integrity check.
    "require-sri": ["error", { target: "crossorigin" }],
    // Django puts the fields of a list of choices into their labels, and also refers to them with `for`.
    "no-redundant-for": "off",
    // Several checkboxes have the same name in a query string.
    "form-dup-name": ["error", { shared: ["button", "checkbox", "radio", "reset", "submit"] }],
    // ARIA 1.2 allows names for lists.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
  },
};
