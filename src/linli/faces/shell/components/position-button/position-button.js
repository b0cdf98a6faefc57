// Fills two fields with where the browser says it is; without scripts or a position there is no button.
customElements.define("position-button", class extends HTMLElement {
  connectedCallback() {
    if (!navigator.geolocation) return;
    this.hidden = false;
    const status = this.querySelector("[role=status]");
    this.querySelector("button").addEventListener("click", () => {
      status.textContent = "";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          document.getElementById(this.dataset.lat).value = coords.latitude.toFixed(6);
          document.getElementById(this.dataset.lon).value = coords.longitude.toFixed(6);
        },
        () => { status.textContent = status.dataset.failed; },
        { timeout: 10000 },
      );
    });
  }
});
