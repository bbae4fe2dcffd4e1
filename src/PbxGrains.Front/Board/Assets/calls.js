// The history: says how many calls are new, and lets the reader decide when to look; nothing moves under his eyes.
import { get } from './api.js';
import { atMostEvery } from './fresh-page.js';
import { follow } from './stream.js';
import { text } from './texts.js';

const bar = document.querySelector('new-calls');

if (bar?.dataset.query) {
  const query = new URLSearchParams(bar.dataset.query);
  const shown = new Set([...document.querySelectorAll('[data-record]')].map(row => Number(row.dataset.record)));
  const count = async () => {
    // Asked of the API with the same filters: whether a record fits them is not for this script to know.
    const { items } = await get(`/api/pbx/cdrs?${query}`);
    const fresh = items.filter(record => !shown.has(record.recordId)).length;
    if (fresh > 0) tell(fresh, fresh >= Number(query.get('limit')));
  };
  const soon = atMostEvery(2000, () => count().catch(() => {}));
  follow({ events: events => { if (events.some(event => event.type === 'pbx.cdr.recorded')) soon(); }, gap: soon });
}

function tell(count, isMore) {
  let button = bar.querySelector('button');
  if (!button) {
    button = document.createElement('button');
    button.type = 'button';
    button.className = 'secondary';
    button.addEventListener('click', () => location.reload());
    bar.append(button);
  }
  button.textContent = isMore ? text('new_calls_many', count) : count === 1 ? text('new_call') : text('new_calls', count);
}

// Fields that are empty need not be in the address; an emptied start is meant, though: it stands for "from the beginning".
document.querySelector('form.call-filters')?.addEventListener('formdata', ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === '' && name !== 'from') formData.delete(name);
});
