// Nobody looks at a hidden tab: its polls wait until it is seen again.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.target.closest?.("[data-live]")) event.preventDefault();
});
