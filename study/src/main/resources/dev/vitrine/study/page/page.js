'use strict';
const sliders = [...document.querySelectorAll('input[data-reach]')];
function show(slider) {
  slider.nextElementSibling.value = slider.value + ' %';
  const card = slider.closest('.card');
  if (card) card.style.setProperty('--opacity', slider.value / 100);
}
for (const slider of sliders) {
  slider.addEventListener('input', () => {
    show(slider);
    if (slider.dataset.reach !== 'all') return;
    for (const other of sliders) {
      other.value = slider.value;
      show(other);
    }
  });
  show(slider);
}
for (const choice of document.querySelectorAll('select[data-under]')) {
  const fit = () => { document.querySelector('main').dataset.under = choice.value; };
  choice.addEventListener('change', fit);
  fit();
}
const chips = [...document.querySelectorAll('button[data-family]')];
const search = document.querySelector('input[data-search]');
function filter() {
  const chosen = chips.find(chip => chip.getAttribute('aria-pressed') === 'true');
  const family = chosen ? chosen.dataset.family : '';
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of document.querySelectorAll(search.dataset.search)) {
    const name = item.dataset.name.toLowerCase();
    item.hidden = family !== '' && item.dataset.family !== family || !words.every(word => name.includes(word));
  }
  for (const group of document.querySelectorAll('.family')) {
    group.hidden = !group.querySelector('.method:not([hidden])');
  }
}
for (const chip of chips) {
  chip.addEventListener('click', () => {
    for (const other of chips) other.setAttribute('aria-pressed', other === chip);
    filter();
  });
}
if (search) {
  search.addEventListener('input', filter);
  filter();
}
