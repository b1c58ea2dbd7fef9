// Searches while one types, and goes through the lieux by keyboard. The server's pages stay the only source of what is
// shown: each answer is a whole page, of which one part is taken. Without this script, everything works the same, but
// favourites and last look-ups: these are kept in this browser only, and never sent.
"use strict";

const WAIT = 250;
const MOST = 12;
const FAVOURITES = "aiguilleur.annuaire.favoris";
const RECENT = "aiguilleur.annuaire.recherches";
const field = document.getElementById("q");
const form = document.getElementById("recherche");
const said = document.getElementById("annonce");
const alerte = document.getElementById("alerte");
const memory = document.getElementById("memoire");
let timer = 0;
let asked = null;

document.documentElement.dataset.script = "";
document.querySelector(".clavier").hidden = false;
prepare();

// Asking

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, WAIT);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await search();
  remember(field.value);
});

document.addEventListener("change", (event) => {
  if (event.target.matches('#trouve input[type="checkbox"]')) search();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-recherche]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  follow(link);
});

async function search() {
  clearTimeout(timer);
  const given = [...new FormData(form)].filter(([, value]) => value.trim());
  await load(given.length ? `${form.action}?${new URLSearchParams(given)}` : form.action);
}

// A chip, a page or an example: the words of the field become those of the address.
async function follow(link) {
  const page = await load(link.href);
  if (!page) return;
  field.value = page.getElementById("q").value;
  if (link.matches(".bouton")) focusOn(document.getElementById("titre-lieux"));
  else field.focus();
}

// An answer that comes after the next question is not shown.
async function load(url) {
  asked?.abort();
  const mine = (asked = new AbortController());
  document.body.dataset.cherche = "";
  try {
    const response = await fetch(url, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine.signal.aborted) return null;
    if (!response.ok || !page.getElementById("trouve")) return complain(page.querySelector("#erreur p")?.textContent);
    show(page);
    history.replaceState(null, "", url);
    return page;
  } catch (error) {
    if (error.name !== "AbortError") complain("La connexion est coupée. Vérifiez-la, puis cherchez de nouveau.");
    return null;
  } finally {
    if (asked === mine) delete document.body.dataset.cherche;
  }
}

function show(page) {
  const focused = document.activeElement?.id;
  alerte.replaceChildren();
  document.getElementById("trouve").replaceWith(page.getElementById("trouve"));
  document.title = page.title;
  said.textContent = document.getElementById("trouve").dataset.annonce;
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  prepare();
}

function complain(sentence) {
  const box = Object.assign(document.createElement("p"), { className: "erreur" });
  box.textContent = sentence ?? "Réessayez dans quelques minutes.";
  alerte.replaceChildren(box);
  return null;
}

function focusOn(element) {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "start" });
}

// Keys

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...document.querySelectorAll(".lieux .vers")];
  const place = links.indexOf(document.activeElement);
  const inField = document.activeElement === field;
  if (event.key === "Escape" && !inField && document.activeElement?.closest("#trouve")) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "ArrowDown" && (inField || place >= 0) && place + 1 < links.length) {
    event.preventDefault();
    links[place + 1].focus();
  } else if (event.key === "ArrowUp" && place >= 0) {
    event.preventDefault();
    (links[place - 1] ?? field).focus();
  }
});

// What stays in this browser

document.addEventListener("click", (event) => {
  const star = event.target.closest(".favori");
  if (star) toggle(star.dataset);
  if (event.target.closest(".vers")) remember(field.value);
  if (event.target.id === "oublier") forget();
});

window.addEventListener("storage", prepare);

function toggle({ id, nom, commune, telephone }) {
  const others = read(FAVOURITES).filter((one) => one.id !== id);
  const added = others.length === read(FAVOURITES).length;
  write(FAVOURITES, added ? [{ id, nom, commune, telephone }, ...others] : others);
  said.textContent = `${nom} : ${added ? "ajouté aux" : "retiré des"} favoris`;
}

function remember(words) {
  const asked = words.trim();
  if (asked) write(RECENT, [asked, ...read(RECENT).filter((one) => one !== asked)].slice(0, MOST));
}

function forget() {
  write(FAVOURITES, []);
  write(RECENT, []);
  said.textContent = "Favoris et recherches oubliés";
  field.focus();
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

// A browser may refuse to keep anything: the look-up works without.
function write(key, values) {
  try {
    if (values.length) localStorage.setItem(key, JSON.stringify(values));
    else localStorage.removeItem(key);
  } catch {
    said.textContent = "Ce navigateur refuse de garder des favoris";
  }
  prepare();
}

// Shows what is kept, and the stars that only this script can use.
function prepare() {
  const favourites = read(FAVOURITES);
  const recent = read(RECENT);
  document.querySelectorAll(".favori").forEach((star) => {
    star.hidden = false;
    star.setAttribute("aria-pressed", String(favourites.some((one) => one.id === star.dataset.id)));
  });
  fill("favoris", favourites.map(favourite));
  fill("recentes", recent.map((words) => [link(words, `${form.action}?${new URLSearchParams({ q: words })}`, true)]));
  memory.hidden = !favourites.length && !recent.length;
}

function fill(id, lines) {
  const section = document.getElementById(id);
  section.hidden = !lines.length;
  section.querySelector("ul").replaceChildren(
    ...lines.map((parts) => {
      const line = document.createElement("li");
      line.append(...parts);
      return line;
    }),
  );
}

function favourite({ id, nom, commune, telephone }) {
  const parts = [link(`${nom}, ${commune}`, `/lieu/${encodeURIComponent(id)}/fiche`, false)];
  if (telephone) parts.push(link(french(telephone), `tel:${telephone}`, false));
  return parts;
}

function link(words, href, looksUp) {
  const made = Object.assign(document.createElement("a"), { textContent: words, href });
  if (looksUp) made.dataset.recherche = "";
  return made;
}

// "+33559287887" as it is said: "05 59 28 78 87".
function french(number) {
  return number.replace(/^\+33(?=\d{9}$)/, "0").replace(/^(0\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4 $5");
}
