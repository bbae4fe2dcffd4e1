// <checklist-view data-site>: runs the checklist and shows each item as it finishes.
import { sendForLines } from './api.js';
import './clock.js';
import { badge, mark, part, write } from './parts.js';
import { sentenceOf } from './problems.js';
import { language, text } from './texts.js';

const words = JSON.parse(document.getElementById('checklist-words').textContent);
const tones = { pass: 'good', warn: 'ring', fail: 'bad' };
const toneOf = verdict => tones[verdict] ?? 'none';

class ChecklistView extends HTMLElement {
  #address;
  #form;
  #button;

  connectedCallback() {
    this.#address = `/api/pbx/sites/${encodeURIComponent(this.dataset.site)}/checklist?lang=${language}`;
    this.#form = this.querySelector('#checklist-run');
    this.#button = this.querySelector('[data-act=run]');
    this.#form?.addEventListener('submit', submitted => { submitted.preventDefault(); this.#run(); });
  }

  async #run() {
    if (this.#button.getAttribute('aria-disabled')) return;
    mark(this.#button, 'aria-disabled', 'true');
    for (const item of this.querySelectorAll('[data-item]')) item.toggleAttribute('data-old', true);
    this.#tell(text('checklist_running', 0));
    let count = 0;
    let run = null;
    try {
      await sendForLines(this.#address, this.#wish(), line => {
        if (line.item) {
          this.#show(line.item);
          this.#tell(text('checklist_running', ++count));
        }
        run = line.run ?? run;
      });
      if (run) this.#conclude(run);
      else this.#tell(text('checklist_broken'), 'refusal');
    } catch (error) {
      this.#tell(sentenceOf(error), 'refusal');
    } finally {
      mark(this.#button, 'aria-disabled', null);
    }
  }

  #wish() {
    const { caller, callee } = this.#form.elements;
    return caller.value.trim() || callee.value.trim() ? { returnPath: { caller: caller.value.trim(), callee: callee.value.trim() } } : {};
  }

  #show(item) {
    const section = this.querySelector(`[data-section="${CSS.escape(item.section)}"]`);
    const list = section.querySelector('ul');
    let row = [...list.children].find(known => known.dataset.item === item.id);
    if (!row) {
      row = this.querySelector('template').content.firstElementChild.cloneNode(true);
      row.dataset.item = item.id;
      list.append(row);
    }
    row.removeAttribute('data-old');
    badge(part(row, 'verdict'), toneOf(item.verdict), words[`Verdict_${item.verdict}`] ?? item.verdict);
    write(part(row, 'title'), item.title);
    write(part(row, 'evidence'), item.evidence);
    write(part(row, 'remedy'), item.remedy ?? '');
    part(row, 'remedy').hidden = !item.remedy;
    section.hidden = false;
  }

  #conclude(run) {
    const order = new Map(run.items.map((item, place) => [item.id, place]));
    for (const item of run.items) this.#show(item);
    for (const section of this.querySelectorAll('[data-section]')) {
      const list = section.querySelector('ul');
      const rows = [...list.children].filter(row => order.has(row.dataset.item)).sort((a, b) => order.get(a.dataset.item) - order.get(b.dataset.item));
      list.replaceChildren(...rows);
      section.hidden = rows.length === 0;
    }
    badge(part(this, 'verdict'), run.brokenOff ? 'none' : toneOf(run.verdict), words[run.brokenOff ? 'Report_broken_off' : `Report_run_${run.verdict}`]);
    part(this, 'verdict').hidden = false;
    mark(part(this, 'at'), 'datetime', run.startedAt);
    write(part(this, 'counts'), Object.entries(run.counts).filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${words[`Verdict_${verdict}`]}`).join(' · '));
    part(this, 'last').hidden = false;
    part(this, 'never').hidden = true;
    part(this, 'report').hidden = false;
    this.#tell(text('checklist_done'));
  }

  #tell(sentence, look) {
    const told = part(this, 'told');
    write(told, sentence);
    told.classList.toggle('refusal', look === 'refusal');
  }
}

customElements.define('checklist-view', ChecklistView);
