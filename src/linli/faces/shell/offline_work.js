// The phone of somebody who works on foot, without a network: the last pages are shown, and what is pressed is kept with
// its own time and key, and sent in its order. What the house then refuses is told in its words; the queue goes on.
const WORK = TOLD_BY_THE_HOUSE;
const KEEP = `${WORK.word}-pages`;
const PAGES = new RegExp(WORK.pages), PRESSES = new RegExp(WORK.presses);
const AHEAD = new RegExp(`(?:href|value)="(${WORK.ahead})"`, "g"), STEPS = new RegExp(`value="(${WORK.ahead})"`, "g");
const TYPED = WORK.sealed && new RegExp(WORK.sealed.typed);
const MOST_AHEAD = 24, MOST_PAGES = 100, FRESH_MS = 240000, LONGEST_MS = 45000;
const NOT_TYPED = ["once", "said_at", "then", "kind", "task", "code", "display_code", "lat", "lon"];
const fetched = new Map();

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEEP).then((kept) => kept.addAll(WORK.bundles)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(first)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  const isPage = request.mode === "navigate" && PAGES.test(pathname);
  if (request.method === "GET" && (pathname.startsWith("/a/") || isPage)) event.respondWith(looked(event, request));
  else if (request.method === "POST" && request.mode === "navigate" && (PRESSES.test(pathname) || TYPED?.test(pathname))) event.respondWith(pressed(request, pathname));
});

self.addEventListener("message", (event) => {
  const { what, who } = event.data;
  if (what === "send") event.waitUntil(send(who));
  if (what === "put-away") event.waitUntil(run("refused", "readwrite", (rows) => rows.clear()).then(told));
});

async function looked(event, request) {
  const kept = await caches.open(KEEP);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      await kept.put(request.url, answer.clone());
      if (request.mode === "navigate") event.waitUntil(ahead(kept, await answer.clone().text()));
    }
    return answer;
  } catch (broken) {
    const known = (await kept.match(request.url)) ?? (await unsealed(kept, request.url)) ?? (await kept.match(place(WORK.home)));
    if (known) return known;
    throw broken;
  }
}

// The page on which the worker was registered was shown before there was one to keep it.
async function first() {
  const kept = await caches.open(KEEP);
  for (const old of await kept.keys()) {
    const { pathname } = new URL(old.url);
    if (pathname.startsWith("/a/") && !WORK.bundles.includes(pathname)) await kept.delete(old);
  }
  const open = await self.clients.matchAll();
  const urls = new Set([place(WORK.home), ...open.map(({ url }) => url).filter((url) => PAGES.test(new URL(url).pathname))]);
  for (const url of urls) {
    const answer = await brought(kept, url);
    if (answer) await ahead(kept, answer);
  }
}

// What comes next is kept before the lift's doors close: what a page links to, and the steps (`value`) that lead on there.
async function ahead(kept, text) {
  for (const next of linked(text, AHEAD)) {
    for (const step of linked((await brought(kept, next)) ?? "", STEPS)) await brought(kept, step);
  }
  const pages = (await kept.keys()).filter(({ url }) => PAGES.test(new URL(url).pathname));
  for (const old of pages.slice(0, -MOST_PAGES)) await kept.delete(old);
}

function linked(text, which) {
  const found = new Set([...text.matchAll(which)].map(([, href]) => place(href.replaceAll("&amp;", "&"))));
  return [...found].filter((url) => Date.now() - (fetched.get(url) ?? 0) > FRESH_MS).slice(0, MOST_AHEAD);
}

async function brought(kept, url) {
  const answer = await fetch(url, { headers: { "HX-Request-Type": "partial" } }).catch(() => null); // what is to be said is said to whoever looks
  if (!answer?.ok) return null;
  fetched.set(url, Date.now());
  if (!answer.redirected) {
    await kept.put(url, answer.clone());
    return answer.text();
  }
  // "The next one" is an address that leads on: the way there is kept, and the page under its own address.
  if (!PAGES.test(new URL(answer.url).pathname)) return null;
  const text = await answer.text();
  await kept.put(answer.url, new Response(text, { headers: answer.headers }));
  await kept.put(url, Response.redirect(answer.url, 302));
  return text;
}

// A page behind a secret was kept under the secret's hash; now it is scanned, and the page belongs to its address.
async function unsealed(kept, url) {
  const [, before, after] = WORK.sealed?.scanned.match(/(.*)\*(.*)/) ?? [];
  const { pathname } = new URL(url);
  if (!before || !pathname.startsWith(before) || !pathname.endsWith(after)) return null;
  const secret = decodeURIComponent(pathname.slice(before.length, pathname.length - after.length));
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
  const mark = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  const at = (await kept.keys()).find((each) => each.url.endsWith(`/${mark}/`));
  if (!at) return null;
  const text = await (await kept.match(at)).text();
  return new Response(text.replaceAll(`${before}-${after}`, pathname), { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function pressed(request, pathname) {
  const now = new Date().toISOString();
  const later = [...(await request.clone().formData()).entries()];
  if (!later.some(([name]) => name === "once")) later.push(["once", crypto.randomUUID()]);
  try {
    if (PRESSES.test(pathname) && (await all("waiting")).length) throw new TypeError("what was pressed before goes first");
    return await fetch(request.url, { method: "POST", body: bodyOf(later), redirect: "manual", referrer: request.referrer, signal: AbortSignal.timeout(LONGEST_MS) });
  } catch {
    if (!PRESSES.test(pathname)) return Response.redirect(WORK.sealed.scanned.replace("*", encodeURIComponent(valueOf(later, "secret").trim())), 303);
    // A kept page brings its key again: the same press is the same request, and another one needs a key of its own.
    const sisters = (await all("waiting")).filter((each) => valueOf(each.fields, "once") === valueOf(later, "once"));
    const isKept = sisters.some((each) => each.url === request.url && saidIn(each.fields) === saidIn(later));
    const fields = later.map(([name, value]) => [name, name === "once" && sisters.length ? crypto.randomUUID() : value]);
    fields.push(["said_at", now]);
    if (!isKept) await put("waiting", { url: request.url, page: request.referrer, title: await titleOf(request.referrer), fields });
    const then = valueOf(later, "then");
    return Response.redirect(then && PAGES.test(then.replace(/\?.*/, "")) ? then : WORK.home, 303);
  }
}

async function titleOf(url) {
  const page = await (await caches.open(KEEP)).match(url);
  const title = (await page?.text())?.match(/<title>([\s\S]*?) · [^·]*<\/title>/)?.[1] ?? "";
  return title.replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, word) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"' })[word]);
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
    let answer;
    try {
      answer = await fetch(each.url, { method: "POST", body: bodyOf(each.fields), headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(LONGEST_MS) });
    } catch {
      break;
    }
    if (answer.status >= 500 || answer.status === 429) break;
    if (!answer.ok) await put("refused", { title: each.title, page: each.page, words: plain(await answer.text()), typed: typedIn(each.fields) });
    await drop("waiting", each.key);
  }
  await told();
}

async function told() {
  const waiting = (await all("waiting")).map(({ title }) => title);
  const refused = (await all("refused")).map(({ title, page, words, typed }) => ({ title, page, words, typed }));
  for (const client of await self.clients.matchAll()) client.postMessage({ queue: { waiting, refused } });
}

function bodyOf(fields) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return body;
}

const place = (path) => new URL(path, location).href;
const valueOf = (fields, name) => String(fields.find(([each]) => each === name)?.[1] ?? "");
const saidIn = (fields) => JSON.stringify(fields.filter(([name, value]) => typeof value === "string" && name !== "said_at"));
const typedIn = (fields) => fields.filter(([name, value]) => typeof value === "string" && value && !NOT_TYPED.includes(name)).map(([, value]) => value).join(" · ");

function plain(html) {
  const [, wrong] = html.match(/class="field-error"[^>]*>([\s\S]*?)<\/p>/) ?? [];
  const main = wrong ?? (html.includes("<main") ? html.slice(html.indexOf("<main")) : html);
  return main.replace(/<svg[\s\S]*?<\/svg>|<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 200);
}

function base() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(WORK.word, 1);
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
const forget = async () => { fetched.clear(); await caches.delete(KEEP); for (const name of ["waiting", "refused"]) await run(name, "readwrite", (rows) => rows.clear()); };
