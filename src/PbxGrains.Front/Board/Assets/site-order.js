// Problems first. The wall is put in order only while nobody is at work in it: nothing jumps away under a finger or a focus.
import { language } from './texts.js';
import { knownOf } from './site-tile.js';

const ranks = { unreachable: 0, credentialsRejected: 1, degraded: 2, none: 3, connecting: 4, online: 5, suspended: 6 };
const names = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
const quietEnough = 4000;
const leftAlone = 60_000;

export const isProblem = health => (ranks[health] ?? 3) < 4;

function compare(one, other) {
  const [a, b] = [knownOf(one), knownOf(other)];
  return (ranks[a.health] ?? 3) - (ranks[b.health] ?? 3) || names.compare(a.name, b.name) || (one.dataset.site < other.dataset.site ? -1 : 1);
}

export class SiteOrder {
  #list;
  #touchedAt = -Infinity;
  #timer = 0;

  /** @param {HTMLElement} list the tiles' list */
  constructor(list) {
    this.#list = list;
    for (const kind of ['pointermove', 'pointerdown', 'wheel', 'keydown', 'focusin']) {
      list.addEventListener(kind, () => { this.#touchedAt = performance.now(); }, { passive: true });
    }
    list.addEventListener('focusout', () => this.want());
  }

  /** Puts the tiles in order as soon as that disturbs nobody. */
  want() {
    clearTimeout(this.#timer);
    const idle = performance.now() - this.#touchedAt;
    const busyFor = (this.#list.contains(document.activeElement) ? leftAlone : quietEnough) - idle;
    // Once for all tiles of an answer.
    this.#timer = busyFor > 0 ? setTimeout(() => this.want(), Math.min(busyFor, 1000)) : setTimeout(() => this.#sort());
  }

  #sort() {
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    const sorted = [...this.#list.children].sort(compare);
    let place = this.#list.firstElementChild;
    for (const tile of sorted) {
      if (tile === place) place = place.nextElementSibling;
      else this.#list.insertBefore(tile, place);
    }
    focused?.focus({ preventScroll: true });
  }
}
