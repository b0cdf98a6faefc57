// Minutes and seconds until a deadline; without scripts the minutes stand there. Longer waits are left in words.
customElements.define("count-down", class extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.tell(), 1000);
    this.tell();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tell() {
    const time = this.querySelector("time");
    const left = Math.floor((Date.parse(time.dateTime) - Date.now()) / 1000);
    if (left > 5400) return;
    const seconds = Math.max(0, left);
    time.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  }
});
