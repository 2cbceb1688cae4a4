// « Imprimer » shows only where a script can print; the browser's own menu does the same.
for (const button of document.querySelectorAll("[data-imprimer]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
