// Charts: counted anew while their span still runs, and as soon as another site or direction is chosen.
import './clock.js';
import { atMostEvery, refresh } from './fresh-page.js';
import { follow } from './stream.js';

const charts = document.querySelector('#charts[data-live]');
if (charts) {
  const soon = atMostEvery(charts.dataset.live * 1000, refresh);
  follow({ events: events => { if (events.some(event => event.type.startsWith('pbx.cdr.'))) soon(); }, gap: soon });
}

const form = document.querySelector('form.chart-filters');
form?.addEventListener('change', ({ target }) => { if (target.matches('select')) form.requestSubmit(); });
