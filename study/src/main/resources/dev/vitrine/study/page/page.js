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
