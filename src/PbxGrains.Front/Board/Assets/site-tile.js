// One site's tile on the wall.
import { badge, mark, part, write } from './parts.js';
import { text, textOf, warningText } from './texts.js';
import { toneOfHealth } from './tones.js';

const plain = words => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const knowing = new Map();

/** What a tile says of its site, for order, search and sums. */
export const knownOf = tile => knowing.get(tile.dataset.site);

/** What a reader searches for, without accents and case. */
export const searchable = plain;

export function forget(tile) { knowing.delete(tile.dataset.site); }

/** Reads what the server wrote. */
export function adopt(tile) {
  const states = {};
  for (const state of part(tile, 'states').children) states[state.dataset.status] = Number(state.dataset.count);
  learn(tile, tile.dataset.health, part(tile, 'name').textContent, tile.dataset.address, Number(part(tile, 'calls').textContent) || 0, states);
}

/** Shows a site as the API tells it. Returns true when its place in the order may be another one now. */
export function showSite(tile, site) {
  const { status } = site;
  const health = status?.health ?? 'none';
  mark(tile, 'data-site', site.siteId);
  mark(tile, 'data-health', health);
  mark(tile, 'data-address', site.address);
  mark(part(tile, 'link'), 'href', `/sites/${encodeURIComponent(site.siteId)}`);
  write(part(tile, 'name'), site.name);
  badge(part(tile, 'health'), toneOfHealth(health), textOf('Health', health));
  write(part(tile, 'reason'), status ? textOf('SiteReason', status.reason) : text('SiteReason_none'));
  mark(part(tile, 'reason'), 'title', status?.message);
  part(tile, 'since-line').hidden = !status || health === 'online';
  mark(part(tile, 'since'), 'datetime', status && health !== 'online' ? status.since : null);
  for (const state of part(tile, 'states').children) showCount(state, status?.extensions[state.dataset.status] ?? 0);
  write(part(tile, 'calls'), String(status?.runningCalls ?? 0));
  mark(part(tile, 'push'), 'data-push', status?.push ?? 'silent');
  write(part(tile, 'push'), textOf('Push', status?.push ?? 'silent'));
  mark(part(tile, 'confirmed'), 'datetime', status?.lastPollAt);
  showWarnings(part(tile, 'warnings'), status?.warnings ?? []);
  return learn(tile, health, site.name, site.address, status?.runningCalls ?? 0, status?.extensions ?? {});
}

/** Shows how many extensions are in a state; nothing for none. */
export function showCount(state, count) {
  mark(state, 'data-count', count);
  state.hidden = count === 0;
  write(state.firstElementChild, String(count));
  write(state.lastElementChild, textOf(count < 2 ? 'StatusOne' : 'StatusMany', state.dataset.status));
}

function showWarnings(element, warnings) {
  element.hidden = warnings.length === 0;
  write(element, warnings.length === 0 ? '' : text('sites_warnings', warnings.length));
  mark(element, 'title', warnings.length === 0 ? null : warnings.map(warningText).join('\n'));
}

function learn(tile, health, name, address, calls, states) {
  const before = knowing.get(tile.dataset.site);
  knowing.set(tile.dataset.site, { health, name, calls, states, words: plain(`${name} ${tile.dataset.site} ${address}`) });
  return before?.health !== health || before.name !== name;
}
