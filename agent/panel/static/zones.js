// Draws zones on the outline of a room, by finger, mouse or keys, and carries them to the gateway.

const ANSWER_MS = 6000;
const POLL_MS = 1000;
const FORGET_MS = 10 * 60 * 1000; // nobody needs the outline of a room for longer, and a panel hangs in a corridor
const GRAB = 0.035; // share of the picture's width: a finger
const WIDTH = 1600; // units of the sheet; its height follows the outline
const STEP = 0.01;
const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);
const page = byId("zones");
const { camera, words, limits } = JSON.parse(page.dataset.drawing);
const sheet = byId("sheet");
const url = `/api/v1/site/camera/${encodeURIComponent(camera.id)}`;

let zones = copyOf(camera.facts.zones);
let view = camera.facts.view;
let known = setOf(camera.facts); // what is set, as this page knows it
let shape = 0.75; // height of the picture for its width
let chosen = zones.length ? 0 : -1;
let corner = -1; // of the chosen zone, which is moved or taken out
let dragging = false;
let keys = null; // where the keys are: [x, y], shown once they are used
let carried = false; // Enter has picked the corner up
let forget = 0;

function copyOf(list) {
  return list.map(({ kind, polygon, name = "", bed = "" }) => ({ kind, polygon: polygon.map((one) => [...one]), name, bed }));
}

function setOf(facts) {
  return JSON.stringify([copyOf(facts.zones), facts.view]);
}

// ---- what is shown

function draw() {
  sheet.setAttribute("viewBox", `0 0 ${WIDTH} ${WIDTH * shape}`);
  sheet.replaceChildren(...zones.flatMap((zone, number) => drawn(zone, number)), ...cross());
  byId("one").hidden = chosen < 0;
  list();
  const zone = zones[chosen];
  for (const button of page.querySelectorAll("[data-kind]")) press(button, zone?.kind === button.dataset.kind);
  for (const button of page.querySelectorAll("[data-bed]")) press(button, zone?.bed === button.dataset.bed);
  for (const button of page.querySelectorAll("[data-view-from]")) press(button, view === button.dataset.viewFrom);
  if (byId("of-bed")) byId("of-bed").hidden = zone?.kind !== "bed";
  if (zone && document.activeElement !== byId("zone-name")) byId("zone-name").value = zone.name;
  byId("corner-out").disabled = corner < 0;
  byId("new").disabled = zones.length >= limits.zones;
}

function press(button, is) {
  button.setAttribute("aria-pressed", String(is));
}

function made(kind, attributes, text) {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}

const across = ([x]) => x * WIDTH;
const down = ([, y]) => y * WIDTH * shape;

function drawn(zone, number) {
  const is = number === chosen;
  const points = zone.polygon.map((one) => `${across(one)},${down(one)}`).join(" ");
  const parts = [made(zone.polygon.length > 2 ? "polygon" : "polyline", { points, class: `${zone.kind}${is ? " chosen" : ""}` })];
  if (zone.polygon.length > 2) {
    const middle = [0, 1].map((axis) => zone.polygon.reduce((sum, one) => sum + one[axis], 0) / zone.polygon.length);
    parts.push(made("text", { x: across(middle), y: down(middle), class: "label" }, label(zone)));
  }
  if (is) {
    zone.polygon.forEach((one, at) => {
      parts.push(made("circle", { cx: across(one), cy: down(one), r: 24, class: at === corner ? "corner chosen" : "corner" }));
    });
  }
  return parts;
}

function cross() {
  if (!keys) return [];
  const [x, y] = [across(keys), down(keys)];
  return [made("path", { d: `M${x - 50} ${y}h100M${x} ${y - 50}v100`, class: carried ? "cross carried" : "cross" })];
}

function label(zone) {
  const what = zone.bed ? words.zone_of_bed.replace("#", () => zone.bed) : words[`zone_${zone.kind}`];
  return [what, zone.name].filter(Boolean).join(" · ");
}

function list() {
  const buttons = zones.map((zone, number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = zone.kind;
    button.dataset.zone = number;
    button.setAttribute("role", "option");
    button.setAttribute("aria-selected", String(number === chosen));
    button.textContent = label(zone);
    return button;
  });
  const focused = document.activeElement?.dataset?.zone;
  byId("list").replaceChildren(...buttons);
  if (focused !== undefined) buttons[focused]?.focus();
}

// ---- the outline

async function ask() {
  byId("ask").disabled = true;
  const answer = await sent(`/api/v1/cameras/${encodeURIComponent(camera.id)}/outline`, "POST", {});
  byId("ask").disabled = false;
  if (!answer) return;
  const { width, height, bits } = answer;
  const canvas = byId("outline");
  [canvas.width, canvas.height] = [width, height];
  const picture = new ImageData(width, height);
  const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const edge = (bytes[pixel >> 3] >> (7 - (pixel & 7))) & 1;
    picture.data.set(edge ? [240, 243, 246, 255] : [11, 15, 19, 255], 4 * pixel);
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
  shape = height / width;
  canvas.classList.add("shown");
  note("");
  clearTimeout(forget);
  forget = setTimeout(forgetOutline, FORGET_MS);
  draw();
}

function forgetOutline() {
  const canvas = byId("outline");
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  canvas.classList.remove("shown");
  note(words.outline_gone);
}

function note(text) {
  byId("outline-note").textContent = text;
  byId("outline-note").hidden = !text;
}

// ---- by finger and mouse

function pointAt(event) {
  const box = sheet.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map(inside);
}

function inside(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
}

function nearest(point) {
  const polygon = zones[chosen]?.polygon ?? [];
  const far = polygon.map(([x, y]) => Math.hypot(x - point[0], (y - point[1]) * shape));
  const least = Math.min(...far);
  return least <= GRAB ? far.indexOf(least) : -1;
}

// Between the two corners whose edge lies closest; while there are fewer than three, at the end.
function put(point) {
  const polygon = zones[chosen].polygon;
  if (polygon.length >= limits.corners) return say(words.most_corners);
  let after = polygon.length - 1;
  if (polygon.length > 2) {
    const gain = polygon.map((one, at) => {
      const next = polygon[(at + 1) % polygon.length];
      return length(one, point) + length(point, next) - length(one, next);
    });
    after = gain.indexOf(Math.min(...gain));
  }
  polygon.splice(after + 1, 0, point);
  corner = after + 1;
  changed();
}

function length([x, y], [u, v]) {
  return Math.hypot(x - u, (y - v) * shape);
}

sheet.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  const point = pointAt(event);
  keys = null;
  carried = false;
  if (chosen < 0) begin();
  const near = nearest(point);
  if (near >= 0) corner = near;
  else put(point);
  dragging = corner >= 0;
  sheet.setPointerCapture(event.pointerId);
  event.preventDefault();
  sheet.focus();
  draw();
});

sheet.addEventListener("pointermove", (event) => {
  if (!dragging) return;
  zones[chosen].polygon[corner] = pointAt(event);
  changed();
});

for (const kind of ["pointerup", "pointercancel"]) sheet.addEventListener(kind, () => { dragging = false; });

// ---- by keys

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

sheet.addEventListener("keydown", (event) => {
  const arrow = ARROWS[event.key];
  if (arrow) {
    const step = event.shiftKey ? 5 * STEP : STEP;
    keys = (keys ?? [0.5, 0.5]).map((share, axis) => inside(share + arrow[axis] * step));
    if (carried) {
      zones[chosen].polygon[corner] = [...keys];
      changed();
    }
  } else if (event.key === "Enter" || event.key === " ") {
    atKeys();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    cornerOut();
  } else if (event.key === "Escape") {
    carried = false;
  } else {
    return;
  }
  event.preventDefault();
  draw();
});

function atKeys() {
  keys ??= [0.5, 0.5];
  if (chosen < 0) begin();
  if (carried) {
    carried = false;
    return;
  }
  const near = nearest(keys);
  if (near < 0) return void put([...keys]);
  corner = near;
  keys = [...zones[chosen].polygon[near]];
  carried = true;
}

// ---- zones

function begin() {
  if (zones.length >= limits.zones) return say(words.most_zones);
  zones.push({ kind: "floor", polygon: [], name: "", bed: "" });
  chosen = zones.length - 1;
  corner = -1;
  changed();
}

function cornerOut() {
  if (corner < 0) return;
  zones[chosen].polygon.splice(corner, 1);
  corner = -1;
  carried = false;
  changed();
}

function choose(number) {
  chosen = number;
  corner = -1;
  carried = false;
  draw();
}

function changed() {
  say(words.zones_unsaved);
  problems([]);
  draw();
}

function say(text) {
  byId("saved").textContent = text;
}

page.addEventListener("click", (event) => {
  const { zone, kind, bed, viewFrom } = event.target.closest("button")?.dataset ?? {};
  if (zone !== undefined) return choose(Number(zone));
  if (kind) Object.assign(zones[chosen], { kind, bed: kind === "bed" ? zones[chosen].bed : "" });
  else if (bed !== undefined) zones[chosen].bed = bed;
  else if (viewFrom) view = viewFrom;
  else return undefined;
  return changed();
});

byId("zone-name").addEventListener("input", (event) => {
  zones[chosen].name = event.target.value;
  changed();
});
byId("ask").addEventListener("click", ask);
byId("new").addEventListener("click", begin);
byId("corner-out").addEventListener("click", cornerOut);
byId("zone-out").addEventListener("click", () => {
  zones.splice(chosen, 1);
  chosen = Math.min(chosen, zones.length - 1);
  corner = -1;
  changed();
});
byId("discard").addEventListener("click", () => location.reload());

// ---- to the gateway

async function sent(to, method, body) {
  try {
    const answer = await fetch(to, {
      method,
      headers: { "Content-Type": "application/json", "X-Nightlamp": "1" },
      body: body === null ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const told = await answer.json();
    if (answer.ok) return told;
    problems(told.problems?.map(({ key, text }) => named(key, text)) ?? [`${told.message} · ${told.cure}`]);
  } catch {
    problems([byId("toast").dataset.notSent]);
  }
  return null;
}

// "camera.0.zones.1.polygon" is of the second zone: say which, and show it.
function named(key, text) {
  const number = Number(/\.zones\.(\d+)/.exec(key)?.[1] ?? -1);
  if (number < 0 || !zones[number]) return text;
  choose(number);
  return `${label(zones[number])}: ${text}`;
}

function problems(texts) {
  const box = byId("problems");
  box.hidden = !texts.length;
  box.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

async function save() {
  const few = zones.findIndex((zone) => zone.polygon.length < limits.fewest);
  if (few >= 0) {
    choose(few);
    problems([words.few_corners]);
    return;
  }
  byId("save").disabled = true;
  // mode and threshold may have been changed by somebody else meanwhile: only what is drawn here is ours
  const now = await sent("/api/v1/cameras", "GET", null);
  const facts = now?.cameras.find(({ id }) => id === camera.id)?.facts;
  if (facts && setOf(facts) !== known) {
    byId("save").disabled = false;
    problems([words.zones_changed]);
    return;
  }
  const drawn = zones.map(({ kind, polygon, name, bed }) => ({ kind, polygon, name, ...(bed ? { bed } : {}) }));
  const kept = facts && await sent(url, "PUT", { ...facts, zones: drawn, view });
  byId("save").disabled = false;
  if (!kept) return;
  known = setOf({ zones: drawn, view });
  say(words.zones_saved);
  problems([]);
  hold();
}

async function hold() {
  const now = await sent("/api/v1/cameras", "GET", null);
  if (byId("saved").textContent !== words.zones_saved) return; // something else is to be said by now
  if (now?.cameras.find(({ id }) => id === camera.id)?.being_set === false) say(words.zones_held);
  else setTimeout(hold, POLL_MS);
}

byId("save").addEventListener("click", save);

draw();
