// Cleans text pasted from word processors before the rich text editor reads it.
{
  const SCHEMES = ["http:", "https:", "mailto:", "tel:"];
  const DETOURS = [
    [/(^|\.)google\.[a-z.]{2,6}$/, /^\/url$/, ["q", "url"]],
    [/\.safelinks\.protection\.(outlook|office365)\.(com|us)$/, /^\/$/, ["url"]],
    [/^lm?\.(facebook|instagram)\.com$/, /^\//, ["u"]],
  ];
  // Comments, deleted text and the list of comments at the end of a Word document.
  const NOT_ITS_TEXT =
    "script, style, del[cite], .MsoCommentReference, a[href^='#_msocom'], a[href^='#cmnt'], [style*='comment-list'], " +
    "a[href^='#footnote-ref'], a[href^='#endnote-ref']";
  const PICTURES = "img, picture, svg, object";
  const MARKER = "[style*='mso-list:Ignore' i], [style*='mso-list: Ignore' i]";
  const HAS_BLOCKS = "h1, h2, h3, h4, h5, h6, table";
  const NORMAL = /(^|;)\s*font-weight:\s*(normal|[1-4]00)\s*(;|$)/i;

  const urlOf = (address) => {
    try {
      return new URL(address, location.href);
    } catch {
      return null;
    }
  };

  const direct = (url) => {
    for (const [host, path, names] of DETOURS) {
      if (!host.test(url.hostname) || !path.test(url.pathname)) continue;
      const target = urlOf(names.map((name) => url.searchParams.get(name)).find(Boolean) ?? "");
      if (target && /^https?:$/.test(target.protocol) && target.host !== location.host) return direct(target);
    }
    return url;
  };

  // The target of a link; null if visitors cannot open it, such as a footnote or a file on somebody's computer.
  const target = (address) => {
    const url = urlOf(address.trim().replace(/^www\./i, "https://$&"));
    if (!url || !SCHEMES.includes(url.protocol) || address.trim().startsWith("#")) return null;
    const led = direct(url);
    const admin = location.pathname.match(/^\/[^/]+\//)[0];
    return led.host === location.host && led.pathname.startsWith(admin) ? null : led.href;
  };

  // Keep only the text of a link, and put the number of a footnote in brackets.
  const unlink = (link) => {
    const words = link.textContent.trim();
    if (/^(\d{1,4}|[ivxl]{1,7})$/.test(words)) link.replaceWith(`[${words}]`);
    else if (!words) link.remove();
    else link.replaceWith(...link.childNodes);
  };

  // Word has no list elements, but paragraphs that begin with a bullet or a number. Deeper levels become one.
  const makeLists = (body) => {
    const made = new Set();
    for (const marker of body.querySelectorAll(MARKER)) {
      const item = marker.closest("p");
      if (!item) continue;
      // Some bullets are letters of another font, but a letter that counts has a period or bracket.
      const kind = /\d|\w[.)]/.test(marker.textContent) ? "ol" : "ul";
      const isDeeper = /mso-list:[^;]*level[2-9]/i.test(item.getAttribute("style"));
      marker.remove();
      let list = item.previousElementSibling;
      if (!made.has(list) || !(isDeeper || list.matches(kind))) {
        list = document.createElement(kind);
        made.add(list);
        item.before(list);
      }
      const row = document.createElement("li");
      row.append(...item.childNodes);
      list.append(row);
      item.remove();
    }
  };

  const clean = (html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    body.querySelectorAll(NOT_ITS_TEXT).forEach((part) => part.remove());
    for (const part of body.querySelectorAll("p")) {
      if (!part.textContent.trim() && !part.querySelector(PICTURES)) part.remove();
    }
    makeLists(body);
    // Google Docs wraps everything in a bold element with a normal font weight.
    for (const part of body.querySelectorAll("b, strong")) {
      if (NORMAL.test(part.getAttribute("style") ?? "")) part.replaceWith(...part.childNodes);
    }
    for (const link of body.querySelectorAll("a[href]")) {
      const href = target(link.getAttribute("href"));
      if (href) link.setAttribute("href", href);
      else unlink(link);
    }
    return body.innerHTML;
  };

  const cleanPaste = (event) => {
    const html = event.clipboardData?.getData("text/html");
    // The editor itself handles text copied from another one of its kind.
    if (!html || html.includes("data-draftjs-conductor") || !event.target.closest?.(".Draftail-Editor")) return;
    const cleaned = clean(html);
    const stream = event.target.closest("[data-takes-text]");
    if (stream && new DOMParser().parseFromString(cleaned, "text/html").querySelector(HAS_BLOCKS)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.target.dispatchEvent(new CustomEvent("text-pasted", { bubbles: true, detail: cleaned }));
      return;
    }
    const data = new DataTransfer();
    data.setData("text/html", cleaned);
    data.setData("text/plain", event.clipboardData.getData("text/plain"));
    Object.defineProperty(event, "clipboardData", { value: data });
  };

  window.cleanPastedText = clean;
  document.addEventListener("paste", cleanPaste, { capture: true });
}
