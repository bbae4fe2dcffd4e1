// <site-wall>: a tile for each site. An event only says that a site has moved: what moved is read from the API, many sites
// at once, so that nothing drifts. Everything is read again slowly, since knowledge also ages without events.
import { get } from './api.js';
import './clock.js';
import { Rereading } from './rereading.js';
import { SiteFilter } from './site-filter.js';
import { SiteOrder } from './site-order.js';
import { adopt, forget, showSite } from './site-tile.js';
import { follow } from './stream.js';

const address = '/api/pbx/sites';
const mostAtOnce = 200;
const everything = 30_000;
const moving = /^pbx\.(site|extension|call)\./;

class SiteWall extends HTMLElement {
  #list;
  #tiles = new Map();
  #dirty = new Set();
  #filter;
  #order;
  #reading;
  #wantsAll = false;
  #readAllAt = performance.now();

  connectedCallback() {
    this.#list = this.querySelector('[data-part=tiles]');
    for (const tile of this.#list.children) {
      this.#tiles.set(tile.dataset.site, tile);
      adopt(tile);
    }
    this.#order = new SiteOrder(this.#list);
    this.#filter = new SiteFilter(this, this.#list);
    this.#reading = new Rereading(() => this.#read(), everything);
    this.#list.addEventListener('keydown', pressed => this.#walk(pressed));
    this.#changed();
    this.#order.want();
    let connectedBefore = false;
    follow({
      events: events => this.#hear(events),
      gap: () => this.#wantAll(),
      state: ({ state }) => {
        if (state !== 'connected') return;
        if (connectedBefore) this.#wantAll();
        connectedBefore = true;
      },
    });
  }

  #wantAll() {
    this.#wantsAll = true;
    this.#reading.now();
  }

  #hear(events) {
    for (const { type, site } of events) if (moving.test(type)) this.#dirty.add(site);
    if (this.#dirty.size > 0) this.#reading.soon();
  }

  // One after the other: an older answer never comes after a newer one.
  async #read() {
    if (this.#wantsAll || performance.now() - this.#readAllAt >= everything) await this.#readAll();
    else if (this.#dirty.size > 0) await this.#readDirty();
  }

  async #readDirty() {
    const asked = [...this.#dirty].slice(0, mostAtOnce);
    asked.forEach(site => this.#dirty.delete(site));
    try {
      const told = await get(`${address}?${asked.map(site => `site=${encodeURIComponent(site)}`).join('&')}`);
      told.forEach(site => this.#show(site));
      const found = new Set(told.map(site => site.siteId));
      asked.filter(site => !found.has(site)).forEach(site => this.#remove(site));
      this.#changed();
    } catch (error) {
      asked.forEach(site => this.#dirty.add(site));
      throw error;
    } finally {
      if (this.#dirty.size > 0) this.#reading.soon();
    }
  }

  async #readAll() {
    this.#dirty.clear();
    const told = await get(address);
    this.#wantsAll = false;
    this.#readAllAt = performance.now();
    told.forEach(site => this.#show(site));
    const found = new Set(told.map(site => site.siteId));
    [...this.#tiles.keys()].filter(site => !found.has(site)).forEach(site => this.#remove(site));
    this.#changed();
  }

  #show(site) {
    let tile = this.#tiles.get(site.siteId);
    if (!tile) {
      tile = this.querySelector('template').content.firstElementChild.cloneNode(true);
      this.#tiles.set(site.siteId, tile);
      this.#list.append(tile);
    }
    if (showSite(tile, site)) this.#order.want();
  }

  #remove(site) {
    const tile = this.#tiles.get(site);
    if (!tile) return;
    this.#tiles.delete(site);
    tile.remove();
    forget(tile);
  }

  #changed() {
    this.#filter.apply();
    this.#filter.sum(this);
  }

  // Arrows lead from tile to tile, as the eye does.
  #walk(pressed) {
    const here = pressed.target.closest('li.tile');
    if (!here || pressed.altKey || pressed.ctrlKey || pressed.metaKey) return;
    const shown = [...this.#list.children].filter(tile => !tile.hidden);
    const columns = shown.filter(tile => tile.offsetTop === shown[0].offsetTop).length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[pressed.key];
    if (!step) return;
    pressed.preventDefault();
    shown[shown.indexOf(here) + step]?.querySelector('a').focus();
  }
}

customElements.define('site-wall', SiteWall);
