/** Draws a specification. The only file that knows G2; loaded when the first chart is shown. */
import { Chart as G2Chart, type G2Spec } from '@antv/g2';
import { useEffect, useRef } from 'react';
import type { Spec } from './chart-spec.ts';
import type { TooltipLine } from './chart-spec-parts.ts';
import { palette } from './palette.ts';

export interface ChartProps {
  spec: Spec;
  height: number;
  /** Said in place of the picture. */
  label: string;
  dark: boolean;
  /** A mark was clicked: the row it stands for. */
  onPick?: (row: { [column: string]: unknown }) => void;
  /** Gives a function that makes the picture as it is drawn now. */
  onReady?: (picture: (() => HTMLCanvasElement | null) | null) => void;
}

export default function Chart({ spec, height, label, dark, onPick, onReady }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const ready = useRef(onReady);
  ready.current = onReady;

  useEffect(() => {
    const container = box.current;
    if (!container) return;
    const chart = new G2Chart({ container, autoFit: true, height });
    chart.options(themed(spec, dark) as G2Spec);
    chart.on('element:click', (event: { data?: { data?: { $row?: { [column: string]: unknown } } } }) => {
      const row = event.data?.data?.$row;
      if (row) pick.current?.(row);
    });
    let gone = false;
    // Until it has come to rest: for whoever listens, prints or measures.
    container.setAttribute('aria-busy', 'true');
    chart.render().then(
      () => {
        if (gone) return;
        container.removeAttribute('aria-busy');
        ready.current?.(() => container.querySelector('canvas'));
      },
      // Destroyed before it was drawn.
      () => {},
    );
    return () => {
      gone = true;
      ready.current?.(null);
      chart.destroy();
    };
  }, [spec, dark, height]);

  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      className={onPick ? 'report-chart report-chart-pick' : 'report-chart'}
      style={{ height }}
    />
  );
}

function themed(spec: Spec, dark: boolean): Spec {
  const { ink, ground } = palette(dark);
  const interaction = (spec.interaction ?? {}) as Spec;
  const tooltip = interaction.tooltip as Spec | undefined;
  return {
    ...spec,
    theme: { type: dark ? 'classicDark' : 'classic', view: { viewFill: 'transparent' } },
    interaction: {
      ...interaction,
      tooltip: { ...tooltip, render: renderTooltip, css: tooltipCss(dark, { ink, ground }) },
    },
  };
}

/** Text nodes only: names in the data may look like HTML and must stay text. */
function renderTooltip(_event: unknown, { title, items }: { title?: string; items: TooltipLine[] }): HTMLElement {
  const box = document.createElement('div');
  const head = document.createElement('div');
  head.className = 'report-tip-title';
  head.textContent = title ?? '';
  if (title) box.append(head);
  const seen = new Set<string>();
  for (const { name, value, color } of items) {
    if (seen.has(`${name}\0${value}`)) continue;
    seen.add(`${name}\0${value}`);
    const line = document.createElement('div');
    line.className = 'report-tip-line';
    const dot = document.createElement('span');
    dot.className = 'report-tip-dot';
    if (color) dot.style.background = color;
    const left = document.createElement('span');
    left.textContent = name;
    const right = document.createElement('strong');
    right.textContent = value;
    line.append(dot, left, right);
    box.append(line);
  }
  return box;
}

function tooltipCss(dark: boolean, { ink, ground }: { ink: string; ground: string }) {
  return {
    '.g2-tooltip': {
      background: dark ? '#1d2521' : ground,
      color: ink,
      opacity: '1',
      'border-radius': '8px',
      'box-shadow': '0 6px 24px rgb(0 0 0 / 18%)',
      padding: '10px 12px',
      'font-family': 'inherit',
    },
  };
}
