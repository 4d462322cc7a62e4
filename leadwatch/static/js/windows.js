// In a timeline of several windows: go to the window with the event that a link (#event-…) names. Only the server knows
// which one that is, and browsers don't send the fragment.
function arrive() {
  const slug = location.hash.match(/^#event-([-\w%]+)$/)?.[1];
  if (!slug || document.getElementById(decodeURIComponent(`event-${slug}`))) return;
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.delete("page");
  address.searchParams.set("event", decodeURIComponent(slug));
  location.replace(address);
}

arrive();
addEventListener("hashchange", arrive);
