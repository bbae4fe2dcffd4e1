// Takes a new picture of the page: asks for it again and replaces what is marked data-fresh and has changed. What has not
// changed stays as it is: a recording plays on, the focus stays where it is.
let running = null;
let again = false;

/** Renews the marked parts; asked for while it runs, it runs once more afterwards. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = renew().catch(() => {}).finally(() => {
    running = null;
    if (again) {
      again = false;
      refresh();
    }
  });
  return running;
}

async function renew() {
  const answer = await fetch(location.href, { cache: 'no-store' });
  if (answer.redirected || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const list of fresh.querySelectorAll('[data-fresh-list]')) renewList(document.getElementById(list.id), list);
  for (const part of fresh.querySelectorAll('[data-fresh]')) {
    const shown = document.getElementById(part.id);
    if (shown && bare(shown) !== bare(part) && !isPlaying(shown)) replace(shown, part);
  }
}

function renewList(shown, list) {
  if (!shown) return;
  const ids = new Set([...list.children].map(child => child.id));
  for (const child of [...shown.children]) if (child.id && !ids.has(child.id)) child.remove();
  for (const child of [...list.children]) if (child.id && !document.getElementById(child.id)) shown.append(document.importNode(child, true));
}

function replace(shown, part) {
  const focused = shown.contains(document.activeElement) ? document.activeElement : null;
  const key = focused && (focused.id || focused.getAttribute('href'));
  const opened = [...shown.querySelectorAll('details')].map(details => details.open);
  const next = document.importNode(part, true);
  next.querySelectorAll('details').forEach((details, i) => { details.open = opened[i] ?? details.open; });
  shown.replaceWith(next);
  if (key) [...next.querySelectorAll('[id], [href]')].find(element => element.id === key || element.getAttribute('href') === key)?.focus();
}

// As the server wrote it: times that scripts show otherwise, and what the reader opened, are no change.
function bare(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll('local-time, time-since').forEach(time => {
    time.replaceChildren();
    time.removeAttribute('title');
  });
  copy.querySelectorAll('details').forEach(details => details.removeAttribute('open'));
  return copy.outerHTML;
}

const isPlaying = part => [...part.querySelectorAll('audio')].some(audio => !audio.paused && !audio.ended);

/** A function that runs another almost at once, but at most once in so many milliseconds: what came meanwhile runs it once at the end. */
export function atMostEvery(milliseconds, action) {
  let last = -Infinity;
  let timer = null;
  return () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      last = performance.now();
      action();
    }, Math.max(0, last + milliseconds - performance.now()));
  };
}
