'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer;
  const count = data.names.length;
  const layers = data.layers.map(layer => ({
    ...layer,
    points: new Float32Array(bytes(layer.points)),
    near: new Int32Array(bytes(layer.near)),
    kept: new Uint8Array(bytes(layer.kept)),
  }));
  const columns = data.columns.map(column => ({...column, values: new Float32Array(bytes(column.values))}));

  /* Colors: Okabe and Ito's, then others; cividis for amounts, blue to orange about zero. */
  const named = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56b4e9', '#5b3fa0', '#7a4a1e', '#1a1c1f', '#8f9f1e'];
  const amounts = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'];
  const signed = ['#08519c', '#3182bd', '#6baed6', '#b4cfe4', '#d9d9d9', '#f3c39c', '#f08a3c', '#d45f0a', '#8f3a00'];
  const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
  const between = (stops, share) => {
    const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(place));
    const a = rgb(stops[low]), b = rgb(stops[low + 1]);
    return a.map((value, i) => Math.round(value + (b[i] - value) * (place - low)));
  };
  const category = index => {
    if (index < named.length) return rgb(named[index]);
    const hue = index * 137.508 % 360, light = index % 3 === 0 ? 38 : index % 3 === 1 ? 52 : 66;
    const s = 0.55, l = light / 100, chroma = s * Math.min(l, 1 - l);
    return [0, 8, 4].map(n => {
      const k = (n + hue / 30) % 12;
      return Math.round(255 * (l - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
    });
  };

  /* State. */
  let at = 0, color = 0, lasso = false, hovered = -1, misplaced = false, words = '';
  const view = {scale: 1, x: 0, y: 0};
  const hidden = columns.map(() => new Set());
  let selected = [];
  const colors = new Uint8Array(4 * count);

  const place = point => {
    const low = Math.floor(at), high = Math.min(layers.length - 1, low + 1), t = at - low;
    const a = layers[low].points, b = layers[high].points;
    return [a[2 * point] * (1 - t) + b[2 * point] * t, a[2 * point + 1] * (1 - t) + b[2 * point + 1] * t];
  };
  const toScreen = point => {
    const [x, y] = place(point);
    return [x * view.scale + view.x, -y * view.scale + view.y];
  };
  const isShown = point => colors[4 * point + 3] > 0;

  /* Drawing. */
  const box = $('map'), canvas = $('points'), over = $('over');
  const gl = canvas.getContext('webgl', {antialias: true, preserveDrawingBuffer: true});
  const pen = over.getContext('2d');
  let program, buffers;
  if (gl) {
    const shader = (type, text) => {
      const made = gl.createShader(type);
      gl.shaderSource(made, text);
      gl.compileShader(made);
      return made;
    };
    program = gl.createProgram();
    gl.attachShader(program, shader(gl.VERTEX_SHADER, `
      attribute vec2 a, b; attribute vec4 color; uniform float t, size; uniform vec2 scale, offset; varying vec4 shade;
      void main() {
        vec2 p = mix(a, b, t) * scale + offset;
        gl_Position = color.a > 0.0 ? vec4(p, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
        gl_PointSize = size; shade = color;
      }`));
    gl.attachShader(program, shader(gl.FRAGMENT_SHADER, `
      precision mediump float; varying vec4 shade;
      void main() {
        float r = length(gl_PointCoord - 0.5) * 2.0;
        float alpha = shade.a * (1.0 - smoothstep(0.8, 1.0, r));
        gl_FragColor = vec4(shade.rgb * alpha, alpha);
      }`));
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    buffers = {color: gl.createBuffer(), layers: layers.map(layer => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, layer.points, gl.STATIC_DRAW);
      return buffer;
    })};
  } else {
    $('none').hidden = false;
  }

  const attribute = (name, buffer, size, type, normal) => {
    const where = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(where);
    gl.vertexAttribPointer(where, size, type, normal, 0, 0);
  };
  let asked = false;
  const draw = () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => { asked = false; drawNow(); });
    }
  };
  const pointSize = () => Math.max(2.5, Math.min(12, 700 / Math.sqrt(count) * Math.sqrt(view.scale / fitted)));
  let fitted = 1;
  const drawNow = () => {
    const ratio = devicePixelRatio || 1, width = box.clientWidth, height = box.clientHeight;
    for (const surface of [canvas, over]) {
      if (surface.width !== Math.round(width * ratio) || surface.height !== Math.round(height * ratio)) {
        surface.width = Math.round(width * ratio);
        surface.height = Math.round(height * ratio);
      }
    }
    if (gl) {
      const low = Math.floor(at), high = Math.min(layers.length - 1, low + 1);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0.984, 0.984, 0.976, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      attribute('a', buffers.layers[low], 2, gl.FLOAT, false);
      attribute('b', buffers.layers[high], 2, gl.FLOAT, false);
      attribute('color', buffers.color, 4, gl.UNSIGNED_BYTE, true);
      const uniform = name => gl.getUniformLocation(program, name);
      gl.uniform1f(uniform('t'), at - low);
      gl.uniform1f(uniform('size'), pointSize() * ratio);
      gl.uniform2f(uniform('scale'), 2 * view.scale / width, 2 * view.scale / height);
      gl.uniform2f(uniform('offset'), 2 * view.x / width - 1, 1 - 2 * view.y / height);
      gl.drawArrays(gl.POINTS, 0, count);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const near = [];
    for (let point = 0; point < count && near.length <= 300; point++) {
      if (!isShown(point)) continue;
      const [x, y] = toScreen(point);
      if (x > -40 && y > -40 && x < width + 40 && y < height + 40) near.push([point, x, y]);
    }
    if (data.thumbnails && near.length <= 300) {
      const side = Math.max(16, Math.min(96, 0.5 * Math.sqrt(width * height / Math.max(1, near.length))));
      for (const [point, x, y] of near) {
        picture(pen, point, x - side / 2, y - side / 2, side);
        pen.lineWidth = 2.5;
        pen.strokeStyle = `rgb(${colors[4 * point]},${colors[4 * point + 1]},${colors[4 * point + 2]})`;
        pen.strokeRect(x - side / 2, y - side / 2, side, side);
      }
    }
    pen.lineWidth = 1.5;
    pen.strokeStyle = '#1a1c1f';
    for (const point of selected.slice(0, 4000)) ring(point, pointSize() / 2 + 2);
    if (hovered >= 0) {
      pen.strokeStyle = '#1a1c1f66';
      const [x, y] = toScreen(hovered);
      for (const other of neighbors(hovered)) {
        const [otherX, otherY] = toScreen(other);
        pen.beginPath(); pen.moveTo(x, y); pen.lineTo(otherX, otherY); pen.stroke();
      }
      pen.strokeStyle = '#1a1c1f';
      pen.lineWidth = 2.5;
      ring(hovered, pointSize() / 2 + 4);
    }
    if (path.length > 1) {
      pen.beginPath();
      path.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y));
      pen.closePath();
      pen.fillStyle = '#0072b222'; pen.fill();
      pen.strokeStyle = '#0072b2'; pen.lineWidth = 1.5; pen.stroke();
    }
  };
  const ring = (point, radius) => {
    const [x, y] = toScreen(point);
    pen.beginPath(); pen.arc(x, y, radius, 0, 7); pen.stroke();
  };

  /* Pictures, from sheets of thumbnails. */
  const sheets = data.thumbnails ? data.thumbnails.sheets.map(source => {
    const image = new Image();
    image.onload = draw;
    image.src = source;
    return image;
  }) : [];
  const picture = (target, point, x, y, side) => {
    const {across, side: own} = data.thumbnails, each = across * across;
    const sheet = sheets[Math.floor(point / each)], cell = point % each;
    if (sheet.complete && sheet.naturalWidth) {
      target.drawImage(sheet, cell % across * own, Math.floor(cell / across) * own, own, own, x, y, side, side);
    }
  };
  const thumbnail = (point, side) => {
    const made = document.createElement('canvas');
    made.className = 'picture';
    made.width = made.height = 2 * side;
    made.style.width = made.style.height = side + 'px';
    made.title = data.names[point];
    picture(made.getContext('2d'), point, 0, 0, 2 * side);
    return made;
  };
  const neighbors = point => {
    const layer = layers[Math.round(at)], each = data.near;
    return [...new Set(layer.near.subarray(point * each, point * each + each))].filter(other => other !== point);
  };

  /* Properties. */
  const text = (column, point) => {
    const value = column.values[point];
    return Number.isNaN(value) ? '' : column.words.length ? column.words[value] : String(+value.toPrecision(3));
  };
  const range = column => {
    const known = column.values.filter(value => !Number.isNaN(value)).sort();
    const low = known[Math.floor(0.02 * (known.length - 1))], high = known[Math.ceil(0.98 * (known.length - 1))];
    if (low < 0 && high > 0 && Math.min(-low, high) > 0.1 * Math.max(-low, high)) {
      const most = Math.max(-low, high);
      return {low: -most, high: most, stops: signed};
    }
    return {low, high: high > low ? high : low + 1, stops: amounts};
  };
  const paint = () => {
    const column = columns[color], spread = column && !column.words.length ? range(column) : null;
    const kept = layers[Math.round(at)].kept;
    for (let point = 0; point < count; point++) {
      const value = column ? column.values[point] : NaN;
      const gone = column && column.words.length && hidden[color].has(Number.isNaN(value) ? -1 : value);
      let shade = [150, 150, 150];
      if (column && !Number.isNaN(value)) {
        shade = spread ? between(spread.stops, (value - spread.low) / (spread.high - spread.low)) : category(value);
      }
      let alpha = 225;
      if (words && !matches(point)) alpha = 28;
      if (misplaced && kept[point] > 1) alpha = 28;
      colors.set([...shade, gone ? 0 : alpha], 4 * point);
    }
    if (gl) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers.color);
      gl.bufferData(gl.ARRAY_BUFFER, colors, gl.DYNAMIC_DRAW);
    }
    draw();
  };
  const matches = point => data.names[point].toLowerCase().includes(words)
      || columns.some(column => column.words.length && text(column, point).toLowerCase().includes(words));
  const element = (tag, content, style) => {
    const made = document.createElement(tag);
    if (content !== undefined) made.textContent = content;
    if (style) made.style.cssText = style;
    return made;
  };
  const legend = () => {
    const target = $('legend');
    target.replaceChildren();
    const column = columns[color];
    if (!column) return;
    target.append(element('p', column.meaning, 'font-size:12px'));
    if (!column.words.length) {
      const {low, high, stops} = range(column);
      const bar = element('div', '', `background:linear-gradient(90deg,${stops.join(',')})`);
      bar.className = 'bar';
      const ends = element('div');
      ends.className = 'ends';
      ends.append(element('span', '≤ ' + +low.toPrecision(3)), element('span', '≥ ' + +high.toPrecision(3)));
      target.append(bar, ends);
      return;
    }
    if (column.words.length > named.length) {
      const note = element('p', `${column.words.length} categories are more than eyes tell apart by color: click a name to hide it, double-click to see it alone.`);
      note.className = 'small';
      target.append(note);
    }
    const counts = new Map();
    for (const value of column.values) counts.set(value, (counts.get(value) || 0) + 1);
    const list = element('div');
    list.className = 'list';
    column.words.forEach((word, index) => {
      const row = element('button');
      row.setAttribute('aria-pressed', !hidden[color].has(index));
      const dot = element('i', '', `background:rgb(${category(index)})`);
      const number = element('span', counts.get(index) || 0);
      number.className = 'count';
      row.append(dot, element('span', word), number);
      row.onclick = () => {
        hidden[color].has(index) ? hidden[color].delete(index) : hidden[color].add(index);
        legend(); paint();
      };
      row.ondblclick = () => {
        const alone = column.words.every((_, other) => other === index || hidden[color].has(other));
        hidden[color] = new Set(alone ? [] : column.words.keys());
        hidden[color].delete(index);
        if (!alone) hidden[color].add(-1);
        legend(); paint();
      };
      list.append(row);
    });
    const all = element('button', 'All'), none = element('button', 'None');
    all.onclick = () => { hidden[color].clear(); legend(); paint(); };
    none.onclick = () => { hidden[color] = new Set([-1, ...column.words.keys()]); legend(); paint(); };
    all.style.width = none.style.width = 'auto';
    target.append(list, all, none);
  };

  /* What is told of a layer. */
  const percent = value => (100 * value).toFixed(1) + ' %';
  const about = () => {
    const layer = layers[Math.round(at)];
    $('layer-name').textContent = layer.layer;
    const rows = [];
    if (layer.quality) {
      const number = (value, digits) => Number.isFinite(+value) ? (+value).toFixed(digits) : '–';
      rows.push(['Trustworthiness', number(layer.quality.trustworthiness, 3)], ['Continuity', number(layer.quality.continuity, 3)],
          ['10 nearest kept', percent(layer.quality.preservation)], ['Distances, rank correlation', number(layer.quality.distances, 2)]);
    }
    if (layer.separability !== null) rows.push(['10-NN accuracy', percent(layer.separability)]);
    $('quality').replaceChildren(...rows.map(([name, value]) => {
      const row = element('tr');
      row.append(element('td', name), element('td', value));
      return row;
    }));
    const found = [...layer.groupings].sort((one, other) => other.neighbors - one.neighbors);
    $('groupings').hidden = !found.length;
    $('grouping-rows').replaceChildren(...found.map(group => {
      const row = element('tr');
      if (group.neighbors <= Math.max(0, group.neighborsByChance)) row.className = 'chance';
      row.title = `by chance: ${percent(group.neighborsByChance)} and ${percent(group.componentsByChance)}`;
      row.append(element('td', group.property), element('td', percent(Math.max(0, group.neighbors))), element('td', percent(group.components)));
      return row;
    }));
  };
  const card = point => {
    const made = document.createDocumentFragment();
    made.append(element('b', data.names[point]));
    if (data.thumbnails) made.append(thumbnail(point, 96));
    for (const column of columns.slice(0, 5).concat(color > 4 ? [columns[color]] : [])) {
      const value = text(column, point);
      if (value) made.append(element('div', `${column.id}: ${value}`));
    }
    const others = neighbors(point);
    if (others.length) {
      made.append(element('div', 'nearest in the codes:', 'margin-top:4px;color:#55595f'));
      others.forEach(other => made.append(data.thumbnails ? thumbnail(other, 36) : element('div', data.names[other])));
    }
    return made;
  };
  const select = points => {
    selected = points;
    const target = $('selection');
    target.replaceChildren();
    target.hidden = !points.length;
    if (points.length) {
      target.append(element('h2', `${points.length} selected`));
      const column = columns.find((one, index) => index === color && one.words.length) || columns.find(one => one.words.length);
      if (column) {
        const counts = new Map();
        points.forEach(point => counts.set(text(column, point), (counts.get(text(column, point)) || 0) + 1));
        const most = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 6);
        target.append(element('p', most.map(([word, number]) => `${word || 'none'} ${number}`).join(', ') + (counts.size > 6 ? ', …' : '')));
      }
      const list = element('div');
      list.className = 'list';
      points.slice(0, 200).forEach(point => list.append(data.thumbnails ? thumbnail(point, 44) : element('div', data.names[point])));
      target.append(list);
      if (points.length > 200) target.append(element('p', `and ${points.length - 200} more`));
    }
    draw();
  };

  /* Moving about. */
  const fit = () => {
    const width = box.clientWidth, height = box.clientHeight;
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
    for (const layer of layers) {
      for (let i = 0; i < layer.points.length; i += 2) {
        left = Math.min(left, layer.points[i]); right = Math.max(right, layer.points[i]);
        top = Math.min(top, layer.points[i + 1]); bottom = Math.max(bottom, layer.points[i + 1]);
      }
    }
    view.scale = 0.92 * Math.min(width / (right - left || 1), height / (bottom - top || 1));
    view.x = width / 2 - view.scale * (left + right) / 2;
    view.y = height / 2 + view.scale * (top + bottom) / 2;
    fitted = view.scale;
    draw();
  };
  const zoom = (factor, x, y) => {
    const limited = Math.max(0.2 * fitted, Math.min(2000 * fitted, view.scale * factor)) / view.scale;
    view.x = x - (x - view.x) * limited;
    view.y = y - (y - view.y) * limited;
    view.scale *= limited;
    draw();
  };
  const pick = (x, y) => {
    let best = -1, least = 14 * 14;
    for (let point = 0; point < count; point++) {
      if (!isShown(point)) continue;
      const [pointX, pointY] = toScreen(point), square = (pointX - x) ** 2 + (pointY - y) ** 2;
      if (square < least) { least = square; best = point; }
    }
    return best;
  };
  const inside = polygon => {
    const found = [];
    for (let point = 0; point < count; point++) {
      if (!isShown(point)) continue;
      const [x, y] = toScreen(point);
      let odd = false;
      for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
        const [ax, ay] = polygon[i], [bx, by] = polygon[j];
        if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) odd = !odd;
      }
      if (odd) found.push(point);
    }
    return found;
  };
  let held = null, path = [];
  box.addEventListener('pointerdown', event => {
    box.focus({preventScroll: true});
    box.setPointerCapture(event.pointerId);
    held = {x: event.offsetX, y: event.offsetY};
    path = lasso || event.shiftKey ? [[event.offsetX, event.offsetY]] : [];
    $('tip').hidden = true;
  });
  box.addEventListener('pointermove', event => {
    const x = event.offsetX, y = event.offsetY;
    if (held && path.length) {
      path.push([x, y]);
      draw();
    } else if (held) {
      view.x += x - held.x; view.y += y - held.y;
      held = {x, y};
      draw();
    } else {
      hover(pick(x, y), x, y);
    }
  });
  box.addEventListener('pointerup', () => {
    if (path.length > 2) select(inside(path));
    held = null; path = [];
    draw();
  });
  box.addEventListener('pointerleave', () => hover(-1, 0, 0));
  box.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
  }, {passive: false});
  const hover = (point, x, y) => {
    if (point !== hovered) {
      hovered = point;
      $('tip').hidden = point < 0;
      if (point >= 0) $('tip').replaceChildren(card(point));
      draw();
    }
    if (point >= 0) {
      const tip = $('tip');
      tip.style.left = (x + tip.offsetWidth + 24 < box.clientWidth ? x + 16 : Math.max(0, x - tip.offsetWidth - 16)) + 'px';
      tip.style.top = Math.max(0, Math.min(y + 12, box.clientHeight - tip.offsetHeight - 4)) + 'px';
    }
  };
  const go = layer => {
    at = Math.max(0, Math.min(layers.length - 1, layer));
    $('layer').value = at;
    about(); paint();
  };
  box.addEventListener('keydown', event => {
    const width = box.clientWidth, height = box.clientHeight, step = 60;
    const moves = {ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step]};
    if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; draw(); }
    else if (event.key === '+' || event.key === '=') zoom(1.3, width / 2, height / 2);
    else if (event.key === '-') zoom(1 / 1.3, width / 2, height / 2);
    else if (event.key === '0') fit();
    else if (event.key === '[') go(Math.ceil(at) - 1);
    else if (event.key === ']') go(Math.floor(at) + 1);
    else if (event.key === 'Escape') select([]);
    else if (event.key === '/') $('search').focus();
    else return;
    event.preventDefault();
  });
  $('layer').max = layers.length - 1;
  $('layers').hidden = layers.length < 2;
  $('layer').addEventListener('input', event => { at = +event.target.value; about(); paint(); });
  columns.forEach((column, index) => $('color').append(new Option(column.id, index)));
  $('color').addEventListener('change', event => { color = +event.target.value; legend(); paint(); });
  $('search').addEventListener('input', event => { words = event.target.value.trim().toLowerCase(); paint(); });
  $('search').addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !words) return;
    const found = [...Array(count).keys()].filter(point => isShown(point) && matches(point));
    select(found);
    if (found.length) {
      const [x, y] = place(found[0]);
      view.x = box.clientWidth / 2 - x * view.scale;
      view.y = box.clientHeight / 2 + y * view.scale;
      draw();
    }
  });
  $('lasso').onclick = event => { lasso = !lasso; event.target.setAttribute('aria-pressed', lasso); };
  $('misplaced').onclick = event => { misplaced = !misplaced; event.target.setAttribute('aria-pressed', misplaced); paint(); };
  $('fit').onclick = fit;
  addEventListener('resize', draw);
  color = Math.max(0, columns.findIndex(column => column.id === data.color));
  $('color').value = color;
  legend(); about(); fit(); paint();
  /* For tests in a browser. */
  window.vitrineMap = {count, toScreen, pick, inside, go, selected: () => selected, hovered: () => hovered, draws: !!gl};
})();
