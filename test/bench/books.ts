/** What the engine keeps for customers, and what waits to be worked in. */
export const BOOKS = [
  ...['inbox', 'points_accounts', 'points_lots', 'points_entries', 'points_allocations', 'decisions'],
  ...['tier_states', 'tier_stays', 'tier_changes'],
];
