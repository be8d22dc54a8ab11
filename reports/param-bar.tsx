/** What a report or a board asks for, as controls in one line. Values are the address's texts; the server resolves and checks them. */
import { useId } from 'react';
import type { Json, Lang } from '../api/contract.ts';
import type { ReportDefinition, ReportParam } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { Control, type ParamProps } from './param-control.tsx';
import { listed, say, told } from './words.ts';

export interface AskedParam {
  name: string;
  param: ReportParam;
  /** The report that knows what there is to choose. */
  slug: string;
  /** Said where nothing is chosen, instead of "all". */
  unset?: string;
}

export interface ParamBarProps {
  params: readonly AskedParam[];
  lang: Lang;
  /** What the address says: no entry means the default. */
  chosen: { [name: string]: string[] };
  /** What the last run resolved. */
  resolved: { [name: string]: Json };
  onChange(name: string, values: string[] | null): void;
  onReset(): void;
}

export function paramsOf({ slug, params }: ReportDefinition): AskedParam[] {
  return Object.entries(params).map(([name, param]) => ({ name, param, slug }));
}

export function ParamBar({ params, lang, chosen, resolved, onChange, onReset }: ParamBarProps) {
  if (params.length === 0) return null;
  return (
    <>
      <p className="print-only">{params.map((each) => asked(each, { chosen, resolved, lang })).join(' · ')}</p>
      <div className="report-params">
        {params.map((each) => (
          <Param
            key={each.name}
            {...each}
            lang={lang}
            texts={chosen[each.name] ?? null}
            resolved={resolved[each.name] ?? null}
            onChange={(values) => onChange(each.name, values)}
          />
        ))}
        {Object.keys(chosen).length > 0 ? (
          <button type="button" className="report-link" onClick={onReset}>
            {say(lang, 'reset')}
          </button>
        ) : null}
      </div>
    </>
  );
}

/** On paper: "渠道：线上". */
function asked(
  { name, param, unset }: AskedParam,
  { chosen, resolved, lang }: Pick<ParamBarProps, 'chosen' | 'resolved' | 'lang'>,
): string {
  const values = [resolved[name] ?? chosen[name] ?? null].flat().filter((value) => value !== null);
  const shown = values.map((value) => {
    const label = param.labels?.[String(value)];
    if (label) return pick(lang, label);
    return value === 'all' ? say(lang, 'all') : String(value).replace('..', ' – ');
  });
  return told(lang, param.label ? pick(lang, param.label) : name, listed(lang, shown) || (unset ?? say(lang, 'all')));
}

function Param(props: ParamProps) {
  const { name, param, lang } = props;
  const id = useId();
  const label = param.label ? pick(lang, param.label) : name;
  return (
    <div className="report-param">
      <label htmlFor={id}>{label}</label>
      <Control {...props} id={id} label={label} />
    </div>
  );
}
