// What was pressed without a network waits in the face's service worker; here it is said how much, and what was refused.
function made(name, words, more = {}) {
  const it = Object.assign(document.createElement(name), more);
  it.append(words);
  return it;
}

customElements.define("work-queue", class extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.worker || !("serviceWorker" in navigator)) return;
    const box = navigator.serviceWorker;
    this.hear = ({ data }) => data.queue && this.tell(data.queue);
    this.again = () => this.ask("send");
    box.addEventListener("message", this.hear);
    addEventListener("online", this.again);
    box.register(this.dataset.worker, { scope: this.dataset.within }).then(() => box.ready).then(() => this.ask("send"));
    this.timer = setInterval(this.again, 15000);
    if (this.dataset.positions && navigator.geolocation) {
      this.watch = navigator.geolocation.watchPosition((found) => this.place(found), () => {}, { enableHighAccuracy: true });
    }
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    removeEventListener("online", this.again);
    navigator.serviceWorker?.removeEventListener("message", this.hear);
    if (this.watch) navigator.geolocation.clearWatch(this.watch);
  }

  ask(what) {
    navigator.serviceWorker.controller?.postMessage({ what, who: this.dataset.who });
  }

  tell({ waiting, refused }) {
    const { kept, refused: not, typed, putAway } = this.dataset;
    this.hidden = !waiting.length && !refused.length;
    const lines = refused.map((each) => {
      const line = made("p", `${not} `);
      line.append(made("a", each.title || each.words, { href: each.page }));
      line.append(each.title ? ` ${each.words}` : "", each.typed ? ` ${typed} ${each.typed}` : "");
      return line;
    });
    const titles = waiting.filter(Boolean).slice(0, 8);
    if (waiting.length) lines.unshift(made("p", [`${kept} ${waiting.length}`, ...titles].join(" · ")));
    if (refused.length) lines.push(made("button", putAway, { type: "button", className: "button button-small", onclick: () => this.ask("put-away") }));
    this.replaceChildren(...lines);
  }

  place({ coords, timestamp }) {
    if (this.placed && timestamp - this.placed < 20000) return;
    this.placed = timestamp;
    const told = { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) };
    const body = new URLSearchParams({ ...told, said_at: new Date(timestamp).toISOString() });
    fetch(this.dataset.positions, { method: "POST", body }).catch(() => {});
  }
});
