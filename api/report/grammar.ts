/** The keys of a report's head and the values that some of them take, as the compiler reads them: offered to who writes one. */
import { ROLES } from '../contract.ts';
import type { ReportGrammar } from '../contract-reports.ts';
import { CHART_KINDS, DRILL_KEYS, PLACES } from './chart-schema.ts';
import { TEST_KEYS } from './checks-schema.ts';
import { COMPARED_WITH, EVENT_KEYS, EVENT_TAGS } from './comparison-schema.ts';
import { UNITS } from './metrics.ts';
import { PARAM_KEYS, PARAM_TYPES } from './param-schema.ts';
import { RUN_KEYS, RUN_MODES } from './run-schema.ts';
import { ACCESS_KEYS, COLUMN_KEYS, COLUMN_ROLES, LIMIT_KEYS, REPORT_KEYS } from './schema.ts';
import { AGAINST, EVERY, SIDES, STATUS_KEYS } from './status-schema.ts';

/** Some of many: days and months are counted as anybody likes. */
const PERIODS = [
  'last_7d',
  'last_28d',
  'last_90d',
  'last_12m',
  'this_month',
  'last_month',
  'this_year',
  'all',
  '$today',
];

export const GRAMMAR: ReportGrammar = {
  keys: REPORT_KEYS,
  inside: {
    params: PARAM_KEYS,
    columns: COLUMN_KEYS,
    chart: ['kind', ...PLACES],
    drill: DRILL_KEYS,
    status: STATUS_KEYS,
    tests: TEST_KEYS,
    events: EVENT_KEYS,
    run: RUN_KEYS,
    limits: LIMIT_KEYS,
    access: ACCESS_KEYS,
  },
  values: {
    role: COLUMN_ROLES,
    kind: CHART_KINDS,
    type: PARAM_TYPES,
    unit: UNITS,
    roles: ROLES,
    many: ['true'],
    hidden: ['true'],
    default: PERIODS,
    compare: COMPARED_WITH,
    tags: EVENT_TAGS,
    mode: RUN_MODES,
    ttl: ['15m', '1h', '24h'],
    against: AGAINST,
    side: SIDES,
    every: Object.keys(EVERY),
  },
  columns_in: [...PLACES, 'unique', 'not_null', 'pass'],
};
