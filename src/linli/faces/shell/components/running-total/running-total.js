// What the chosen things of this form come to; only to be seen, the house reckons for itself.
customElements.define("running-total", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form?.addEventListener("change", () => this.reckon());
    this.form?.addEventListener("input", () => this.reckon());
    this.reckon();
  }

  reckon() {
    const chosen = [...this.form.querySelectorAll("[data-price]")].filter((input) => input.type === "hidden" || input.checked);
    const quantity = Math.max(1, Number(this.form.elements.quantity?.value) || 1);
    const minor = quantity * chosen.reduce((sum, input) => sum + Number(input.dataset.price), 0);
    const whole = Math.floor(minor / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    const money = this.querySelector(".money");
    const cents = money.querySelector(".money-cents");
    const text = "." + String(minor % 100).padStart(2, "0");
    if (money.firstChild.data === "\u00a5" + whole && cents.textContent === text) return;
    money.firstChild.data = "\u00a5" + whole;
    cents.textContent = text;
  }
});
