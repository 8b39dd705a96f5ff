'use strict';
const canvas = document.querySelector('.grid canvas');
const hover = document.getElementById('hover');
const search = document.getElementById('search');
const found = document.getElementById('found');
const sheet = JSON.parse(canvas.dataset.sheet);
const width = sheet.columns * sheet.side;
const height = sheet.rows * sheet.side;
const pictureOf = new Map(sheet.cells.map((cell, picture) => [cell, picture]));
const context = canvas.getContext('2d');
const MOST_DECODED = 160;
const MOST_DECODING = 6;
const decoded = new Map();
const decoding = new Set();
let wanted = [];
let view = { scale: 1, x: 0, y: 0 };
let matches = null;
let due = false;
let untouched = true;

function redraw() {
  if (!due) {
    due = true;
    requestAnimationFrame(draw);
  }
}

function size(side, level) {
  let result = side;
  for (let i = 0; i < level; i++) {
    result = Math.ceil(result / 2);
  }
  return result;
}

function decode() {
  while (wanted.length && decoding.size < MOST_DECODING) {
    const key = wanted.shift();
    const image = new Image();
    decoding.add(key);
    const done = () => {
      decoding.delete(key);
      decoded.set(key, image);
      for (const old of decoded.keys()) {
        if (decoded.size <= MOST_DECODED) {
          break;
        }
        decoded.delete(old);
      }
      redraw();
    };
    image.src = 'data:image/jpeg;base64,' + tiles.get(key);
    image.decode().then(done, done);
  }
}

/** Tiles of a level in view; those not decoded yet are asked for if the level is the one to show. */
function drawLevel(level, ask) {
  const factor = 2 ** level;
  const step = sheet.tile * factor * view.scale;
  const columns = Math.ceil(size(width, level) / sheet.tile);
  const rows = Math.ceil(size(height, level) / sheet.tile);
  const left = Math.max(0, Math.floor(-view.x / step));
  const top = Math.max(0, Math.floor(-view.y / step));
  const right = Math.min(columns - 1, Math.floor((canvas.width - view.x) / step));
  const bottom = Math.min(rows - 1, Math.floor((canvas.height - view.y) / step));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const key = level + '/' + column + '/' + row;
      const image = decoded.get(key);
      if (image) {
        decoded.delete(key);
        decoded.set(key, image);
        const x = Math.round(view.x + column * step);
        const y = Math.round(view.y + row * step);
        context.drawImage(image, x, y, Math.round(view.x + column * step + image.width * factor * view.scale) - x,
          Math.round(view.y + row * step + image.height * factor * view.scale) - y);
      } else if (ask && !decoding.has(key) && tiles.has(key)) {
        wanted.push(key);
      }
    }
  }
}

function draw() {
  due = false;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = view.scale < 2;
  const level = Math.max(0, Math.min(sheet.levels - 1, Math.floor(-Math.log2(view.scale) + 0.25)));
  wanted = [];
  for (let coarser = sheet.levels - 1; coarser >= level; coarser--) {
    drawLevel(coarser, coarser === level || coarser === sheet.levels - 1);
  }
  if (matches) {
    mark();
  }
  decode();
}

/** Dims what does not match. */
function mark() {
  const side = sheet.side * view.scale;
  context.fillStyle = 'rgba(20, 20, 24, .72)';
  const left = Math.max(0, Math.floor(-view.x / side));
  const right = Math.min(sheet.columns - 1, Math.floor((canvas.width - view.x) / side));
  const top = Math.max(0, Math.floor(-view.y / side));
  const bottom = Math.min(sheet.rows - 1, Math.floor((canvas.height - view.y) / side));
  context.beginPath();
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const picture = pictureOf.get(row * sheet.columns + column);
      if (picture !== undefined && !matches.has(picture)) {
        context.rect(view.x + column * side, view.y + row * side, side, side);
      }
    }
  }
  context.fill();
}

function whole() {
  const scale = Math.min(canvas.width / width, canvas.height / height);
  view = { scale, x: (canvas.width - width * scale) / 2, y: (canvas.height - height * scale) / 2 };
  redraw();
}

function zoom(factor, x, y) {
  untouched = false;
  const least = Math.min(1, canvas.width / width, canvas.height / height) / 2;
  const scale = Math.min(16, Math.max(least, view.scale * factor));
  const change = scale / view.scale;
  view = { scale, x: x - (x - view.x) * change, y: y - (y - view.y) * change };
  redraw();
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  const ratio = canvas.width / box.width;
  return { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio };
}

function pictureAt(point) {
  const column = Math.floor((point.x - view.x) / view.scale / sheet.side);
  const row = Math.floor((point.y - view.y) / view.scale / sheet.side);
  const inside = column >= 0 && column < sheet.columns && row >= 0 && row < sheet.rows;
  return inside ? pictureOf.get(row * sheet.columns + column) : undefined;
}

function say(event) {
  const picture = pictureAt(place(event));
  if (picture === undefined) {
    hover.style.visibility = 'hidden';
    return;
  }
  const predicted = sheet.predictedNames[sheet.predicted[picture]];
  hover.textContent = sheet.names[picture] + (predicted ? ' → ' + predicted : '');
  const box = canvas.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  hover.style.left = Math.max(0, x + 14 + hover.offsetWidth > box.width ? x - 14 - hover.offsetWidth : x + 14) + 'px';
  hover.style.top = Math.max(0, y + 14 + hover.offsetHeight > box.height ? y - 14 - hover.offsetHeight : y + 14) + 'px';
  hover.style.visibility = 'visible';
}

const pointers = new Map();
canvas.addEventListener('pointerdown', event => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, place(event));
});
canvas.addEventListener('pointermove', event => {
  const before = pointers.get(event.pointerId);
  const now = place(event);
  if (before) {
    pointers.set(event.pointerId, now);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(entry => entry[1]);
    if (others.length) {
      const other = others[0];
      zoom(Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y)),
        other.x, other.y);
    } else {
      untouched = false;
      view.x += now.x - before.x;
      view.y += now.y - before.y;
      redraw();
    }
  }
  say(event);
});
for (const end of ['pointerup', 'pointercancel']) {
  canvas.addEventListener(end, event => pointers.delete(event.pointerId));
}
canvas.addEventListener('pointerleave', () => { hover.style.visibility = 'hidden'; });
canvas.addEventListener('wheel', event => {
  event.preventDefault();
  const point = place(event);
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), point.x, point.y);
  say(event);
}, { passive: false });
canvas.addEventListener('dblclick', event => {
  const point = place(event);
  zoom(event.shiftKey ? 0.5 : 2, point.x, point.y);
});
canvas.addEventListener('keydown', event => {
  const step = canvas.height / 8;
  const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (moves[event.key]) {
    untouched = false;
    view.x += moves[event.key][0];
    view.y += moves[event.key][1];
    redraw();
  } else if (event.key === '+' || event.key === '=') {
    zoom(1.5, canvas.width / 2, canvas.height / 2);
  } else if (event.key === '-') {
    zoom(1 / 1.5, canvas.width / 2, canvas.height / 2);
  } else if (event.key === '0') {
    whole();
  } else {
    return;
  }
  event.preventDefault();
});
search.addEventListener('input', () => {
  const text = search.value.trim().toLowerCase();
  matches = text ? new Set() : null;
  if (text) {
    sheet.names.forEach((name, picture) => {
      const said = name + ' ' + sheet.predictedNames[sheet.predicted[picture]];
      if (said.toLowerCase().includes(text)) {
        matches.add(picture);
      }
    });
  }
  found.textContent = matches ? matches.size + (matches.size === 1 ? ' picture' : ' pictures') : '';
  redraw();
});
new ResizeObserver(() => {
  const box = canvas.getBoundingClientRect();
  canvas.width = Math.round(box.width * devicePixelRatio);
  canvas.height = Math.round(box.height * devicePixelRatio);
  if (untouched) {
    whole();
  } else {
    redraw();
  }
}).observe(canvas);
