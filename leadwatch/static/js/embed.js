// On a partner's page: puts a timeline after each script that asks for one, and keeps its frame as high as it is.
(() => {
  const options = ["category", "concern", "partner", "year", "q", "order", "limit"];
  options.push("theme", "accent", "layout", "zoom", "heading", "event", "lang");
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
      // Short names have no spaces, so spaces stand between them.
      for (const each of several.has(name) ? value.split(/\s+/) : [value]) address.searchParams.append(name, each);
    }
    const frame = document.createElement("iframe");
    frame.title = script.dataset.title || "Timeline";
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.style.width = "100%";
    frame.style.border = "0";
    // To begin with as high as the window: what follows is out of sight, so nothing seen moves as it grows.
    frame.style.height = `${innerHeight}px`;
    frame.src = address;
    // A frame that opens at an event scrolls by itself.
    const fits = !script.dataset.event;
    frame.addEventListener("load", () => fits && frame.contentWindow.postMessage(frame.offsetHeight, address.origin));
    frames.push({ frame, origin: address.origin });
    script.after(frame);
  }

  addEventListener("message", ({ source, origin, data }) => {
    const known = frames.find(({ frame }) => source && frame.contentWindow === source);
    if (known?.origin === origin && data > 0 && data < 1e6) known.frame.style.height = `${data}px`;
  });
})();
