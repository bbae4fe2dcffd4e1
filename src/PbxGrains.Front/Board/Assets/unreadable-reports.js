// <unreadable-reports data-site>: reports of the PBX that could not be read, as they came.
import { get } from './api.js';
import { make, makeTime, part, write } from './parts.js';
import { Rereading } from './rereading.js';
import { follow } from './stream.js';
import { text } from './texts.js';

const now = 60_000;

class UnreadableReports extends HTMLElement {
  #shown = null;

  connectedCallback() {
    const reading = new Rereading(() => this.#read(), now);
    reading.soon();
    follow({
      events: events => { if (events.some(event => event.site === this.dataset.site && event.type === 'pbx.site.warning')) reading.soon(); },
      gap: () => reading.soon(),
    });
  }

  async #read() {
    const reports = await get(`/api/pbx/sites/${encodeURIComponent(this.dataset.site)}/reports/unreadable`);
    const ids = reports.map(report => report.id).join();
    if (ids === this.#shown) return;
    this.#shown = ids;
    write(part(this, 'count'), reports.length === 0 ? '' : String(reports.length));
    const open = new Set([...this.querySelectorAll('details[open]')].map(report => report.dataset.id));
    part(this, 'reports').replaceChildren(...reports.length === 0 ? [make('p', text('site_no_unreadable'), 'quiet')] : reports.map(report => show(report, open)));
  }
}

function show(report, open) {
  const element = make('details', undefined, 'report');
  element.dataset.id = report.id;
  element.open = open.has(String(report.id));
  const summary = make('summary');
  summary.append(makeTime('local-time', report.receivedAt), ' ', make('span', report.reason));
  if (report.sourceAddress) summary.append(' ', make('span', text('site_report_from', report.sourceAddress), 'quiet'));
  const raw = make('pre', report.bodyText);
  raw.tabIndex = 0;
  element.append(summary, raw);
  return element;
}

customElements.define('unreadable-reports', UnreadableReports);
