// The extensions of a site. An event carries the whole state of its extension, so that hearing it twice does no harm.
import { badge, mark, part, write } from './parts.js';
import { searchable } from './site-tile.js';
import { text, textOf } from './texts.js';
import { toneOfStatus } from './tones.js';

export class Phones {
  #view;
  #list;
  #cells = new Map();
  #heard = new Map();

  /** @param {HTMLElement} view the site's page */
  constructor(view) {
    this.#view = view;
    this.#list = part(view, 'phones');
    for (const cell of this.#list.children) this.#cells.set(cell.dataset.number, cell);
    part(view, 'phone-search').addEventListener('input', () => this.#filter());
  }

  get numbers() { return this.#cells; }

  /** Number and name, for people. */
  label(number) {
    const name = this.#cells.has(number) ? part(this.#cells.get(number), 'name').textContent : '';
    return name && name !== number ? `${number} ${name}` : number;
  }

  /** An event says what an extension does. Returns false when it names an agent that is not shown yet. */
  hear(told) {
    const number = told.extension;
    this.#heard.set(number, performance.now());
    this.#show(number, { ...told, lastKnownStatus: null });
    return (told.agentId ?? null) === (this.#cells.get(number).dataset.agent ?? null);
  }

  /** The API told of all extensions; what was heard since it was asked is newer. */
  adopt(extensions, askedAt) {
    for (const extension of extensions) {
      if ((this.#heard.get(extension.number) ?? 0) < askedAt) this.#show(extension.number, extension);
    }
    const known = new Set(extensions.map(extension => extension.number));
    for (const [number, cell] of this.#cells) {
      if (known.has(number) || (this.#heard.get(number) ?? 0) >= askedAt) continue;
      this.#cells.delete(number);
      cell.remove();
    }
    this.#count();
  }

  /** Who has which extension. */
  adoptAgents(agents) {
    const agentOf = new Map(agents.map(agent => [agent.extension, agent]));
    for (const [number, cell] of this.#cells) {
      const agent = agentOf.get(number);
      mark(cell, 'data-agent', agent?.id);
      part(cell, 'agent-line').hidden = !agent;
      write(part(cell, 'agent'), agent?.name ?? agent?.id ?? '');
    }
  }

  #show(number, told) {
    const cell = this.#cells.get(number) ?? this.#add(number);
    mark(cell, 'data-tone', toneOfStatus(told.status));
    badge(part(cell, 'status'), toneOfStatus(told.status), textOf('Status', told.status));
    write(part(cell, 'name'), told.name ?? '');
    part(cell, 'with-line').hidden = !told.talkingTo;
    write(part(cell, 'with'), told.talkingTo ?? '');
    part(cell, 'since-line').hidden = !told.since;
    mark(part(cell, 'since'), 'datetime', told.since);
    part(cell, 'last').hidden = !told.lastKnownStatus;
    write(part(cell, 'last'), told.lastKnownStatus ? text('site_last_known', textOf('Status', told.lastKnownStatus)) : '');
  }

  #add(number) {
    const cell = this.#view.querySelector('template[data-pattern=phone]').content.firstElementChild.cloneNode(true);
    cell.dataset.number = number;
    write(part(cell, 'number'), number);
    cell.querySelector('[data-act=dial]')?.setAttribute('aria-label', text('site_dial_from', number));
    const next = [...this.#list.children].find(other => other.dataset.number.localeCompare(number, undefined, { numeric: true }) > 0);
    this.#list.insertBefore(cell, next ?? null);
    this.#cells.set(number, cell);
    this.#count();
    return cell;
  }

  #count() {
    write(part(this.#view, 'phone-count'), String(this.#cells.size));
    part(this.#view, 'no-phones').hidden = this.#cells.size > 0;
    this.#filter();
  }

  #filter() {
    const words = searchable(part(this.#view, 'phone-search').value).split(/\s+/).filter(Boolean);
    for (const [number, cell] of this.#cells) {
      const said = words.length === 0 ? '' : searchable(`${number} ${part(cell, 'name').textContent} ${part(cell, 'agent').textContent} ${part(cell, 'status').textContent}`);
      const hidden = !words.every(word => said.includes(word));
      if (cell.hidden !== hidden) cell.hidden = hidden;
    }
  }
}
