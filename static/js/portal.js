// What script adds to pages that are complete without it. No page depends on this file.
"use strict";

const MEGABYTE = 1024 * 1024;
const LARGEST_FILE = 10 * MEGABYTE;
const LONGEST_SIDE = 1800;
const READABLE_SIDE = 1000; // a long screenshot is read by its width
const PREVIEW_HEIGHT = 200;

enhance(document);
document.querySelector("form[data-submit-now]")?.submit();
keepSession(document.querySelector("dialog[data-session]"));

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-guard]")) release(form);
});

// Also called on the part of a page that an answer has replaced.
function enhance(root) {
  for (const box of root.querySelectorAll("[data-password]")) showPassword(box);
  for (const form of root.querySelectorAll("form[data-guard]")) guard(form);
  for (const box of root.querySelectorAll("[data-upload]")) takePhoto(box);
  for (const form of root.querySelectorAll("form[data-guard]")) if (!form.querySelector("[data-upload]")) sendHere(form);
  for (const words of root.querySelectorAll("[data-wait]")) countSeconds(words);
  root.querySelector("[data-focus]")?.focus();
  if (root.querySelector("[data-waiting]")) askAgain(500);
  for (const line of root.querySelectorAll("[data-follow]")) follow(line, 2000);
  for (const line of root.querySelectorAll("[data-until]")) countDown(line);
}

// A page that waits for the worker goes on once it would lead elsewhere.
function askAgain(pause) {
  setTimeout(async () => {
    const reply = await fetch(location.href, { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (reply?.type === "opaqueredirect") location.replace(location.href);
    else askAgain(Math.min(2 * pause, 8000));
  }, pause);
}

// A payment's page takes its new shape once its state is another; it looks ever less often.
function follow(line, pause) {
  setTimeout(async () => {
    if (!line.isConnected) return;
    const reply = document.hidden ? null : await fetch(line.dataset.follow, { redirect: "manual" }).catch(() => null);
    if (reply?.ok && (await reply.text()) !== line.dataset.state) {
      const page = await fetch(location.href).catch(() => null);
      if (page?.ok) { swap(await page.text()); return; }
    }
    follow(line, Math.min(1.4 * pause, 30000));
  }, pause);
}

// The clock time stands in the words; how long that still is, script adds.
function countDown(line) {
  const minutes = Math.ceil((new Date(line.dataset.until) - Date.now()) / 60000);
  line.querySelector("span").textContent = minutes > 0 ? line.dataset.left.replace("{minutes}", minutes) : "";
  if (minutes > 0 && line.isConnected) setTimeout(() => countDown(line), 10000);
}

// The seconds until another code may be asked for; clocks are compared, because a phone sleeps.
function countSeconds(words) {
  const until = Date.now() + 1000 * words.dataset.wait;
  const seconds = words.querySelector("span");
  words.setAttribute("aria-live", "off"); // not each second is read out, only the end
  const clock = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    seconds.textContent = left;
    if (left > 0) return;
    clearInterval(clock);
    words.removeAttribute("aria-live");
    words.textContent = words.dataset.over;
  }, 250);
}

// A password can be looked at while it is typed, but never leaves as plain text for the browser to remember.
function showPassword(box) {
  const input = box.querySelector("input");
  const button = box.querySelector("button");
  const turn = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(input.type === "password"));
  input.form?.addEventListener("submit", () => turn(false));
}

// A second press of the same button sends nothing.
function guard(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
  });
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

// Photos: camera or file, shown before sending, shrunk to what an officer needs.
function takePhoto(box) {
  const input = box.querySelector("input[type=file]");
  const words = box.querySelector(".upload__name");
  const canvas = box.querySelector("canvas");
  const [camera, pick] = box.querySelectorAll(".upload__buttons button");
  const describedBy = input.getAttribute("aria-describedby");
  input.classList.add("visually-hidden");
  input.tabIndex = -1;
  // The label and the error summary lead to the hidden box; whoever follows them needs to see where he is.
  input.addEventListener("focus", () => camera.focus());
  for (const button of [camera, pick]) if (describedBy) button.setAttribute("aria-describedby", describedBy);
  box.querySelector(".upload__buttons").hidden = false;
  words.textContent = box.dataset.none;
  camera.addEventListener("click", () => { input.setAttribute("capture", "environment"); input.click(); });
  pick.addEventListener("click", () => { input.removeAttribute("capture"); input.click(); });
  let latest;
  let ready = Promise.resolve();
  input.addEventListener("change", () => { ready = prepare(input.files[0]); });
  const prepare = async (file) => {
    latest = file;
    canvas.hidden = true;
    words.textContent = file ? box.dataset.shrinking : box.dataset.none;
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    const small = picture ? await shrink(picture, file).catch(() => file) : file;
    if (latest !== file) return; // another one was picked meanwhile
    if (small !== file) {
      const kept = new DataTransfer();
      kept.items.add(small);
      input.files = kept.files;
    }
    if (picture) {
      show(picture, canvas);
      picture.close();
    }
    words.textContent = small.size > LARGEST_FILE ? box.dataset.tooBig : `${file.name}, ${Math.ceil(small.size / 1024)} KB`;
  };
  input.form.addEventListener("submit", async (event) => {
    if (goesByItself(event)) return;
    event.preventDefault();
    for (let waited; waited !== ready;) await (waited = ready); // somebody may be faster than their phone
    if (!input.files.length || input.files[0].size <= LARGEST_FILE) { send(input.form, event.submitter); return; }
    release(input.form);
    camera.focus();
  });
}

async function shrink(picture, file) {
  const sides = [picture.width, picture.height];
  const scale = Math.min(1, Math.max(LONGEST_SIDE / Math.max(...sides), READABLE_SIDE / Math.min(...sides)));
  if (scale === 1 && file.size < MEGABYTE) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // a JPEG would show black where a screenshot is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
}

function show(picture, canvas) {
  const scale = Math.min(320 / picture.width, PREVIEW_HEIGHT / picture.height);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.hidden = false;
}

// A form of its own page: the answer to a mistake comes into the page, so Back never asks to send it again.
function sendHere(form) {
  form.addEventListener("submit", (event) => {
    if (goesByItself(event)) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

// What leads to another page is the browser's; an old one does not tell which button was pressed.
function goesByItself(event) {
  const isElsewhere = event.target.action.split(/[?#]/)[0] !== location.href.split(/[?#]/)[0];
  return event.defaultPrevented || isElsewhere || !("submitter" in event) || event.submitter?.hasAttribute("formaction");
}

// Sent with progress, which only XMLHttpRequest tells.
function send(form, button) {
  const request = new XMLHttpRequest();
  const fields = new FormData(form);
  const bar = form.querySelector("progress");
  form.querySelector(".notice--dropped")?.remove();
  if (button?.name) fields.append(button.name, button.value);
  if (bar && form.querySelector("input[type=file]").files.length) {
    bar.hidden = false;
    form.querySelector(".upload__name").textContent = form.querySelector("[data-upload]").dataset.sending;
    request.upload.addEventListener("progress", (event) => { bar.value = (100 * event.loaded) / event.total; });
  }
  request.addEventListener("load", () => answer(request));
  request.addEventListener("error", () => tryAgain(form, button));
  request.open("POST", form.action);
  request.setRequestHeader("X-Stays", "1");
  request.send(bar ? fields : new URLSearchParams(fields));
}

// The line dropped: all stays where it is, and a file is sent again once the line is back.
function tryAgain(form, button) {
  const words = document.querySelector("template[data-dropped]").content.cloneNode(true).firstElementChild;
  const box = form.querySelector("[data-upload]");
  const again = () => {
    if (!words.isConnected) return;
    (button || form.querySelector("button:not([type=button])")).click();
  };
  release(form);
  if (box) {
    form.querySelector("progress").hidden = true;
    addEventListener("online", again, { once: true });
    setTimeout(again, 15000); // a phone may not have noticed
  }
  words.querySelector("button").addEventListener("click", again);
  form.querySelector(".buttons, button").before(words);
}

// Either where to go on, or the same page again, which says what was wrong.
function answer(request) {
  const next = request.getResponseHeader("X-Goes-To");
  if (next || !swap(request.responseText)) location.assign(next || request.responseURL);
}

// Shows another page's main part here, and leads a screen reader into it; false if it has none.
function swap(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (!main) return false;
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  enhance(main);
  if (!main.contains(document.activeElement)) { main.tabIndex = -1; main.focus(); }
  scrollTo(0, 0);
  return true;
}

// What somebody typed, but for secrets and files: those are not kept.
function fieldsOf(form) {
  const isSecret = (name) => /password|one-time-code/.test(form.elements[name]?.autocomplete);
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !isSecret(name));
}

function typedIn(form) {
  return JSON.stringify(fieldsOf(form));
}

// Answers that were not sent are sealed by the server until their owner logs in; nothing stays on the phone.
function keepTyped(form, address) {
  const parcel = document.createElement("form");
  parcel.method = "post";
  parcel.action = address;
  for (const [name, value] of fieldsOf(form)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    parcel.append(field);
  }
  parcel.hidden = true;
  document.body.append(parcel);
  HTMLFormElement.prototype.submit.call(parcel); // a field of his may be called "submit"
}

// Two minutes before the session ends, ask. Clocks are compared rather than counted down:
// a phone sleeps, and another tab may have kept the same session alive.
function keepSession(dialog) {
  if (!dialog) return;
  const warnAfter = 1000 * dialog.dataset.warnAfter;
  const endAfter = warnAfter + 1000 * dialog.dataset.left;
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const before = new Map(forms.map((form) => [form, typedIn(form)]));
  let seenHere = 0;
  const note = (moment) => {
    seenHere = moment;
    try { localStorage.setItem("seen", moment); } catch { /* storage is off: this tab counts alone */ }
  };
  const seen = () => {
    try { return Math.max(seenHere, Number(localStorage.getItem("seen"))); } catch { return seenHere; }
  };
  const end = () => {
    clearInterval(clock); // asked again, a slow line would begin anew each time
    const unsent = [...document.querySelectorAll("main form[method=post]")].find((form) => typedIn(form) !== before.get(form));
    const next = unsent ? new URL(unsent.action).pathname : location.pathname;
    const ended = `${dialog.dataset.ended}?next=${encodeURIComponent(next)}`;
    if (unsent) keepTyped(unsent, ended);
    else location.assign(ended);
  };
  const look = () => {
    const idle = Date.now() - seen();
    if (idle >= endAfter) end();
    else if (idle < warnAfter) dialog.close();
    else if (!dialog.open) dialog.showModal();
  };
  const stay = async () => {
    note(Date.now());
    dialog.close();
    const reply = await fetch(dialog.dataset.alive, { credentials: "same-origin" }).catch(() => null);
    if (reply?.redirected) end(); // it had ended already: a stranger is led to the log-in page
  };
  note(Date.now());
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  const clock = setInterval(look, 1000);
}
