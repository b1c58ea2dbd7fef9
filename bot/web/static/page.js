// Sends the page's forms without leaving it. The server's pages stay the only source of what is shown:
// each answer is a whole page, of which the new parts are taken. Without this script, everything works the same.
"use strict";

const journal = document.getElementById("journal");
const alerte = document.getElementById("alerte");
const attente = document.getElementById("attente");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const touch = matchMedia("(pointer: coarse)");
let busy = false;
let patience = 0;

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!busy) send(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "texte" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

async function send(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.append(button.name, button.value);
  wait(true);
  try {
    const response = await fetch(form.action, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok) refuse(page);
    else if (!page.getElementById("journal")) location.assign(response.url);
    else show(page, form.id === "redaction");
  } catch {
    complain("La connexion est coupée", "Votre message est gardé. Vérifiez la connexion, puis envoyez-le de nouveau.");
  } finally {
    wait(false);
  }
}

// Said only when the answer is slow to come: a flash of words on every message would be noise.
function wait(waiting) {
  busy = waiting;
  document.body.toggleAttribute("data-attente", waiting);
  clearTimeout(patience);
  attente.textContent = "";
  if (waiting) patience = setTimeout(() => (attente.textContent = "Un instant…"), 600);
}

function show(page, written) {
  alerte.replaceChildren();
  journal.querySelectorAll(".choix").forEach((old) => old.remove());
  document.querySelectorAll("main > .choix, .accueil").forEach((old) => old.remove());
  document.getElementById("reponse")?.removeAttribute("id");
  const fresh = [...page.querySelectorAll("#journal > *")];
  journal.append(...fresh);
  const panel = page.getElementById("compris");
  if (panel) document.getElementById("compris").replaceWith(panel);
  document.getElementById("redaction").replaceWith(page.getElementById("redaction"));
  document.title = page.title;
  arrive(fresh, written);
}

// The answer is read aloud by the log. The focus stays in the field for who writes; for who pressed a button that is
// gone, and on a touch screen, where the keyboard would hide the answer, it goes to the answer.
function arrive(fresh, written) {
  const answer = document.getElementById("reponse");
  const target = written && !touch.matches ? document.getElementById("texte") : answer;
  target?.focus({ preventScroll: true });
  (fresh[0] ?? answer)?.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
}

function refuse(page) {
  const token = page.querySelector('[name="jeton"]')?.value;
  if (token) document.querySelectorAll('[name="jeton"]').forEach((field) => (field.value = token));
  const sentence = page.querySelector("#erreur p")?.textContent;
  complain(page.querySelector("#erreur h1")?.textContent ?? "Pardon", sentence ?? "Réessayez dans quelques minutes.");
}

function complain(title, sentence) {
  const box = document.createElement("div");
  box.className = "erreur";
  box.append(Object.assign(document.createElement("h2"), { textContent: title }));
  box.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  alerte.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}
