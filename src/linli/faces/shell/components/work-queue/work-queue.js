// What was pressed without a network waits in the face's service worker; here it is said how much, and what was refused.
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
    this.hidden = !waiting && !refused.length;
    const lines = refused.map((words) => `${this.dataset.refused} ${words}`);
    if (waiting) lines.unshift(`${this.dataset.kept} ${waiting}`);
    this.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  }

  place({ coords, timestamp }) {
    if (this.placed && timestamp - this.placed < 20000) return;
    this.placed = timestamp;
    const told = { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) };
    const body = new URLSearchParams({ ...told, said_at: new Date(timestamp).toISOString() });
    fetch(this.dataset.positions, { method: "POST", body }).catch(() => {});
  }
});
