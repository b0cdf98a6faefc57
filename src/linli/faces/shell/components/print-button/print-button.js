// The browser prints; without scripts its own menu does, so the button appears with them.
document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
