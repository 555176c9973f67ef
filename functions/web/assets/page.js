// What every page does better with a script. Nothing here is needed: without it, forms post and links lead.

// A form is sent once, however often its button is pressed; one that is come back to can be sent again.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// A page that answers a form which was not right is come back to at its address: without this, going back to it ends at a
// page of the browser's that asks whether the form is to be sent again.
if (performance.getEntriesByType("navigation")[0]?.responseStatus >= 400) history.replaceState(history.state, "");

// Counts down to data-until (an instant). The clock is the house's: data-now says what it was when the page was made.
for (const clock of document.querySelectorAll("[data-until]")) {
  const ahead = Date.parse(clock.dataset.now) - Date.now();
  const until = Date.parse(clock.dataset.until);
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((until - Date.now() - ahead) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return setTimeout(tick, 250);
    clock.dispatchEvent(new CustomEvent("countdown-over", { bubbles: true }));
  };
  tick();
}

// A form whose inputs choose what the page shows is sent as soon as one is changed.
for (const form of document.querySelectorAll("form[data-send-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// What went wrong is where the reader's attention should be.
document.querySelector("[data-focus]")?.focus();

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => {});
