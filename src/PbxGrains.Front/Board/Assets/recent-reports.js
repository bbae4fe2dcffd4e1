// <recent-reports data-site>: the last reports of the PBX as they came, read only while somebody looks at them.
import { get } from './api.js';
import { make, makeTime, part, write } from './parts.js';
import { Rereading } from './rereading.js';
import { follow } from './stream.js';
import { text, textOf } from './texts.js';

const now = 15_000;

class RecentReports extends HTMLElement {
  #reading = null;
  #shown = null;

  connectedCallback() {
    const button = this.querySelector('[data-act=show]');
    const reports = part(this, 'reports');
    button.addEventListener('click', () => {
      reports.hidden = !reports.hidden;
      button.setAttribute('aria-expanded', String(!reports.hidden));
      write(button, text(reports.hidden ? 'site_show_reports' : 'site_hide_reports'));
      this.#reading ??= new Rereading(() => this.#read(), now);
      this.#reading.soon();
    });
    follow({ events: events => { if (!reports.hidden && events.some(event => event.site === this.dataset.site)) this.#reading.soon(); } });
  }

  async #read() {
    if (part(this, 'reports').hidden) return;
    const { since, reports } = await get(`/api/pbx/sites/${encodeURIComponent(this.dataset.site)}/reports`);
    const place = `${since} ${reports.length} ${reports[0]?.receivedAt} ${reports[0]?.body}`;
    if (place === this.#shown) return;
    this.#shown = place;
    const open = new Set([...this.querySelectorAll('details[open]')].map(report => report.dataset.at));
    const told = make('p', undefined, 'quiet');
    const [before, after] = text(reports.length === 0 ? 'site_no_reports' : 'site_reports_since', '\u0000').split('\u0000');
    told.append(before, makeTime('local-time', since), after);
    part(this, 'reports').replaceChildren(told, ...reports.map(report => show(report, open)));
  }
}

function show(report, open) {
  const element = make('details', undefined, 'report');
  element.dataset.at = report.receivedAt;
  element.open = open.has(report.receivedAt);
  const summary = make('summary');
  summary.append(makeTime('local-time', report.receivedAt), ' ', make('span', textOf('ReportKind', report.kind)));
  if (report.receipt !== 'taken') summary.append(' ', make('b', textOf('Receipt', report.receipt)));
  if (report.sourceAddress) summary.append(' ', make('span', text('site_report_from', report.sourceAddress), 'quiet'));
  const raw = make('pre', report.body);
  raw.tabIndex = 0;
  element.append(summary, raw);
  if (report.cut) element.append(make('p', text('site_report_cut'), 'quiet'));
  return element;
}

customElements.define('recent-reports', RecentReports);
