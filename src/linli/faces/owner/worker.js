// The resident's browser without a network: the shell, the first page as it was last seen, and every order, pass and
// slip that was opened stay readable. They belong to one person: whoever else signs in on this phone finds none of them.
const SHELL = "owner-shell-VERSION", KEPT = "owner-kept";
const WHERE = "/o/", KNOWN = "/o/worker/known", HOME_LOCALE = "zh-hans";
const BUNDLES = [KEPT_FROM_THE_START];
const SHELLS = { "zh-hans": "/o/offline/zh-hans/", en: "/o/offline/en/" };
const ONE = "[0-9a-f]{8}-[0-9a-f-]{27}";
const READABLE = new RegExp(`^/o/((orders|visitors|parcels)/|(orders|visitors|permits/goods)/${ONE}/)?$`);
const MOST = 30, LONGEST_MS = 7 * 86400000;

self.addEventListener("install", (event) => event.waitUntil(settled()));
self.addEventListener("activate", (event) => event.waitUntil(swept().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (BUNDLES.includes(pathname)) event.respondWith(bundle(request, pathname));
  else if (request.mode === "navigate" && pathname.startsWith(WHERE)) event.respondWith(shown(event, request, pathname));
});

self.addEventListener("message", (event) => {
  const { pathname, origin } = new URL(event.data.keep ?? "/", location);
  if (origin === location.origin && READABLE.test(pathname)) event.waitUntil(again(pathname));
});

async function settled() {
  const shell = await caches.open(SHELL);
  await shell.addAll(BUNDLES);
  await Promise.all(Object.values(SHELLS).map(async (where) => {
    const answer = await fetch(where, { credentials: "omit", cache: "no-store" });
    if (answer.ok && !answer.redirected) await shell.put(where, answer);
  }));
  await self.skipWaiting();
}

async function swept() {
  for (const name of await caches.keys()) if (name.startsWith("owner-shell-") && name !== SHELL) await caches.delete(name);
}

async function bundle(request, pathname) {
  return (await caches.match(pathname, { cacheName: SHELL })) ?? fetch(request);
}

async function shown(event, request, pathname) {
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return (await kept(pathname)) ?? (await shellPage()) ?? Response.error();
  }
  if (answer.ok && answer.type === "basic") event.waitUntil(seen(answer.clone(), pathname));
  return answer;
}

async function again(pathname) {
  const answer = await fetch(pathname).catch(() => null);
  if (answer?.ok && !answer.redirected) await seen(answer, pathname);
}

async function seen(answer, pathname) {
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return;
  const text = await answer.text();
  const who = text.match(/ data-who="([0-9a-f-]+)"/)?.[1];
  const known = await facts();
  if (who && known.who && known.who !== who) await caches.delete(KEPT);
  const lang = text.match(/<html lang="en"/) ? "en" : HOME_LOCALE;
  const store = await caches.open(KEPT);
  if (who && (who !== known.who || lang !== known.lang)) await store.put(KNOWN, Response.json({ who, lang }));
  if (!who || !READABLE.test(pathname)) return;
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set("Kept-At", new Date().toISOString());
  await store.delete(pathname);
  await store.put(pathname, new Response(text, { headers }));
  const pages = (await store.keys()).filter(({ url }) => !url.endsWith(KNOWN));
  for (const old of pages.slice(0, -MOST)) await store.delete(old);
}

async function kept(pathname) {
  const store = await caches.open(KEPT);
  const page = await store.match(pathname);
  if (!page) return null;
  const at = page.headers.get("Kept-At");
  if (Date.now() - Date.parse(at) > LONGEST_MS) {
    await store.delete(pathname);
    return null;
  }
  const text = (await page.text()).replace("<offline-shell ", `<offline-shell data-kept-at="${at}" `);
  return new Response(text, { headers: page.headers });
}

async function shellPage() {
  const { lang } = await facts();
  return caches.match(SHELLS[lang ?? HOME_LOCALE], { cacheName: SHELL });
}

async function facts() {
  const said = await caches.match(KNOWN, { cacheName: KEPT });
  return said ? said.json() : {};
}
