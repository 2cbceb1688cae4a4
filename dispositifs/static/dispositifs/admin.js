// Completeness links: open the tab that holds the field, then put the cursor in it.
// Without JavaScript they stay plain anchors.

function openTabOf(target) {
  const panel = target.closest('[role="tabpanel"]');
  if (!panel) return;
  const tab = document.querySelector(`[role="tab"][aria-controls="${panel.id}"], [role="tab"][href="#${panel.id}"]`);
  if (tab) tab.click();
}

function fieldOf(anchor) {
  const name = anchor.replace(/^id_/, "");
  return (
    document.getElementById(anchor) ||
    document.getElementById(`${anchor}_0`) ||
    document.querySelector(`[data-contentpath="${CSS.escape(name)}"]`) ||
    document.getElementById(`${anchor}-FORMS`)
  );
}

function goTo(anchor) {
  const target = fieldOf(anchor);
  if (!target) return false;
  openTabOf(target);
  const shown = target.closest("[data-panel]") || target;
  requestAnimationFrame(() => {
    shown.scrollIntoView({ block: "center" });
    const FIELD = "input:not([type=hidden]), select, textarea, [contenteditable=true]";
    const input = target.matches(FIELD)
      ? target
      : shown.querySelector(FIELD) || shown.querySelector("button");
    (input || shown).focus({ preventScroll: true });
  });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-vers-champ]");
  if (link && goTo(link.dataset.versChamp)) event.preventDefault();
});

// From the list: /admin/pages/12/edit/#id_resume
if (location.hash.startsWith("#id_")) {
  window.addEventListener("load", () => setTimeout(() => goTo(location.hash.slice(1)), 300));
}
