// How the site does, above everything else on its page.
import { badge, make, mark, part, write } from './parts.js';
import { showCount } from './site-tile.js';
import { text, textOf, warningText } from './texts.js';
import { toneOfHealth } from './tones.js';

const sentences = JSON.parse(document.getElementById('sentences').textContent);

/** Shows a site as the API tells it. */
export function showHead(head, site) {
  const { status } = site;
  const health = status?.health ?? 'none';
  mark(head, 'data-health', health);
  write(part(head, 'name'), site.name);
  badge(part(head, 'health'), toneOfHealth(health), textOf('Health', health));
  mark(part(head, 'since'), 'datetime', status?.since);
  write(part(head, 'sentence'), status ? sentenceOf(status) : text('SiteReason_none'));
  for (const state of part(head, 'states').children) showCount(state, status?.extensions[state.dataset.status] ?? 0);
  mark(part(head, 'push'), 'data-push', status?.push ?? 'silent');
  write(part(head, 'push'), textOf('Push', status?.push ?? 'silent'));
  mark(part(head, 'confirmed'), 'datetime', status?.lastPollAt);
  mark(part(head, 'reported'), 'datetime', status?.lastReportAt);
  part(head, 'never').hidden = Boolean(status?.lastReportAt);
  write(part(head, 'address'), site.address);
  write(part(head, 'firmware'), site.firmware ?? '–');
  showWarnings(part(head, 'warnings'), status?.warnings ?? []);
  part(head, 'gone').hidden = true;
}

/** Says that the site is no longer registered. */
export function showGone(head) {
  const gone = part(head, 'gone');
  gone.hidden = false;
  write(gone, text('site_gone'));
}

function sentenceOf({ reason, detail }) {
  return detail ? `${sentences[reason]} (${detail.replace(/\.$/, '')})` : sentences[reason];
}

function showWarnings(list, warnings) {
  list.hidden = warnings.length === 0;
  const told = warnings.map(warningText);
  if (told.join('\n') === [...list.children].map(item => item.textContent).join('\n')) return;
  list.replaceChildren(...warnings.map(warning => {
    const item = make('li', warningText(warning));
    item.title = warning.message;
    return item;
  }));
}
