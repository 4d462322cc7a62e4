// On a partner's page: inserts a timeline after each script element, and sets the frame's height to its content.
(() => {
  const options = ["category", "concern", "partner", "year", "q", "order", "limit"];
  options.push("theme", "accent", "layout", "zoom", "heading", "event", "page", "lang");
  const several = new Set(["category", "concern", "partner"]);
  const frames = [];

  for (const script of document.querySelectorAll("script[data-timeline]:not([data-shown])")) {
    let address;
    try {
      address = new URL("embed/", script.dataset.timeline.replace(/\/?$/, "/"));
    } catch {
      continue;
    }
    if (!/^https?:$/.test(address.protocol)) continue;
    script.dataset.shown = "";
    for (const name of options) {
      const value = script.dataset[name];
      if (!value) continue;
      // Slugs have no spaces, so spaces separate them.
      for (const each of several.has(name) ? value.split(/\s+/) : [value]) address.searchParams.append(name, each);
    }
    const frame = document.createElement("iframe");
    frame.title = script.dataset.title || "Timeline";
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.style.width = "100%";
    frame.style.border = "0";
    // Start as high as the window. What follows is then out of view, so nothing visible moves as the frame grows.
    frame.style.height = `${innerHeight}px`;
    frame.src = address;
    // A frame that opens at an event scrolls.
    const fits = !script.dataset.event;
    let isOpen = false;
    frame.addEventListener("load", () => {
      if (fits) frame.contentWindow.postMessage(frame.offsetHeight, address.origin);
      // After a link to another part of the timeline, its beginning is above the window.
      if (isOpen && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
      isOpen = true;
    });
    frames.push({ frame, origin: address.origin });
    script.after(frame);
  }

  addEventListener("message", ({ source, origin, data }) => {
    const known = frames.find(({ frame }) => source && frame.contentWindow === source);
    if (known?.origin === origin && data > 0 && data < 1e6) known.frame.style.height = `${data}px`;
  });
})();
