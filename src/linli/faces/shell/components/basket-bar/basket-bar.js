// A page that the browser brings back as it was left may show a basket that has changed since.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.getElementById("basket-bar")?.dispatchEvent(new Event("again"));
});
