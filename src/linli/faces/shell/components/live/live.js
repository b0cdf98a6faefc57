// A live part asks again when the live process hints at it; while no stream is open, by the clock. A tab that nobody
// sees neither looks nor listens, but for parts that are to stay awake (a board that rings).
const CALM_MS = 700, HIDDEN_MS = 30000, AGAIN_MS = 5000, AGAIN_MOST_MS = 300000, MOST = 8;
const asked = new WeakMap(), due = new WeakMap(), hinted = new WeakSet();
let stream = null, isOpen = false, ears = [], again = AGAIN_MS, later = 0;

// What a refusal says at its field stays until it is answered: the part as it would come anew knows nothing of it.
const isWanted = (part) => (!document.hidden || part.dataset.live === "awake") && !part.querySelector("[aria-invalid]");
const listening = () => [...document.querySelectorAll("[data-live][data-hears]")].filter(isWanted).slice(0, MOST);
const heard = (parts) => parts.map((part) => part.dataset.hears).join();

document.addEventListener("htmx:before:request", (event) => {
  const part = event.target;
  if (!part.matches?.("[data-live]")) return;
  const isEarly = isOpen && ears.includes(part) && Date.now() - (asked.get(part) ?? 0) < part.dataset.slow * 1000;
  if (!hinted.delete(part) && (isEarly || !isWanted(part))) event.preventDefault();
  else asked.set(part, Date.now());
});

function ask(part, spread) {
  if (due.has(part)) return;
  const calm = (asked.get(part) ?? 0) + CALM_MS - Date.now();
  due.set(part, setTimeout(() => {
    due.delete(part);
    if (!part.isConnected || !isWanted(part)) return;
    hinted.add(part);
    htmx.trigger(part, "hint");
  }, Math.max(Math.random() * spread, calm, 0)));
}

function listen() {
  stream?.close();
  clearTimeout(later);
  isOpen = false;
  ears = listening();
  const at = document.documentElement.dataset.stream;
  stream = at && ears.length ? new EventSource(place(at)) : null;
  if (!stream) return;
  stream.onopen = () => {
    isOpen = true;
    again = AGAIN_MS;
    ears.forEach((part) => ask(part, 0)); // what happened before, or meanwhile
  };
  stream.onmessage = (event) => {
    const [rung, spread] = event.data.split(" ").map(Number);
    ears.forEach((part, number) => { if (rung & (1 << number)) ask(part, spread); });
  };
  stream.onerror = () => {
    isOpen = false;
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    later = setTimeout(renew, again * (0.75 + Math.random() / 2));
    again = Math.min(again * 2, AGAIN_MOST_MS);
  };
}

function place(at) {
  const base = at.startsWith(":") ? `${location.protocol}//${location.hostname}${at}` : at;
  return `${base}?${ears.map((part) => `t=${encodeURIComponent(part.dataset.hears)}`).join("&")}`;
}

// What a page may listen to lasts an hour or two; the same page, fetched again by whoever is signed in, brings it anew.
async function renew() {
  try {
    const answer = await fetch(location.href, { headers: { "HX-Request-Type": "partial" } });
    if (!answer.ok) throw answer.status;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ears) part.dataset.hears = fresh.getElementById(part.id)?.dataset.hears ?? "";
    ears.filter((part) => !part.dataset.hears).forEach((part) => part.removeAttribute("data-hears"));
    listen();
  } catch {
    later = setTimeout(renew, again);
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) later = setTimeout(listen, HIDDEN_MS);
  else if (!isOpen || heard(listening()) !== heard(ears)) listen();
  else {
    clearTimeout(later);
    ears.forEach((part) => ask(part, 0));
  }
});
document.addEventListener("htmx:after:swap", () => { if (heard(listening()) !== heard(ears)) listen(); });
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", listen);
