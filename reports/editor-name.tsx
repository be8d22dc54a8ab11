/** Where a report is kept and under which name, until it has one; and what a save changes. */
import { Input, type InputRef, Select } from 'antd';
import type { Ref } from 'react';
import type { Lang } from '../api/contract.ts';
import type { EditorWorld } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { tell } from './editor-words.ts';
import { isName, type Writing } from './editor-writing.ts';

export function EditorName({
  writing: { slug, area, setArea, name, setName, note, setNote },
  areas,
  field,
  lang,
}: {
  writing: Writing;
  areas: EditorWorld['areas'];
  /** The input of the name. */
  field: Ref<InputRef>;
  lang: Lang;
}) {
  return (
    <div className="editor-name">
      {slug ? null : (
        <>
          <Select
            aria-label={tell(lang, 'area')}
            value={area}
            options={areas.map((each) => ({ value: each.name, label: pick(lang, each.label) }))}
            onChange={setArea}
            popupMatchSelectWidth={false}
          />
          <Input
            ref={field}
            aria-label={tell(lang, 'name')}
            placeholder={tell(lang, 'name_hint')}
            status={name && !isName(name) ? 'error' : ''}
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.target.value)}
          />
        </>
      )}
      <Input
        aria-label={tell(lang, 'note')}
        placeholder={tell(lang, 'note')}
        value={note}
        maxLength={200}
        onChange={(event) => setNote(event.target.value)}
      />
    </div>
  );
}
