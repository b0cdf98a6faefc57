// A face's worker keeps what was seen; here it is said when the network is gone, and how old a kept page is.
customElements.define("offline-shell", class extends HTMLElement {
  connectedCallback() {
    this.hear = () => this.tell();
    addEventListener("online", this.hear);
    addEventListener("offline", this.hear);
    this.tell();
    if ("forgets" in this.dataset) return void globalThis.caches?.delete("owner-kept");
    const box = navigator.serviceWorker;
    if (!box || !this.dataset.worker) return;
    if (!box.controller) box.addEventListener("controllerchange", () => this.keep(), { once: true });
    box.register(this.dataset.worker, { scope: this.dataset.within }).catch(() => {});
    this.changed = ({ target }) => target.closest?.("[data-live]") && this.soon();
    document.addEventListener("htmx:after:swap", this.changed);
  }

  disconnectedCallback() {
    removeEventListener("online", this.hear);
    removeEventListener("offline", this.hear);
    document.removeEventListener("htmx:after:swap", this.changed);
    clearTimeout(this.timer);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 2000);
  }

  keep() {
    if (navigator.onLine) navigator.serviceWorker.controller?.postMessage({ keep: location.pathname });
  }

  tell() {
    const { keptAt, kept, gone, afresh } = this.dataset;
    this.hidden = navigator.onLine && !keptAt;
    if (this.hidden) return;
    const when = keptAt && new Date(keptAt).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const words = Object.assign(document.createElement("span"), { textContent: keptAt ? kept.replace("{time}", when) : gone });
    const link = Object.assign(document.createElement("a"), { href: location.href, textContent: afresh });
    this.replaceChildren(words, ...(keptAt ? [link] : []));
  }
});
