'use strict';
const frame = document.querySelector('.frame');
const field = document.querySelector('.field');
const output = document.querySelector('.viewer output');
const known = new Map();
function steps(image) {
  if (!known.has(image)) {
    const bytes = Uint8Array.from(atob(image.dataset.values), c => c.charCodeAt(0));
    known.set(image, new DataView(bytes.buffer));
  }
  return known.get(image);
}
function point(event) {
  const image = event.currentTarget;
  const [height, width] = image.dataset.size.split(' ').map(Number);
  const box = image.getBoundingClientRect();
  const column = Math.min(width - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * width)));
  const row = Math.min(height - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * height)));
  const [low, high] = image.dataset.range.split(' ').map(Number);
  const value = low + (high - low) * steps(image).getUint16(2 * (row * width + column), true) / 65535;
  const layer = image.closest('section').querySelector('h2').textContent;
  output.textContent = layer + ', channel ' + image.dataset.channel + ', row ' + row + ', column ' + column + ': '
    + value.toPrecision(3);
  const shares = image.closest('section').dataset.field.split(' ').filter(Boolean).map(Number);
  const [left, top, across, down, stepX, stepY] = shares.length ? shares : [0, 0, 1, 1, 0, 0];
  field.style.display = 'block';
  field.style.left = 100 * (left + column * stepX) + '%';
  field.style.top = 100 * (top + row * stepY) + '%';
  field.style.width = 100 * across + '%';
  field.style.height = 100 * down + '%';
}
for (const image of document.querySelectorAll('.map img')) {
  image.addEventListener('pointermove', point);
  image.addEventListener('pointerdown', point);
}
frame.addEventListener('pointerdown', () => { field.style.display = 'none'; });
