/** Line icons on a 20 x 20 grid. A name that is not drawn here gets the plain sheet: a definition may name any icon. */
const PATHS: { [name: string]: string } = {
  add: 'M10 4v12M4 10h12',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  board: 'M3.5 4h3.700v12H3.500zM8.200 4h3.700v8H8.200zM12.800 4h3.700v10h-3.700z',
  bookmark: 'M5.5 3.5h9v13L10 13.3 5.5 16.5z',
  box: 'M10 2.8 16.5 6v8L10 17.2 3.5 14V6zM3.5 6 10 9.3 16.5 6M10 9.3v7.9',
  bag: 'M4.5 7h11l.8 9.5H3.7zM7.2 9V6.2c0-3.6 5.6-3.6 5.6 0V9',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5',
  cart: 'M2.8 3.5h2l1.9 9h8.4l1.6-6.5H5.4M8 16.2a.6.6 0 1 0 0 .1M14 16.2a.6.6 0 1 0 0 .1',
  chart: 'M3.5 16.5h13M5.5 13.5v-4M10 13.5V4.5M14.5 13.5v-6.5',
  check: 'M4 10.5 8 14.5 16 5.5',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.8',
  close: 'M5 5l10 10M15 5 5 15',
  columns: 'M3.5 4h13v12h-13zM8 4v12M12.3 4v12',
  crown: 'M3.5 15.5h13M3.5 12.8 3 6l4 3 3-5 3 5 4-3-.5 6.8z',
  dashboard: 'M3.5 3.5h5.5v7h-5.5zM11 3.5h5.5v4H11zM11 9.5h5.5v7H11zM3.5 12.5h5.5v4h-5.5z',
  delete: 'M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5',
  desktop: 'M3 4h14v9.5H3zM7.5 16.5h5M10 13.5v3',
  down: 'M5 7.5l5 5 5-5',
  download: 'M10 3.5v9M6 9l4 4 4-4M3.5 16.5h13',
  drag: 'M7.5 5h.01M12.5 5h.01M7.5 10h.01M12.5 10h.01M7.5 15h.01M12.5 15h.01',
  copy: 'M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7',
  eye: 'M2.500 10S5.300 5 10 5s7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5zM10 7.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z',
  edit: 'M12.8 4.2l3 3L7 16H4v-3zM11 6l3 3',
  external: 'M11.5 3.5h5v5M16.5 3.5 9 11M14.5 11.5v5h-11v-11h5',
  filter: 'M3 4.5h14l-5.4 6.4v4.6l-3.2-1.6v-3z',
  gift: 'M3.5 7.5h13v3h-13zM4.8 10.5h10.4v6H4.8zM10 7.5v9M10 7.5C7 7.5 6 6.3 6.3 5S8.8 3.7 10 7.5c1.2-3.8 3.4-3.8 3.7-2.5S13 7.5 10 7.5z',
  globe: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c2.5 2 2.5 12 0 14M10 3c-2.5 2-2.5 12 0 14',
  help: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM8 8.2c0-2.8 4.2-2.5 4.2 0 0 1.7-2.2 1.6-2.2 3.3M10 14h.01',
  history: 'M3.5 10a6.5 6.5 0 1 0 2-4.7M3.5 3.5v3h3M10 6.5v3.8l2.7 1.5',
  home: 'M3.5 9.5 10 3.8l6.5 5.7M5.3 8.5v8h9.4v-8M8.3 16.5v-4.5h3.4v4.5',
  info: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9.2v4.3M10 6.5h.01',
  key: 'M13 3.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10.5 9.5 3.5 16.5M6 14l2 2M3.5 16.5h1',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M7 11.7h6',
  layers: 'M10 3.5 17 7l-7 3.5L3 7zM3 10.2l7 3.5 7-3.5M3 13.3l7 3.5 7-3.5',
  left: 'M12 4.5 6.5 10l5.5 5.5',
  link: 'M8.3 11.7a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2l-1 1M11.7 8.3a3 3 0 0 0-4.2 0L4.900 10.9a3 3 0 0 0 4.2 4.2l1-1',
  list: 'M7 5.5h9.5M7 10h9.5M7 14.5h9.5M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01',
  lock: 'M5 9h10v7.5H5zM7 9V6.5c0-4 6-4 6 0V9',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  message: 'M3.5 4.5h13v9H9l-3.5 3v-3h-2z',
  moon: 'M15.8 11.6A6.3 6.3 0 0 1 8.4 4.2a6.3 6.3 0 1 0 7.4 7.4z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  receipt: 'M5 3.5h10v13l-2-1.3-1.5 1.3-1.5-1.3-1.5 1.3-1.5-1.3-2 1.3zM7.5 7.5h5M7.5 10.5h5',
  repeat: 'M5.5 13.5h8a3 3 0 0 0 3-3V9M14.5 6.500h-8a3 3 0 0 0-3 3V11M7.500 11.5l-2 2 2 2M12.5 4.5l2 2-2 2',
  refresh: 'M16.5 10a6.5 6.5 0 1 1-2-4.7M16.5 3.5v3h-3',
  right: 'M8 4.5 13.5 10 8 15.5',
  rows: 'M3.5 4.5h13M3.5 8.2h13M3.5 11.9h13M3.5 15.6h13',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l3.7 3.7',
  segments: 'M10 3v7l6 3.5M10 3a7 7 0 1 0 6 10.5M12.5 3.5a7 7 0 0 1 4.4 7.5L12.5 8.8z',
  settings:
    'M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM7.5 12a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  sheet: 'M5 3h7l3.5 3.5V17H5zM12 3v3.5h3.5',
  'sign-out': 'M11.5 6V3.5h-8v13h8V14M8 10h9M14.3 7.3 17 10l-2.7 2.7',
  sort: 'M6.5 4v12M3.5 13l3 3 3-3M13.5 16V4M10.5 7l3-3 3 3',
  star: 'm10 3 2.1 4.7 5 .6-3.7 3.4 1 5L10 14.2l-4.4 2.5 1-5L2.9 8.3l5-.6z',
  sun: 'M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM10 2.5v1.8M10 15.7v1.8M2.5 10h1.8M15.7 10h1.8M4.7 4.7l1.3 1.3M14 14l1.3 1.3M4.7 15.3 6 14M14 6l1.3-1.3',
  shield: 'M10 2.8 16 5v4.500c0 3.800-2.500 6.400-6 7.700-3.500-1.300-6-3.900-6-7.700V5zM7.300 9.900l2 2 3.600-3.800',
  flag: 'M5 17V3.500h10l-2.500 3.500 2.500 3.500H5',
  bolt: 'M11 3 4.500 11.500H9.500L8.500 17 15.500 8.500H10.500z',
  mail: 'M3 5h14v10.500H3zM3.300 5.500 10 11l6.700-5.500',
  plug: 'M7 3.500v4M13 3.500v4M5 7.500h10v2a5 5 0 0 1-10 0zM10 14.500V17',
  percent:
    'M5 15 15 5M6.300 4.500a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600zM13.700 11.900a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600z',
  stop: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.200 5.200l9.600 9.600',
  stack: 'M10 3.500 17 7l-7 3.500L3 7zM3 10.500 10 14l7-3.500M3 14l7 3.500 7-3.500',
  swap: 'M4 7h11.500M12.500 4l3 3-3 3M16 13H4.500M7.500 10l-3 3 3 3',
  wallet:
    'M3.500 6h11.500a1.500 1.500 0 0 1 1.500 1.500v7a1.500 1.500 0 0 1-1.500 1.500H3.500zM3.500 6V4.500L13 4v2M13.200 11h.01',
  tag: 'M3.5 3.5h6.5l6.5 6.5-6.5 6.5L3.5 10zM7 7h.01',
  task: 'M3.5 3.5h13v13h-13zM6.5 10.2l2.5 2.5 4.5-5',
  tree: 'M4 3.5h5v3.500H4zM11.500 8.500h5V12h-5zM11.500 13.500h5V17h-5zM6 7v8.300h5.500M6 10.300h5.500',
  undo: 'M7 4 3.5 7.5 7 11M3.5 7.5h8a4.5 4.5 0 0 1 0 9H7',
  up: 'M5 12.5l5-5 5 5',
  upload: 'M10 13V4M6 8l4-4 4 4M3.5 16.5h13',
  user: 'M10 3.5a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM3.8 16.5c.600-5.2 11.8-5.2 12.4 0',
  users:
    'M7.5 4a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM2.5 15.8c.400-4.7 9.6-4.7 10 0M13 4.2a2.7 2.7 0 0 1 0 5.2M14.5 11.5c1.8.5 2.9 1.9 3 4.3',
  warning: 'M10 3.5 17.5 16.5h-15zM10 8.2v4M10 14.3h.01',
};
const SAME: { [name: string]: string } = {
  customer: 'user',
  customers: 'users',
  team: 'users',
  shopping: 'bag',
  product: 'box',
  products: 'box',
  order: 'receipt',
  orders: 'receipt',
  segment: 'segments',
  branches: 'layers',
  cluster: 'segments',
  appstore: 'dashboard',
  pie: 'segments',
  setting: 'settings',
  job: 'clock',
  jobs: 'clock',
  schedule: 'clock',
  play: 'right',
  'shopping-cart': 'cart',
  shopping_cart: 'cart',
  rollback: 'undo',
  audit: 'history',
  tags: 'tag',
  percentage: 'percent',
  database: 'stack',
  inbox: 'stack',
  thunderbolt: 'bolt',
  api: 'plug',
  form: 'message',
  'line-chart': 'chart',
};

/** Whether there is a picture for the name; without one a sheet stands for it. */
export const isIcon = (name: string): boolean => PATHS[SAME[name] ?? name] !== undefined;

export function Icon({ name, size = 16 }: { name: string; size?: number }) {
  const path = PATHS[name] ?? PATHS[SAME[name] ?? ''] ?? PATHS.sheet;
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'drag' || name === 'more' || name === 'list' ? 2 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}
