// The evening, better with a script: looked at again by itself, panels as dialogs, and reservations moved by dragging or
// by keys. Whatever is done posts a form of the page, and what is shown then is the page that answers.

const sheet = document.getElementById("sheet");
const dialog = document.getElementById("dialog");
const step = document.getElementById("step");
const bar = document.getElementById("moving");
const offline = document.getElementById("offline");
const words = step.dataset;
const LOOK_AGAIN = 15_000;
const QUARTER = 900_000;
const LONG_PRESS = 350;

// The clock is the house's.
const ahead = Date.parse(sheet.dataset.now) - Date.now();
let etag = `"${sheet.dataset.revision}"`;
let busy = false;
// The reservation that is being moved, and to where.
let move = null;
let opener = "";

const timeline = () => document.getElementById("timeline");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

let silence;
function tell(text) {
  const told = document.getElementById("told");
  told.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (told.textContent = ""), 8000);
}

// What is set down for the day, anew: scrolled and focused as it was.
function put(html, tag) {
  const focus = sheet.contains(document.activeElement) ? document.activeElement.id : "";
  const before = timeline();
  const [left, top] = [before?.scrollLeft, before?.scrollTop];
  sheet.innerHTML = html;
  etag = tag;
  timeline()?.scrollTo({ left, top, behavior: "instant" });
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  markNow();
}

async function lookAgain() {
  if (document.hidden || move || busy) return;
  try {
    const answer = await fetch(sheet.dataset.source, { headers: { "if-none-match": etag }, cache: "no-store" });
    // Signed out meanwhile: the page leads to where one signs in.
    if (answer.redirected) return location.reload();
    offline.hidden = answer.ok || answer.status === 304;
    if (answer.status !== 200) return;
    const html = await answer.text();
    if (!move && !busy) put(html, answer.headers.get("etag"));
  } catch {
    offline.hidden = false;
  }
}
setInterval(lookAgain, LOOK_AGAIN);
document.addEventListener("visibilitychange", lookAgain);
addEventListener("online", lookAgain);

// Posts, and shows the day of the page that answers. Its panel says what has come of it.
async function send(address, body) {
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { accept: "text/html" } });
    const page = parse(await answer.text());
    const next = page.getElementById("sheet");
    if (!next) {
      tell(page.querySelector("h1")?.textContent ?? words.failed);
      return {};
    }
    if (next.dataset.date !== sheet.dataset.date) location.assign(answer.url);
    put(next.innerHTML, `"${next.dataset.revision}"`);
    offline.hidden = true;
    return { ok: answer.ok, panel: page.getElementById("panel") };
  } catch {
    offline.hidden = false;
    tell(words.failed);
    return {};
  } finally {
    busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

// Panels

function open(panel) {
  dialog.replaceChildren(document.adoptNode(panel));
  for (const button of dialog.querySelectorAll("[data-move]")) button.hidden = !partyOf(button.dataset.move)?.offsetParent;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-focus], input[type=radio]:checked, input[type=radio]")?.focus();
}

async function follow(link) {
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const panel = parse(await answer.text()).getElementById("panel");
    if (answer.redirected || !panel) return location.assign(link.href);
    opener = link.id;
    open(panel);
  } catch {
    tell(words.failed);
  }
}

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  const address = new URL(location);
  for (const name of ["reservation", "open"]) address.searchParams.delete(name);
  if (address.href !== location.href) history.replaceState(null, "", address);
  if (opener) document.getElementById(opener)?.focus({ preventScroll: true });
});

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form !== step && !dialog.contains(form)) return;
  event.preventDefault();
  if (busy) return;
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  const { ok, panel } = await send(address, new URLSearchParams(new FormData(form, submitter)));
  if (ok) {
    dialog.close();
    tell(panel?.dataset.told ?? words.done);
  } else if (panel) {
    open(panel);
  }
});

document.addEventListener("click", (event) => {
  if (event.target === dialog) return dialog.close();
  if (move && timeline().contains(event.target)) {
    // In place of dragging, for a finger: the place is pointed at.
    event.preventDefault();
    aim(event.clientX, event.clientY);
    return;
  }
  const found = event.target.closest?.("[data-open], [data-close], [data-move], [data-print], #moving button");
  if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if ("print" in found.dataset) return print();
  if (found.value === "place") return place();
  if (found.value === "leave") return leave();
  if ("close" in found.dataset && !dialog.open) return;
  event.preventDefault();
  if ("open" in found.dataset) return follow(found);
  const party = partyOf(found.dataset.move);
  opener = "";
  dialog.close();
  if (party) {
    lift(party);
    party.focus();
  }
});

// The time now

function markNow() {
  const box = timeline();
  if (!box) return;
  const now = Date.now() + ahead;
  const heads = [...box.querySelectorAll("[data-at]")];
  const cols = box.querySelectorAll("colgroup:last-of-type col");
  const since = (head) => now - Date.parse(head.dataset.at);
  const place = heads.findIndex((head) => since(head) >= 0 && since(head) < QUARTER);
  heads.forEach((head, n) => {
    head.classList.toggle("now", n === place);
    cols[n]?.classList.toggle("now", n === place);
  });
  let line = box.querySelector(".now-line");
  if (!line) {
    line = document.createElement("div");
    line.className = "now-line";
    box.append(line);
  }
  line.hidden = place < 0;
  if (place < 0) return;
  const head = heads[place];
  line.style.left = `${head.offsetLeft + (head.offsetWidth * since(head)) / QUARTER}px`;
  line.style.height = `${box.querySelector("table").offsetHeight - line.offsetTop}px`;
}
setInterval(markNow, 30_000);
addEventListener("resize", markNow);

// Moving

function partyOf(reservation) {
  return timeline()?.querySelector(`[data-reservation="${reservation}"][data-moves]`);
}

function lift(party, pointer = false) {
  const box = timeline();
  const heads = [...box.querySelectorAll("[data-at]")];
  const rows = [...box.querySelectorAll("tr[data-table]")];
  const tables = party.dataset.tables.split(",").filter(Boolean);
  const own = party.closest("tr").dataset.table ?? tables.find((id) => rows.some((row) => row.dataset.table === id));
  const column = heads.findIndex((head) => head.dataset.at === party.dataset.starts);
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  box.append(ghost);
  party.classList.add("lifted");
  move = { party, box, heads, rows, tables, own, ghost, pointer, width: party.closest("td").colSpan,
    row: Math.max(0, rows.findIndex((row) => row.dataset.table === own)), column, from: column };
  document.getElementById("told").textContent = "";
  bar.hidden = pointer;
  draw(words.moving);
}

function draw(text = words.target) {
  const { heads, rows, ghost, row, column, width, party, pointer } = move;
  const [head, target] = [heads[column], rows[row]];
  ghost.style.left = `${head.offsetLeft}px`;
  ghost.style.width = `${head.offsetWidth * width}px`;
  ghost.style.top = `${target.offsetTop}px`;
  ghost.style.height = `${target.offsetHeight}px`;
  if (!pointer) ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  const values = { name: party.dataset.name, table: target.dataset.name, time: head.dataset.time };
  bar.querySelector("span").textContent = fill(text, values);
}

function columnAt(x) {
  const { heads } = move;
  const n = heads.findIndex((head) => x < head.getBoundingClientRect().right);
  return n < 0 ? heads.length - 1 : n;
}

// Moves the target to where the pointer is.
function aim(x, y) {
  const { rows, heads, party, grab = 0 } = move;
  const row = rows.findIndex((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return y >= top && y < bottom;
  });
  if (row >= 0) move.row = row;
  if ("movesInTime" in party.dataset) move.column = Math.min(Math.max(0, columnAt(x) - grab), heads.length - 1);
  draw();
}

function end() {
  const { party, ghost } = move;
  party.classList.remove("lifted");
  ghost.remove();
  bar.hidden = true;
  move = null;
}

function leave() {
  const { party } = move;
  end();
  tell(words.left);
  party.focus({ preventScroll: true });
}

async function place() {
  const { party, rows, heads, row, column, from, tables, own } = move;
  const target = rows[row].dataset.table;
  if (target === own && column === from) return leave();
  const { reservation, revision } = party.dataset;
  const body = new URLSearchParams({ formToken: step.elements.formToken.value, revision, startsAt: heads[column].dataset.at });
  const next = own ? tables.map((id) => (id === own ? target : id)) : [target];
  [...new Set(next)].forEach((id, n) => body.append(`tables/${n}`, id));
  end();
  const { ok, panel } = await send(`${step.action}/reservations/${reservation}/move`, body);
  if (ok) tell(panel?.dataset.told ?? words.done);
  else if (panel) tell(panel.querySelector("[role=alert]")?.textContent ?? words.failed);
  partyOf(reservation)?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (!move) {
    const party = document.activeElement?.closest?.("#timeline [data-moves]");
    // By the key's place as well: a Korean keyboard writes another letter with it.
    const isM = event.key.toLowerCase() === "m" || event.code === "KeyM";
    if (party && isM && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      lift(party);
    }
    return;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    return leave();
  }
  if (move.pointer || bar.contains(document.activeElement)) return;
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const [across, down] = steps[event.key] ?? [0, 0];
  if (event.key !== "Enter" && !across && !down) return;
  event.preventDefault();
  if (event.key === "Enter") return place();
  const { heads, rows, party } = move;
  if ("movesInTime" in party.dataset) move.column = Math.min(Math.max(0, move.column + across), heads.length - 1);
  move.row = Math.min(Math.max(0, move.row + down), rows.length - 1);
  draw();
});

// Dragging: a mouse at once, a finger after a moment, so that it can still scroll.
let press = null;
let dragged = false;

function take() {
  lift(press.party, true);
  move.grab = columnAt(press.x) - move.column;
}

document.addEventListener("pointerdown", (event) => {
  const party = event.target.closest?.("#timeline [data-moves]");
  if (!party || event.button || !event.isPrimary || move || busy) return;
  press = { party, x: event.clientX, y: event.clientY, isTouch: event.pointerType === "touch" };
  if (press.isTouch) press.timer = setTimeout(take, LONG_PRESS);
});

document.addEventListener("pointermove", (event) => {
  if (!press) return;
  const { clientX: x, clientY: y } = event;
  if (!move && Math.hypot(x - press.x, y - press.y) > 6) {
    if (press.isTouch) return release();
    take();
  }
  if (!move) return;
  const { left, right, top, bottom } = move.box.getBoundingClientRect();
  if (x > right - 32) move.box.scrollLeft += 14;
  if (x < left + 128) move.box.scrollLeft -= 14;
  if (y > bottom - 32) move.box.scrollTop += 10;
  if (y < top + 56) move.box.scrollTop -= 10;
  aim(x, y);
});

function release() {
  clearTimeout(press?.timer);
  press = null;
}

document.addEventListener("pointerup", () => {
  release();
  if (!move?.pointer) return;
  dragged = true;
  setTimeout(() => (dragged = false));
  place();
});
document.addEventListener("pointercancel", () => {
  release();
  if (move?.pointer) leave();
});
document.addEventListener("touchmove", (event) => move?.pointer && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => press?.isTouch && event.preventDefault());
document.addEventListener("click", (event) => {
  if (!dragged) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// At first

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
markNow();
// To the time now; on another day, to who comes first.
const line = timeline()?.querySelector(".now-line:not([hidden])");
const cells = [...(timeline()?.querySelectorAll("td.taken") ?? [])];
const lefts = line ? [line.offsetLeft] : cells.map((cell) => cell.offsetLeft);
if (lefts.length) timeline().scrollTo({ left: Math.min(...lefts) - 240, behavior: "instant" });
const shown = document.getElementById("panel");
if (shown) open(shown);
