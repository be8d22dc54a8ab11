/** What the figures do not say by themselves, and how a page that is not ours comes to be measured. */
import { Button } from 'antd';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { ClickMap, ClickPages } from '../api/contract-clicks.ts';
import type { Drawn } from './heatmap-picture.tsx';
import type { HeatmapView } from './heatmap-view.ts';
import { count, tell } from './heatmap-words.ts';
import { listed } from './words.ts';

export function HeatmapNotes({
  map,
  measured,
  known,
  view,
  lang,
}: {
  map: ClickMap;
  measured: Drawn | null;
  known: ClickPages;
  view: HeatmapView;
  lang: Lang;
}) {
  const { places } = map;
  const absent = measured
    ? map.elements.filter(({ element, click_count }) => click_count > 0 && !measured.boxes.has(element))
    : [];
  const notes = [
    view.segment || view.tier ? tell(lang, 'people_note', { days: known.kept_days }) : null,
    places.hidden_count > 0 ? tell(lang, 'hidden', { count: count(lang, places.hidden_count) }) : null,
    places.summed ? tell(lang, 'summed') : null,
    places.known_from ? tell(lang, 'known_from', { days: known.kept_days, day: places.known_from }) : null,
    absent.length > 0
      ? tell(lang, 'absent', {
          names: listed(
            lang,
            absent.map((each) => (lang === 'zh' ? each.label : each.label_en)),
          ),
        })
      : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return (
    <ul className="heatmap-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

export function TrackerScript({ script, lang }: { script: string; lang: Lang }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(script).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <section className="heatmap-card heatmap-script">
      <p>{tell(lang, 'external')}</p>
      <code>{script}</code>
      <Button autoInsertSpace={false} size="small" onClick={copy}>
        {tell(lang, copied ? 'copied' : 'copy')}
      </Button>
    </section>
  );
}
