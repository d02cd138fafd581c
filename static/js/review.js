// What script adds to the review desk: zoom, rotation, and one key for each decision.
"use strict";

const QUARTERS = 4;
const LOOK_MS = 1500; // no key decides on a page that has not stood for so long
const switchedOff = "review-keys-off";
const keys = document.querySelector("[data-keys]");
const wait = document.querySelector("[data-wait]");
let paper = document.querySelector(".review__paper"); // the one that Z and R turn
let hasStood = false;
let isSent = false;

for (const section of document.querySelectorAll(".review__paper")) arm(section);
if (keys) rememberSwitch();
document.addEventListener("keydown", press);
window.addEventListener("pageshow", stand); // also when Back brings the page again

function arm(section) {
  const tools = section.querySelector(".review__tools");
  if (!tools) return;
  tools.hidden = false;
  const choose = () => { paper = section; };
  section.addEventListener("pointerenter", choose);
  section.addEventListener("focusin", choose);
  tools.querySelector("[data-zoom]").addEventListener("click", () => zoom(section));
  tools.querySelector("[data-rotate]").addEventListener("click", () => rotate(section));
}

function zoom(section) {
  const button = section?.querySelector("[data-zoom]");
  if (!button) return;
  const isZoomed = section.classList.toggle("review__paper--zoomed");
  button.setAttribute("aria-pressed", isZoomed);
}

function rotate(section) {
  const image = section?.querySelector("img");
  if (!image) return;
  image.dataset.quarters = (Number(image.dataset.quarters ?? 0) + 1) % QUARTERS;
}

// Single keys can be switched off: speech input and shaky hands press them unwillingly.
function rememberSwitch() {
  keys.closest("[hidden]").hidden = false;
  try { keys.checked = !localStorage.getItem(switchedOff); } catch { /* storage is off */ }
  keys.addEventListener("change", () => {
    try {
      if (keys.checked) localStorage.removeItem(switchedOff);
      else localStorage.setItem(switchedOff, "1");
    } catch { /* storage is off: for this page only */ }
  });
}

function stand() {
  hasStood = isSent = false;
  setTimeout(() => { hasStood = true; wait.textContent = ""; }, LOOK_MS);
}

// A key pressed twice would decide on the next case, which nobody has looked at.
function decide(button) {
  const pictures = [...document.querySelectorAll(".review__image img")];
  const areSeen = pictures.every((image) => image.complete && image.naturalWidth > 0);
  if (isSent) return;
  if (!hasStood || !areSeen) { wait.textContent = wait.dataset.wait; return; }
  isSent = true;
  button.click();
}

function press(event) {
  if ((keys && !keys.checked) || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return;
  const key = event.key.toLowerCase();
  const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
  const reasons = document.querySelectorAll("#decision input[name=reason]");
  if (button) decide(button);
  else if (key === "z") zoom(paper);
  else if (key === "r") rotate(paper);
  else if (/^[0-9]$/.test(key) && reasons[key]) { reasons[key].checked = true; reasons[key].focus(); }
  else return;
  event.preventDefault();
}
