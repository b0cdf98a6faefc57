// Browsers say when a page may be put on the first screen; Safari never says so, and is told by hand.
let offered = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  for (const each of document.querySelectorAll("install-button")) each.tell();
});
customElements.define("install-button", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", async () => {
      await offered?.prompt();
      offered = null;
      this.hidden = true;
    });
    this.tell();
  }

  tell() {
    const byHand = navigator.standalone === false;
    this.hidden = !offered && !byHand;
    this.querySelector("button").hidden = byHand;
    this.querySelector(".install-button-by-hand").hidden = !byHand;
  }
});
