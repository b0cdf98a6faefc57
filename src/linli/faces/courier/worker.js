// The courier's browser without a network: the last pages are shown, and what is pressed is kept with its own time and
// key, and sent in its order. What the house refuses then is told in its words; the rest of the queue goes on.
const KEEP = "courier-pages";
const BUNDLES = [KEPT_FROM_THE_START];
const WHERE = "/c/";
const MOST_AHEAD = 8;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEEP).then((kept) => kept.addAll(BUNDLES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(home)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "GET" && (pathname.startsWith("/a/") || (request.mode === "navigate" && pathname.startsWith(WHERE)))) {
    event.respondWith(looked(request));
  } else if (request.method === "POST" && request.mode === "navigate" && pathname.startsWith(WHERE)) {
    event.respondWith(pressed(request));
  }
});

self.addEventListener("message", (event) => {
  if (event.data.what === "send") event.waitUntil(send(event.data.who));
});

async function looked(request) {
  const kept = await caches.open(KEEP);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      await kept.put(request.url, answer.clone());
      if (new URL(request.url).pathname === WHERE) ahead(kept, answer.clone());
    }
    return answer;
  } catch (broken) {
    const known = (await kept.match(request.url)) ?? (await kept.match(new URL(WHERE, location).href));
    if (known) return known;
    throw broken;
  }
}

// The first page was shown before there was a worker to keep it.
async function home() {
  const answer = await fetch(WHERE).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const kept = await caches.open(KEEP);
  await kept.put(new URL(WHERE, location).href, answer.clone());
  await ahead(kept, answer);
}

// The pages of the next orders are kept before the lift's doors close.
async function ahead(kept, answer) {
  const found = new Set([...(await answer.text()).matchAll(/href="(\/c\/tasks\/[^"]+)"/g)].map((each) => each[1]));
  for (const page of [...found].slice(0, MOST_AHEAD)) {
    const order = await fetch(page).catch(() => null);
    if (order?.ok && !order.redirected) await kept.put(new URL(page, location).href, order);
  }
}

async function pressed(request) {
  const later = request.clone();
  try {
    if ((await all("waiting")).length) throw new TypeError("what was pressed before goes first");
    return await fetch(request);
  } catch {
    const fields = [...(await later.formData()).entries()];
    if (!fields.some(([name]) => name === "once")) fields.push(["once", crypto.randomUUID()]);
    fields.push(["said_at", new Date().toISOString()]);
    await put("waiting", { url: later.url, fields });
    return Response.redirect(WHERE, 303);
  }
}

let sending = null;
function send(who) {
  sending ??= sent(who).finally(() => { sending = null; });
  return sending;
}

async function sent(who) {
  const last = await get("known", "who");
  if (who && last && last !== who) await forget();
  if (who) await set("known", "who", who);
  for (const each of await all("waiting")) {
    const body = new FormData();
    for (const [name, value] of each.fields) body.append(name, value);
    let answer;
    try {
      answer = await fetch(each.url, { method: "POST", body, headers: { "HX-Request": "true" } });
    } catch {
      break;
    }
    if (answer.status >= 500 || answer.status === 429) break;
    if (!answer.ok) await put("refused", { words: plain(await answer.text()), at: Date.now() });
    await drop("waiting", each.key);
  }
  await told();
}

async function told() {
  const recent = (await all("refused")).filter((each) => Date.now() - each.at < 600000);
  const queue = { waiting: (await all("waiting")).length, refused: recent.map((each) => each.words) };
  for (const client of await self.clients.matchAll()) client.postMessage({ queue });
}

function plain(html) {
  const [, wrong] = html.match(/class="field-error"[^>]*>([\s\S]*?)<\/p>/) ?? [];
  const main = wrong ?? (html.includes("<main") ? html.slice(html.indexOf("<main")) : html);
  return main.replace(/<svg[\s\S]*?<\/svg>|<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 200);
}

function base() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("courier", 1);
    asked.onupgradeneeded = () => {
      for (const name of ["waiting", "refused"]) asked.result.createObjectStore(name, { keyPath: "key", autoIncrement: true });
      asked.result.createObjectStore("known");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run(store, mode, act) {
  const open = await base();
  return new Promise((resolve, reject) => {
    const asked = act(open.transaction(store, mode).objectStore(store));
    asked.onsuccess = () => { open.close(); resolve(asked.result); };
    asked.onerror = () => { open.close(); reject(asked.error); };
  });
}

const all = (store) => run(store, "readonly", (rows) => rows.getAll());
const get = (store, key) => run(store, "readonly", (rows) => rows.get(key));
const put = (store, row) => run(store, "readwrite", (rows) => rows.add(row));
const set = (store, key, value) => run(store, "readwrite", (rows) => rows.put(value, key));
const drop = (store, key) => run(store, "readwrite", (rows) => rows.delete(key));
const forget = async () => { await caches.delete(KEEP); for (const name of ["waiting", "refused"]) await run(name, "readwrite", (rows) => rows.clear()); };
