/** What the engine keeps for customers, and what waits to be worked in. */
export const BOOKS = [
  ...['inbox', 'points_accounts', 'points_lots', 'points_entries', 'points_allocations', 'decisions'],
  ...['tier_states', 'tier_stays', 'tier_changes'],
];

/** What it lays out for a run and clears at its end. */
export const WORKINGS = [
  'engine_turns',
  'engine_rules',
  'engine_tiers',
  'engine_criteria',
  'engine_lines',
  'engine_runs',
];
