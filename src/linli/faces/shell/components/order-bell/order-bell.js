// Rings when a card appears in the watched column that was not there before. Nothing sounds before the first press.
customElements.define("order-bell", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    this.hidden = false;
    this.seen = this.cards();
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      this.sound = on ? this.sound ?? new AudioContext() : this.sound;
      this.on = on;
      if (on) this.ring();
    });
    this.watcher = new MutationObserver(() => this.look());
    this.watcher.observe(document.getElementById("main"), { childList: true, subtree: true });
  }

  disconnectedCallback() { this.watcher?.disconnect(); }

  cards() {
    return new Set([...document.querySelectorAll(`#${this.dataset.watches} article[id]`)].map((card) => card.id));
  }

  look() {
    const now = this.cards();
    const isNew = [...now].some((id) => !this.seen.has(id));
    this.seen = now;
    if (isNew && this.on) this.ring();
  }

  ring() {
    for (const [pitch, after] of [[880, 0], [1175, 0.18]]) {
      const tone = this.sound.createOscillator(), loud = this.sound.createGain(), at = this.sound.currentTime + after;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.2, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
      tone.connect(loud).connect(this.sound.destination);
      tone.start(at);
      tone.stop(at + 0.4);
    }
  }
});
