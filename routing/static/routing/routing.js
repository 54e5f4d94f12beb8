// Comfort for the routing pages; every one of them works without it.
"use strict";

document.documentElement.classList.add("rt-scripted");

const form = document.querySelector(".rt-rule[data-guide]");
const guide = form ? JSON.parse(form.dataset.guide) : null;
const PLACES = ["require", "prefer", "forbid"];
const REASONS = ["hold", "review"];

function part(row, name) {
  return row.querySelector(`[data-part="${name}"]`);
}

function input(row, name) {
  return row.querySelector(`[name$="-${name}"]`);
}

function show(row, name, isShown) {
  part(row, name).hidden = !isShown;
}

// A field is asked with the operators that fit it, and with as many values as they take.
function fitCondition(row) {
  const field = guide.fields[input(row, "field").value];
  const operator = input(row, "operator");
  for (const option of operator.options) {
    const fits = !field || !option.value || field.operators.includes(option.value);
    option.hidden = option.disabled = !fits;
  }
  if (field && !field.operators.includes(operator.value)) operator.value = field.operators[0];
  show(row, "values", !field || guide.counts[operator.value] !== 0);
  const currency = input(row, "currency");
  show(row, "currency", field?.kind === "money");
  if (field?.kind === "money" && !currency.value) currency.value = currency.placeholder;
  row.querySelector("[data-unit]").textContent = field?.unit ? `in ${field.unit}` : "";
  const values = input(row, "values");
  values.placeholder = PLACEHOLDERS[operator.value] ?? (guide.counts[operator.value] === 1 ? "" : "Several with commas");
  values.dataset.offers = field ? `for-${input(row, "field").value}` : "";
}
const PLACEHOLDERS = { between: "From, to", starts_with: "Several with commas" };

// An outcome shows only what belongs to its action.
function fitOutcome(row) {
  const action = input(row, "action").value;
  const isPlace = PLACES.includes(action);
  show(row, "target", isPlace || !action);
  show(row, "codes", !REASONS.includes(action));
  show(row, "percent", action === "prefer");
  show(row, "text", REASONS.includes(action));
  const codes = input(row, "codes");
  codes.dataset.offers = isPlace ? `of-${input(row, "target").value}` : `of-${action}`;
  codes.placeholder = action === "set_weights" ? "cost 50, transit 20" : "Several with commas";
  row.querySelector("[data-codes]").textContent =
    { set_weights: "Weights", tag: "Tags" }[action] ?? "Codes";
}

function fit(row) {
  if (input(row, "operator")) fitCondition(row);
  else fitOutcome(row);
}

// After a comma the next word is offered.
function offerNext(field) {
  const all = document.getElementById(field.dataset.offers ?? "");
  const own = document.getElementById("rt-next") ?? document.createElement("datalist");
  own.id = "rt-next";
  field.form.append(own);
  const cut = field.value.lastIndexOf(",") + 1;
  const before = cut ? `${field.value.slice(0, cut).trimEnd()} ` : "";
  const options = [...(all?.options ?? [])].map((option) => new Option(option.text, before + option.value));
  own.replaceChildren(...options);
  field.setAttribute("list", "rt-next");
}

function addRow(rows) {
  const total = rows.querySelector('[name$="-TOTAL_FORMS"]');
  const blank = rows.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  rows.querySelector(".rt-add").insertAdjacentHTML("beforebegin", blank);
  const row = rows.querySelector(".rt-row:last-of-type");
  fit(row);
  row.querySelector("select").focus();
}

function removeRow(row) {
  input(row, "DELETE").checked = true;
  row.hidden = true;
}

// Blank rows beyond the first are for people without scripts: a button adds them here.
function tidy(rows) {
  const found = [...rows.querySelectorAll(".rt-row")];
  found.forEach(fit);
  const filled = found.filter((row) => row.querySelector("select").value);
  for (const row of found) {
    if (!filled.includes(row) && (filled.length || row !== found[0])) row.hidden = true;
  }
  rows.querySelector(".rt-add").hidden = form.querySelector("fieldset").disabled;
}

if (form) {
  document.querySelectorAll(".rt-rows").forEach(tidy);
  form.addEventListener("change", (event) => {
    const row = event.target.closest(".rt-row");
    if (row) fit(row);
  });
  for (const kind of ["input", "focusin"]) {
    form.addEventListener(kind, (event) => {
      if (event.target.matches('.rt-row input[type="text"]')) offerNext(event.target);
    });
  }
  form.addEventListener("click", (event) => {
    if (event.target.closest(".rt-cross")) removeRow(event.target.closest(".rt-row"));
    if (event.target.closest(".rt-add")) addRow(event.target.closest(".rt-rows"));
  });
}

// Orders are offered while a number is typed.
const finder = document.querySelector("[data-orders]");
let asked = 0;
finder?.addEventListener("input", () => {
  const mine = ++asked;
  if (finder.value.length < 2) return;
  setTimeout(async () => {
    if (mine !== asked) return;
    const url = `${finder.dataset.orders}?term=${encodeURIComponent(finder.value)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const found = (await answer.json()).orders;
    finder.list.replaceChildren(...found.map((order) => new Option(order.told, order.number)));
  }, 200);
});

// While a simulation runs, its page follows; at the end it is loaded anew.
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
  setTimeout(follow, 1500);
}
if (job) setTimeout(follow, 1500);
