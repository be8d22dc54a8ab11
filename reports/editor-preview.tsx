/** Beside the text: what it draws, with its parameters; the last picture stays while the text is wrong. */
import { Alert, Empty, Segmented, Skeleton, Spin } from 'antd';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { ReportCheck, ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader } from './cell-value.ts';
import { tell } from './editor-words.ts';
import { ParamBar, paramsOf } from './param-bar.tsx';
import { GivenChoices } from './param-control.tsx';
import { Body } from './report-body.tsx';
import { say } from './words.ts';

/** What was drawn last. */
export interface Picture {
  definition: ReportDefinition;
  result: ReportResult;
  choices: ReportCheck['choices'];
}

export function EditorPreview({
  picture,
  wrong,
  busy,
  reader,
  dark,
  chosen,
  onChoose,
}: {
  picture: Picture | null;
  /** The text has a mistake. */
  wrong: boolean;
  busy: boolean;
  reader: Reader;
  dark: boolean;
  chosen: { [name: string]: string[] };
  onChoose(chosen: { [name: string]: string[] }): void;
}) {
  const { lang } = reader;
  const [table, setTable] = useState(false);
  if (!picture) {
    return busy ? (
      <Skeleton active title={false} paragraph={{ rows: 7 }} />
    ) : (
      <Empty description={tell(lang, 'no_picture')} />
    );
  }
  const { definition, result, choices } = picture;
  const kept = Object.fromEntries(Object.entries(chosen).filter(([name]) => definition.params[name]));
  return (
    <div className="editor-picture">
      {wrong ? <Alert type="info" showIcon title={tell(lang, 'last_picture')} /> : null}
      <div className="editor-picture-head">
        <h2>{pick(lang, definition.title)}</h2>
        {definition.chart.kind === 'table' ? null : (
          <Segmented
            aria-label={say(lang, 'view')}
            size="small"
            value={table ? 'table' : 'chart'}
            options={[
              { value: 'chart', label: say(lang, 'chart') },
              { value: 'table', label: say(lang, 'table') },
            ]}
            onChange={(value) => setTable(value === 'table')}
          />
        )}
      </div>
      <GivenChoices value={choices}>
        <ParamBar
          params={paramsOf(definition)}
          lang={lang}
          chosen={kept}
          resolved={result.params}
          onChange={(name, values) => {
            const { [name]: _, ...others } = kept;
            onChoose(values ? { ...others, [name]: values } : others);
          }}
          onReset={() => onChoose({})}
        />
      </GivenChoices>
      {result.cut ? <Alert type="warning" showIcon title={say(lang, 'cut', { rows: result.rows.length })} /> : null}
      <Spin spinning={busy} delay={400}>
        <Body
          definition={definition}
          result={result}
          reader={reader}
          dark={dark}
          asTable={table || definition.chart.kind === 'table'}
          small
          onPicture={() => {}}
          onAll={() => onChoose({ ...kept, ...allOf(definition) })}
        />
      </Spin>
      <p className="report-foot">{footOf(result, lang)}</p>
    </div>
  );
}

function allOf({ params }: ReportDefinition): { [name: string]: string[] } {
  const ranges = Object.entries(params).filter(([, param]) => param.type === 'daterange');
  return Object.fromEntries(ranges.map(([name]) => [name, ['all']]));
}

function footOf({ rows, took_ms }: ReportResult, lang: Lang): string {
  return say(lang, 'rows', { rows: rows.length, ms: Math.round(took_ms) });
}
