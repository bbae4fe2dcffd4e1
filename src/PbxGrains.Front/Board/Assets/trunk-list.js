// <trunk-list data-site>: the trunks of a site. They are asked of the PBX itself, so not again and again by itself.
import { get } from './api.js';
import { badge, make, part } from './parts.js';
import { sentenceOf } from './problems.js';
import { text } from './texts.js';

class TrunkList extends HTMLElement {
  connectedCallback() {
    this.querySelector('[data-act=ask]').addEventListener('click', () => this.#ask());
    this.#ask();
  }

  async #ask() {
    const button = this.querySelector('[data-act=ask]');
    button.setAttribute('aria-disabled', 'true');
    try {
      this.#show(await get(`/api/pbx/sites/${encodeURIComponent(this.dataset.site)}/trunks`));
    } catch (error) {
      part(this, 'trunks').replaceChildren(make('p', sentenceOf(error), 'refusal'));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  #show(trunks) {
    if (trunks.length === 0) {
      part(this, 'trunks').replaceChildren(make('p', text('site_no_trunks'), 'quiet card'));
      return;
    }
    const list = make('ul', undefined, 'trunks card');
    list.append(...trunks.map(trunk => {
      const item = make('li');
      const state = make('span', undefined, 'badge');
      badge(state, trunk.usable === null ? 'none' : trunk.usable ? 'good' : 'bad', text(trunk.usable === null ? 'site_trunk_unsure' : trunk.usable ? 'site_trunk_up' : 'site_trunk_down'));
      item.append(make('b', trunk.name), make('span', [trunk.type, trunk.status].filter(Boolean).join(' · '), 'quiet'), state);
      return item;
    }));
    part(this, 'trunks').replaceChildren(list);
  }
}

customElements.define('trunk-list', TrunkList);
