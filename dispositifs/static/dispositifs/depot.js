// The drop zone: files dropped anywhere on it, or chosen, are sent at once by the ordinary form.
// Without JavaScript the same form has its button.

for (const form of document.querySelectorAll("form[data-depot]")) {
  const input = form.querySelector("input[type=file]");
  const state = form.querySelector("[data-depot-etat]");

  const send = () => {
    if (!input.files.length) return;
    const count = input.files.length;
    state.textContent = count === 1 ? "Envoi d’un fichier…" : `Envoi de ${count} fichiers…`;
    form.requestSubmit();
  };

  form.querySelector("[data-depot-glisser]").hidden = false;
  form.querySelector("button[type=submit]").hidden = true;
  input.addEventListener("change", send);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("depot--survol");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("depot--survol");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("depot--survol");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
}
