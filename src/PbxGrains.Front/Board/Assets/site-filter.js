// Search and filter of the wall; what is chosen stands in the address, so that a wall screen can be set up by it.
import { mark, write } from './parts.js';
import { isProblem } from './site-order.js';
import { knownOf, searchable } from './site-tile.js';
import { text } from './texts.js';

export class SiteFilter {
  #form;
  #list;
  #empty;
  #told;

  /** @param {HTMLElement} wall  @param {HTMLElement} list  the tiles' list */
  constructor(wall, list) {
    this.#form = wall.querySelector('form');
    this.#list = list;
    this.#empty = wall.querySelector('[data-part=empty]');
    this.#told = wall.querySelector('[data-part=told]');
    const asked = new URLSearchParams(location.search);
    this.#form.elements.q.value = asked.get('q') ?? '';
    const health = this.#form.querySelector(`input[name=health][value="${CSS.escape(asked.get('health') ?? '')}"]`);
    if (health) health.checked = true;
    this.#form.addEventListener('input', () => { this.#remember(); this.apply(); });
    this.#form.addEventListener('submit', submitted => { submitted.preventDefault(); this.#firstShown()?.click(); });
    document.addEventListener('keydown', pressed => this.#press(pressed));
    this.apply();
  }

  /** Shows the tiles that fit, and how many there are. */
  apply() {
    const words = searchable(this.#form.elements.q.value).split(/\s+/).filter(Boolean);
    const health = this.#form.elements.health.value;
    let shown = 0;
    for (const tile of this.#list.children) {
      const fits = this.#fits(knownOf(tile), words, health);
      if (tile.hidden === fits) tile.hidden = !fits;
      if (fits) shown++;
    }
    const all = this.#list.children.length;
    this.#empty.hidden = shown > 0;
    write(this.#empty, all === 0 ? text('sites_none_yet') : text('sites_none_fits'));
    write(this.#told, words.length > 0 || health !== '' ? text('sites_shown', shown, all) : '');
  }

  /** Sums over all sites, whatever is shown. */
  sum(wall) {
    const sums = { all: 0, problems: 0, calls: 0 };
    for (const tile of this.#list.children) {
      const { health, calls, states } = knownOf(tile);
      sums.all++;
      sums[`health-${health}`] = (sums[`health-${health}`] ?? 0) + 1;
      if (isProblem(health)) sums.problems++;
      sums.calls += calls;
      for (const state in states) sums[`status-${state}`] = (sums[`status-${state}`] ?? 0) + states[state];
    }
    for (const element of wall.querySelectorAll('[data-sum]')) {
      const sum = sums[element.dataset.sum] ?? 0;
      write(element, String(sum));
      mark(element.parentElement, 'data-none', sum === 0 ? '' : null);
    }
  }

  #fits(known, words, health) {
    return (health === '' || (health === 'problems' ? isProblem(known.health) : known.health === health)) && words.every(word => known.words.includes(word));
  }

  #remember() {
    const address = new URL(location.href);
    for (const name of ['q', 'health']) {
      const { value } = this.#form.elements[name];
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, '', address);
  }

  #firstShown() { return this.#list.querySelector('li:not([hidden]) a'); }

  #press(pressed) {
    const search = this.#form.elements.q;
    if (pressed.key === '/' && !pressed.target.closest('input, select, textarea')) {
      pressed.preventDefault();
      search.focus();
    } else if (pressed.key === 'Escape' && pressed.target === search) {
      search.value = '';
      this.#remember();
      this.apply();
    } else if (pressed.key === 'ArrowDown' && pressed.target === search) {
      pressed.preventDefault();
      this.#firstShown()?.focus();
    }
  }
}
