// What is typed into a form is kept in this tab until it was sent: a dropped network, a reload or a slip loses nothing.
// Fields that say how they are completed are personal or secret, and are never kept; nor are passwords, codes and files.
const MARK = "draft ", SENT = "draft-sent";
const FIELDS = 'textarea, select, input:not([type]), input:is([type=text], [type=search], [type=number], [type=date], [type=time], [type="datetime-local"])';
const isKept = (field) => field.name && field.matches(FIELDS) && !field.matches('[autocomplete], [pattern="[0-9]*"]');
const fieldsOf = (form) => [...form.elements].filter(isKept);
const keyOf = (form) => `${MARK}${location.pathname} ${form.getAttribute("action")}`;
const stoodIn = (field) => field.matches("select") ? [...field.options].find((one) => one.defaultSelected)?.value ?? field.options[0]?.value : field.defaultValue;
const sure = new WeakSet();

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form || form.method !== "post" || !isKept(target)) return;
  const typed = fieldsOf(form).map((field) => [field.name, stoodIn(field), field.value]);
  try {
    if (typed.some(([, before, now]) => before !== now)) sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
    else sessionStorage.removeItem(keyOf(form));
  } catch { /* the tab keeps no more: the form itself still does */ }
});

addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.action.endsWith("/sign-out/")) forget();
  else sessionStorage.setItem(SENT, keyOf(form));
  if (navigator.onLine || sure.has(form) || isKeptByAWorker(form)) return;
  event.preventDefault(); // the browser's own page would take what was typed; a house on this machine answers all the same
  const isThere = await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (!isThere) return say("draft-is-kept");
  sure.add(form);
  form.requestSubmit(event.submitter);
});

function isKeptByAWorker(form) {
  const takes = document.querySelector("work-queue")?.dataset.takes;
  return takes && navigator.serviceWorker?.controller && new RegExp(takes).test(new URL(form.action).pathname);
}

document.addEventListener("htmx:error", ({ target }) => { if (target.matches?.("form")) say("draft-is-kept"); });
document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (target.matches?.("form") && detail.ctx.response?.status < 400) sessionStorage.removeItem(keyOf(target));
});

function say(words) {
  const notices = document.getElementById("notices"), said = document.querySelector(`[data-says=${words}]`);
  if (!notices || !said) return;
  notices.replaceChildren(said.content.cloneNode(true));
  notices.scrollIntoView({ block: "nearest" });
}

function forget() {
  Object.keys(sessionStorage).filter((key) => key.startsWith(MARK)).forEach((key) => sessionStorage.removeItem(key));
}

// A form that was sent leads elsewhere, comes back with what is wrong, or is answered where it was sent to: its draft has done its work.
const came = performance.getEntriesByType("navigation")[0], sent = sessionStorage.getItem(SENT);
const [from, to] = sent?.slice(MARK.length).split(" ") ?? [], isAnswer = from !== to && to === location.pathname && document.querySelector(`form[action="${to}"]`);
if (sent && (came?.redirectCount || isAnswer || document.querySelector("[aria-invalid]"))) sessionStorage.removeItem(sent);
sessionStorage.removeItem(SENT);
let isBack = false;
for (const form of document.forms) {
  const typed = form.method === "post" ? JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]") : [];
  for (const [number, field] of fieldsOf(form).entries()) {
    const [name, before, now] = typed[number] ?? [];
    if (name !== field.name || before !== stoodIn(field) || now === before) continue;
    field.value = now;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    isBack = true;
  }
}
if (isBack) say("draft-is-back");
