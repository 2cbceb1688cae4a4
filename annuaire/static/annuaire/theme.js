// Light or dark, as the system asks. Runs before the first paint; the colours are those of the DSFR.
const dark = matchMedia("(prefers-color-scheme: dark)");
const apply = () => document.documentElement.setAttribute("data-fr-theme", dark.matches ? "dark" : "light");
apply();
dark.addEventListener("change", apply);
