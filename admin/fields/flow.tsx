import './flow.css';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Field, Json } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { FieldCell } from './cell.tsx';
import { type Edge, edgesOf, type FlowStep } from './flow-edges.ts';

const ROW = 76;
const BOX = 300;
const BOX_LEAST = 170;
const LANE = 26;
/** Where the window is narrow the arrows at the side stand closer. */
const LANE_LEAST = 14;
/** What the picture says by itself, or at its arrows. */
const SAID = ['code', 'name', 'name_en', 'kind', 'yes_step', 'no_step', 'next_step', 'note', 'wait_kind', 'asks'];
const SHORT = ['integer', 'text', 'choice', 'rate', 'predicate', 'points', 'decimal'];

/** Steps that lead to each other, as a picture: from the top down, what leads elsewhere at the side. */
export function FlowPicture({ field, steps }: { field: Field & { kind: 'items' }; steps: readonly FlowStep[] }) {
  const { t, say, lang } = useLang();
  const edges = edgesOf(steps);
  const lanes = Math.max(0, ...edges.map((edge) => edge.lane + 1));
  const frame = useRef<HTMLElement>(null);
  const room = useRoom(frame);
  const lane = room < BOX + 32 + lanes * LANE ? LANE_LEAST : LANE;
  const box = Math.max(BOX_LEAST, Math.min(BOX, room - 32 - lanes * lane));
  const width = box + 24 + lanes * lane + 8;
  const across = { box, lane };
  const height = (steps.length + 1) * ROW;
  const labels: { [way: string]: string } = { yes: t('flow.yes'), no: t('flow.no') };
  const kinds = field.fields.kind?.kind === 'choice' ? field.fields.kind.choices : {};
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where the window is narrow, by keyboard too.
    <section ref={frame} className="flow-scroll" tabIndex={0} aria-label={t('flow.title', { label: say(field.label) })}>
      <div className="flow" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          <title>{t('flow.title', { label: say(field.label) })}</title>
          <defs>
            <marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {edges.map((edge) => (
            <g key={`${edge.from} ${edge.way}`} className={`flow-${edge.way}`}>
              <path d={line(edge, across)} markerEnd="url(#flow-arrow)" />
              {labels[edge.way] ? <text {...place(edge, across)}>{labels[edge.way]}</text> : null}
            </g>
          ))}
        </svg>
        <ol>
          {steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is what the record says.
            <li key={at} className={`flow-step flow-kind-${String(step.kind)}`} style={{ top: at * ROW, width: box }}>
              <strong>
                {at + 1}. {String((lang === 'en' ? step.name_en : step.name) ?? step.name ?? step.code ?? '')}
              </strong>
              <span className="muted">
                {kinds[String(step.kind)] ? say(kinds[String(step.kind)]!) : String(step.kind ?? '')}
                {details(field, step).map(([name, part]) => (
                  <span key={name}>
                    {' · '}
                    <FieldCell field={part} value={step[name] as Json} />
                    {part.kind === 'integer' ? ` ${say(part.label)}` : null}
                  </span>
                ))}
              </span>
            </li>
          ))}
          <li className="flow-step flow-end" style={{ top: steps.length * ROW, width: box }}>
            {t('flow.end')}
          </li>
        </ol>
      </div>
    </section>
  );
}

function details(field: Field & { kind: 'items' }, step: FlowStep): [string, Field][] {
  return Object.entries(field.fields)
    .filter(([name, part]) => !SAID.includes(name) && SHORT.includes(part.kind))
    .filter(([name]) => step[name] !== null && step[name] !== undefined && step[name] !== '')
    .slice(0, 2);
}

const bottom = (at: number) => at * ROW + ROW - 20;
const middle = (at: number) => at * ROW + (ROW - 20) / 2;

interface Across {
  box: number;
  lane: number;
}

/** Straight to the one below, else out at the side, along a lane of its own and in again. */
function line({ from, to, lane: number }: Edge, { box, lane }: Across): string {
  if (number < 0) return `M ${box / 2} ${bottom(from)} V ${to * ROW - 2}`;
  const x = box + 20 + number * lane;
  return `M ${box} ${middle(from) + 8} H ${x - 6} q 6 0 6 ${to > from ? 6 : -6} V ${middle(to) - 8 + (to > from ? -6 : 6)} q 0 ${to > from ? 6 : -6} -6 ${to > from ? 6 : -6} H ${box + 4}`;
}

function place({ from, lane }: Edge, { box }: Across): { x: number; y: number } {
  return lane < 0 ? { x: box / 2 + 8, y: bottom(from) + 14 } : { x: box + 5, y: middle(from) + 4 };
}

/** How wide the picture may be, within its padding; all it wants until that is known. */
function useRoom(frame: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setRoom(element.clientWidth - 8);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return room;
}
