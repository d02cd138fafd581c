// What script adds to pages that are complete without it. No page depends on this file.
"use strict";

const MEGABYTE = 1024 * 1024;
const LONGEST_SIDE = 1800;

// A password can be looked at while it is typed.
for (const box of document.querySelectorAll("[data-password]")) {
  const input = box.querySelector("input");
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? button.dataset.show : button.dataset.hide;
  });
}

// A second press of the same button sends nothing.
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
  });
}
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

document.querySelector("[data-focus]")?.focus();
document.querySelector("form[data-submit-now]")?.submit();

// Photos: camera or file, shown before sending, shrunk to what an officer needs.
for (const box of document.querySelectorAll("[data-upload]")) {
  const input = box.querySelector("input[type=file]");
  const name = box.querySelector(".upload__name");
  const canvas = box.querySelector("canvas");
  const bar = box.querySelector("progress");
  input.classList.add("visually-hidden");
  input.tabIndex = -1;
  box.querySelector(".upload__buttons").hidden = false;
  box.querySelector("[data-camera]").addEventListener("click", () => { input.setAttribute("capture", "environment"); input.click(); });
  box.querySelector("[data-pick]").addEventListener("click", () => { input.removeAttribute("capture"); input.click(); });
  input.addEventListener("change", async () => {
    const file = input.files[0];
    canvas.hidden = true;
    name.textContent = "";
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    const small = picture ? await shrink(picture, file) : file;
    if (small !== file) {
      const kept = new DataTransfer();
      kept.items.add(small);
      input.files = kept.files;
    }
    if (picture) show(picture, canvas);
    name.textContent = small.size > 10 * MEGABYTE ? box.dataset.tooBig : `${file.name}, ${Math.ceil(small.size / 1024)} KB`;
  });
  input.form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !input.files.length || input.form.dataset.direct) return;
    event.preventDefault();
    send(input.form, bar);
  });
}

async function shrink(picture, file) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < MEGABYTE) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
}

function show(picture, canvas) {
  const scale = Math.min(canvas.width / picture.width, 200 / picture.height);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, picture.width * scale, canvas.height);
  canvas.hidden = false;
}

// Sent with progress; the answer is a page like any other, so the browser shows it as one.
function send(form, bar) {
  const request = new XMLHttpRequest();
  bar.hidden = false;
  request.upload.addEventListener("progress", (event) => { bar.value = (100 * event.loaded) / event.total; });
  request.addEventListener("load", () => {
    if (request.responseURL !== location.href) { location.assign(request.responseURL); return; }
    // The same page again: something was wrong, and the answer says what.
    document.open();
    document.write(request.responseText);
    document.close();
  });
  request.addEventListener("error", () => { form.dataset.direct = "1"; form.submit(); });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

// Two minutes before the session ends, ask.
const dialog = document.querySelector("dialog[data-session]");
if (dialog) {
  let ask;
  let end;
  const begin = () => {
    clearTimeout(ask);
    clearTimeout(end);
    ask = setTimeout(() => {
      dialog.showModal();
      end = setTimeout(() => location.assign(dialog.dataset.ended), 1000 * dialog.dataset.left);
    }, 1000 * dialog.dataset.warnAfter);
  };
  const stay = () => { fetch(dialog.dataset.alive, { credentials: "same-origin" }); begin(); };
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", stay);
  begin();
}
