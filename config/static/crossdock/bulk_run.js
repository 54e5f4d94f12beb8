// Keeps a bulk run's page up to date while it runs; the finished page is loaded once more.
"use strict";

const BULK_RUN_POLL_MS = 1500;
const BULK_RUN_TROUBLE = "The server does not answer; trying again.";

function showBulkRun(page, progress) {
  for (const element of page.querySelectorAll("[data-shown]")) {
    element.textContent = progress[element.dataset.shown];
  }
  page.querySelector("[data-label]").firstElementChild.textContent = progress.state;
  const bar = page.querySelector("[data-bar]");
  bar.setAttribute("aria-valuenow", progress.percent);
  bar.firstElementChild.style.width = `${progress.percent}%`;
}

async function followBulkRun(page) {
  let wait = BULK_RUN_POLL_MS;
  try {
    const answer = await fetch(page.dataset.progressUrl, { redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    const progress = await answer.json();
    if (progress.is_finished) {
      window.location.reload();
      return;
    }
    showBulkRun(page, progress);
  } catch {
    page.querySelector('[data-shown="note"]').textContent = BULK_RUN_TROUBLE;
    wait = 4 * BULK_RUN_POLL_MS;
  }
  window.setTimeout(followBulkRun, wait, page);
}

document.addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector("#bulk-run[data-progress-url]");
  if (page) window.setTimeout(followBulkRun, BULK_RUN_POLL_MS, page);
});
