// The pages that the worker kept on this phone, the latest first, each with the code that stands on it.
customElements.define("kept-pages", class extends HTMLElement {
  async connectedCallback() {
    document.documentElement.classList.toggle("large-text", document.cookie.includes("linli_text=large"));
    if (!globalThis.caches || !(await caches.has("owner-kept"))) return;
    const store = await caches.open("owner-kept");
    const rows = [];
    for (const { url } of await store.keys()) {
      const page = await store.match(url);
      const at = page.headers.get("Kept-At");
      if (at) rows.unshift(this.row(url, new Date(at), new DOMParser().parseFromString(await page.text(), "text/html")));
    }
    if (!rows.length) return;
    const list = this.querySelector("ul");
    list.replaceChildren(...rows);
    list.hidden = false;
    this.querySelector(".kept-pages-none").remove();
  }

  row(url, at, page) {
    const made = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
    const when = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const text = made("div", "list-row-text", "");
    const link = Object.assign(made("a", "list-row-link", page.title.split(" · ")[0]), { href: url });
    text.append(link, made("span", "list-row-about", this.dataset.seen.replace("{time}", when)));
    const row = made("li", "list-row", "");
    row.append(text);
    const code = page.querySelector(".code-digits")?.textContent;
    if (code) {
      const end = made("span", "list-row-end", "");
      end.append(made("span", "", code), made("span", "list-row-about", this.dataset.code));
      row.append(end);
    }
    return row;
  }
});
