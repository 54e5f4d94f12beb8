// Comfort for the intake pages; every one of them works without it.
"use strict";

document.documentElement.classList.add("ix-scripted");

// A field and the words it was read from light up together.
function light(event, isLit) {
  const part = event.target.closest("[data-field]");
  const card = part && part.closest(".ix-card");
  if (!card) return;
  for (const twin of card.querySelectorAll(`[data-field="${part.dataset.field}"]`)) {
    twin.classList.toggle("is-lit", isLit);
  }
}
document.addEventListener("mouseover", (event) => light(event, true));
document.addEventListener("mouseout", (event) => light(event, false));
document.addEventListener("focusin", (event) => light(event, true));
document.addEventListener("focusout", (event) => light(event, false));

// A word in the text leads to its field.
function goToField(mark) {
  const field = mark.dataset.field;
  const inputs = mark.closest(".ix-card").querySelector(`.ix-understood [data-field="${field}"]`);
  inputs?.querySelector("input, textarea")?.focus();
}

function usePropose(button) {
  const card = button.closest(".ix-card");
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.propose))) {
    const input = card.querySelector(`.ix-field[data-field="${name}"] .ix-input`);
    if (input) input.value = value;
  }
  button.textContent = "Taken";
}

function addLine(lines) {
  const blank = lines.querySelector("[data-blank]");
  const line = blank.cloneNode(true);
  const place = lines.querySelectorAll(".ix-line:not(.ix-line-head)").length;
  delete line.dataset.blank;
  for (const input of line.querySelectorAll("input")) {
    input.name = input.name.replace(/-line\d+-/, `-line${place}-`);
    input.value = "";
  }
  lines.insertBefore(line, lines.querySelector(".ix-add"));
  line.querySelector("input").focus();
}

// An emptied line is one that the server takes away.
function removeLine(line) {
  for (const input of line.querySelectorAll("input")) input.value = "";
  if (!("blank" in line.dataset)) line.hidden = true;
}

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  if (hit(".ix-given mark")) goToField(hit(".ix-given mark"));
  if (hit(".ix-propose")) usePropose(hit(".ix-propose"));
  if (hit(".ix-add")) addLine(hit(".ix-lines"));
  if (hit(".ix-remove")) removeLine(hit(".ix-line"));
});

for (const button of document.querySelectorAll(".ix-add")) button.hidden = false;

// Products are offered while a SKU is typed.
let asked = 0;
document.addEventListener("input", (event) => {
  const offers = document.getElementById("products");
  if (!event.target.matches("[data-sku]") || !offers || event.target.value.length < 2) return;
  const mine = ++asked;
  setTimeout(async () => {
    if (mine !== asked) return;
    const url = `${offers.dataset.url}&term=${encodeURIComponent(event.target.value)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const options = (await answer.json()).results.map((found) => {
      const option = document.createElement("option");
      option.value = found.text;
      return option;
    });
    offers.replaceChildren(...options);
  }, 200);
});

// While a job works on an import, its page follows; at the end it is loaded anew.
const job = document.querySelector("[data-progress]");
async function follow() {
  const answer = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const seen = await answer.json();
  if (!seen.is_working) {
    window.location.reload();
    return;
  }
  job.querySelector("[data-said]").textContent = seen.said;
  const bar = job.querySelector("progress");
  if (seen.total) bar.max = seen.total;
  if (seen.total) bar.value = seen.done;
  setTimeout(follow, 2000);
}
if (job) setTimeout(follow, 2000);
