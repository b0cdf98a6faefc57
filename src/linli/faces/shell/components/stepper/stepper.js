// The buttons change the number and say so, as typing would.
customElements.define("quantity-stepper", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]")?.dataset.step;
      const input = this.querySelector("input");
      if (!step || !input) return;
      const before = input.value;
      Number(step) > 0 ? input.stepUp() : input.stepDown();
      if (input.value !== before) {
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
});
