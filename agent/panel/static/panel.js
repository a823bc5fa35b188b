// Keeps the page up to date, sounds, and carries taps to the gateway.
import { morphChildren } from "./morph.js";
import { Sound } from "./sound.js";

const SILENT_MS = 5000; // without a word from the gateway for so long, the page says so and sounds
const RETRY_MS = 2000;
const ANSWER_MS = 5000;
const SAY_MS = 1500; // how often we tell the gateway at most that we would be heard
const HOLD_MS = 1500;
const MOVED_MS = 400; // a tap so soon after its card came or moved was meant for something else
const SOON_S = 1800;

const live = document.getElementById("live");
const byId = (id) => document.getElementById(id);
const chinese = document.documentElement.lang.startsWith("zh");

let source = null;
let stream = null; // its name
let blocked = true; // the browser keeps us silent
let said = { at: -Infinity };
let heardAt = performance.now();
let ahead = null; // gateway's monotonic seconds minus ours
let sounding = [];
let night = false;
let ended = false;
let waiting = null; // HTML that came while a finger was down
let touchedAt = -Infinity;
let triedAt = performance.now();
const pending = new Set(); // alarms whose tap is on its way
const unfolded = new Set(); // alarms whose causes are shown, and other parts that a tap unfolds
const movedAt = new Map(); // alarm to time

const sound = new Sound((silent) => {
  blocked = silent;
  byId("sound-off").hidden = !silent;
  sayWhetherWeSound();
});
const gatewayNow = () => performance.now() / 1000 + (ahead ?? 0);
const disconnected = () => performance.now() - heardAt > SILENT_MS;

// ---- what comes from the gateway

function connect() {
  triedAt = performance.now();
  source = new EventSource(live.dataset.stream);
  source.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    hear(state);
    sounding = state.sounding;
    night = state.night;
    byId("clock").textContent = state.clock;
    count(state.open);
    if (state.html !== null) show(state.html);
    resound();
  });
  source.addEventListener("beat", (event) => hear(JSON.parse(event.data)));
  source.addEventListener("ended", () => {
    ended = true;
    source.close();
    byId("ended").hidden = false;
    watch();
  });
  source.onerror = () => {
    // the browser tries again by itself after a broken connection, but not after a refusal
    if (source.readyState === EventSource.CLOSED && !ended) setTimeout(reconnect, RETRY_MS);
  };
}

async function reconnect() {
  try {
    const answer = await fetch("/api/v1/state", { signal: AbortSignal.timeout(ANSWER_MS) });
    if (answer.status === 401) {
      ended = true;
      byId("ended").hidden = false;
      watch();
      return;
    }
  } catch { /* not there yet */ }
  connect();
}

function hear(told) {
  const { now, remaining_s } = told;
  heardAt = performance.now();
  ahead = now - heardAt / 1000;
  stream = told.stream;
  sayWhetherWeSound();
  if (!byId("disconnected").hidden) watch();
  const soon = byId("ends-soon");
  soon.hidden = remaining_s === null || remaining_s > SOON_S;
  const text = soon.firstElementChild;
  text.textContent = text.dataset.text.replace("#", Math.max(1, Math.round((remaining_s ?? 0) / 60)));
}

// The gateway counts us among those who hear only while we say so; asleep, we cannot.
function sayWhetherWeSound() {
  const sounds = !blocked && !document.hidden;
  const news = sounds !== said.sounds || stream !== said.stream;
  if (!stream || (!news && performance.now() - said.at < SAY_MS)) return;
  said = { at: performance.now(), sounds, stream };
  fetch("/api/v1/live/answer", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Nightlamp": "1" },
    body: JSON.stringify({ stream, sounds }),
    keepalive: true,
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => {}); // the next beat says it again
}

function count(open) {
  const badge = byId("open-count");
  badge.hidden = !open;
  badge.textContent = open;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (open) document.title = `(${open}) ${document.title}`;
}

// ---- what is shown

function show(html) {
  if (performance.now() - touchedAt < HOLD_MS) {
    waiting = html;
    return;
  }
  waiting = null;
  const before = tops();
  const template = document.createElement("template");
  template.innerHTML = html;
  morphChildren(live, template.content);
  dress();
  const now = performance.now();
  for (const [id, top] of tops()) {
    if (!before.has(id) || Math.abs(before.get(id) - top) > 8) movedAt.set(id, now);
  }
}

function tops() {
  const cards = [...live.querySelectorAll("[data-alarm], [data-row]")];
  return new Map(cards.map((card) => [card.dataset.alarm ?? card.dataset.row, card.getBoundingClientRect().top]));
}

// Put back what the page itself knows and the gateway does not.
function dress() {
  for (const card of live.querySelectorAll("[data-alarm]")) {
    const id = card.dataset.alarm;
    const causes = card.querySelector(".causes");
    if (causes) causes.hidden = !unfolded.has(id);
    else unfolded.delete(id);
    for (const button of card.querySelectorAll("button")) button.disabled = pending.has(id);
    const unfold = card.querySelector("[data-causes]");
    if (unfold) unfold.setAttribute("aria-expanded", String(unfolded.has(id)));
  }
  for (const unfold of live.querySelectorAll("[data-unfold]")) {
    const open = unfolded.has(unfold.dataset.unfold);
    byId(unfold.dataset.unfold).hidden = !open;
    unfold.setAttribute("aria-expanded", String(open));
  }
  age();
}

function moved(id) {
  if (performance.now() - (movedAt.get(id) ?? -MOVED_MS) >= MOVED_MS) return false;
  toast(byId("toast").dataset.moved);
  return true;
}

function age() {
  const now = gatewayNow();
  left();
  for (const span of live.querySelectorAll("[data-since]")) span.textContent = duration(now - Number(span.dataset.since));
}

function left() {
  const now = gatewayNow();
  for (const span of live.querySelectorAll("[data-until]")) span.textContent = duration(Number(span.dataset.until) - now);
}

function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return chinese ? `${s} 秒` : `${s} s`;
  if (s < 3600) return chinese ? `${Math.floor(s / 60)} 分 ${s % 60} 秒` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return chinese ? `${h} 小时 ${m} 分` : `${h} h ${m} min`;
}

function watch() {
  const gone = disconnected() && !ended;
  byId("disconnected").hidden = !gone;
  byId("link").classList.toggle("gone", gone || ended);
  document.body.classList.toggle("blind", gone || ended);
  if (gone && performance.now() - triedAt > SILENT_MS) {
    // a half-open connection never fails by itself
    source.close();
    connect();
  }
  resound();
}

function resound() {
  sound.update(sounding, gatewayNow(), night, disconnected() || ended);
}

// ---- what people do

function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

async function act(id, action, cause) {
  pending.add(id);
  dress();
  try {
    const answer = await fetch(`/api/v1/alarms/${encodeURIComponent(id)}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Nightlamp": "1" },
      body: JSON.stringify(cause ? { cause } : {}),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) {
      const { message, cure } = await answer.json();
      toast(`${message} · ${cure}`);
    }
  } catch {
    toast(byId("toast").dataset.notSent);
  }
  pending.delete(id);
  dress();
}

// What a button sends: its own words, and what was typed into the fields beside it.
function bodyOf(button) {
  const fields = button.closest("[data-fields]")?.querySelectorAll("input[name]") ?? [];
  const typed = Object.fromEntries([...fields].map(({ name, value }) => [name, value]));
  return JSON.stringify({ ...JSON.parse(button.dataset.body ?? "{}"), ...typed });
}

async function post(button) {
  button.disabled = true;
  try {
    const answer = await fetch(button.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Nightlamp": "1" },
      body: bodyOf(button),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) {
      const { message, cure } = await answer.json();
      toast(`${message} · ${cure}`);
    } else if (unfolded.delete(button.closest(".folded")?.id)) {
      dress();
    }
  } catch {
    toast(byId("toast").dataset.notSent);
  }
  button.disabled = false;
}

live.addEventListener("click", (event) => {
  const order = event.target.closest("[data-post]");
  if (order) {
    if (!moved(order.closest("[data-row]")?.dataset.row)) post(order);
    return;
  }
  const unfold = event.target.closest("[data-unfold]")?.dataset.unfold;
  if (unfold) {
    if (!unfolded.delete(unfold)) unfolded.add(unfold);
    dress();
    return;
  }
  const button = event.target.closest("[data-act], [data-causes]");
  if (!button) return;
  const id = button.closest("[data-alarm]").dataset.alarm;
  if (moved(id)) return;
  if (button.dataset.act) {
    act(id, button.dataset.act, button.dataset.cause);
  } else {
    if (!unfolded.delete(id)) unfolded.add(id);
    dress();
  }
});

// The list does not move under a finger.
document.addEventListener("pointerdown", () => {
  touchedAt = performance.now();
  setTimeout(release, HOLD_MS + 10); // should the finger be lifted where we do not hear of it
  sound.enable();
});
for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, () => {
    touchedAt = -Infinity;
    setTimeout(release, 0); // after the click that follows
  });
}

function release() {
  if (waiting !== null) show(waiting);
}

document.addEventListener("visibilitychange", sayWhetherWeSound);
byId("sound-off").addEventListener("click", () => sound.enable());

dress();
connect();
setInterval(() => { age(); watch(); }, 1000);
