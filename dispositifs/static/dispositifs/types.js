// The type of a document proposes a niveau: said under the choice as soon as it changes, and in the
// choice of the niveau when nothing else is chosen there. The server says the same for what is saved.

function tell(select) {
  const { niveau, raison } = select.selectedOptions[0]?.dataset ?? {};
  const line = select.parentElement.querySelector(".type-propose");
  line.textContent = "";
  if (niveau) {
    const strong = document.createElement("strong");
    strong.textContent = niveau.toLowerCase();
    line.append("Niveau proposé\u00a0: ", strong, `. ${raison}`);
  }
  const scope = select.closest("[data-fichier]") ?? select.form;
  const proposed = scope?.querySelector('select[name$="niveau"] option[value=""]');
  if (proposed) {
    proposed.textContent = "Celui que propose le type" + (niveau ? `\u00a0: ${niveau.toLowerCase()}` : "");
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-types]")) tell(event.target);
});
document.querySelectorAll("select[data-types]").forEach(tell);
